/** A JSON object at a position in a string. */
export interface JsonValue {
  /** Undefined if it is nested too deeply. */
  readonly value: unknown;
  /** The position of its end. */
  readonly end: number;
  /** The number of its keys, including duplicates. */
  readonly keys: number;
}

/** The maximum nesting depth of Kubernetes objects, and of js-yaml. */
export const DEEPEST = 100;

/** Reads the JSON object at a position as Go's decoder does, and ignores what follows it. Undefined if there is no object. */
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
    return undefined; // It may be a YAML flow collection.
  }
}

/** The end of the string that begins at a quote, or -1. */
function stringEnd(text: string, begin: number): number {
  for (let at = text.indexOf('"', begin + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let escapes = 0;
    while (text[at - 1 - escapes] === '\\') escapes++;
    if (escapes % 2 === 0) return at;
  }
  return -1;
}
