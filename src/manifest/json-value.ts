/** A JSON object that stands somewhere in a text. */
export interface JsonValue {
  /** Undefined where it is nested too deeply. */
  readonly value: unknown;
  /** Where it ends in the text. */
  readonly end: number;
  /** How many keys are written in it, those that stand twice among them. */
  readonly keys: number;
}

/** No object of Kubernetes is nested more deeply. Also the limit of js-yaml. */
export const DEEPEST = 100;

/** Reads the JSON object that begins at a place of a text, as Go's decoder does, whatever follows it. Undefined where none begins there. */
export function jsonObjectAt(text: string, begin: number): JsonValue | undefined {
  if (text[begin] !== '{') return undefined;
  let depth = 0;
  let deepest = 0;
  let keys = 0;
  for (let at = begin; at < text.length; at++) {
    const c = text[at];
    if (c === '"') {
      at = stringEnd(text, at);
      if (at < 0) return undefined;
    } else if (c === ':') {
      keys++;
    } else if (c === '{' || c === '[') {
      deepest = Math.max(deepest, ++depth);
    } else if ((c === '}' || c === ']') && --depth === 0) {
      const end = at + 1;
      if (deepest > DEEPEST) return { value: undefined, end, keys };
      const value = parsed(text.slice(begin, end));
      return value && { value, end, keys };
    }
  }
  return undefined;
}

function parsed(text: string): object | undefined {
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined; // A flow collection of YAML looks alike.
  }
}

/** Where a string that begins at a quote ends; -1 where it does not. */
function stringEnd(text: string, begin: number): number {
  for (let at = text.indexOf('"', begin + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let escapes = 0;
    while (text[at - 1 - escapes] === '\\') escapes++;
    if (escapes % 2 === 0) return at;
  }
  return -1;
}
