/**
 * Control characters, and those that turn the direction of writing, hide themselves or end a line: a name in a manifest could trick a terminal or a
 * reader with them.
 */
export const TRICKS = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0\ufffe\uffff]/gu;

/** A string from a manifest as one line that shows what it holds. */
export function plainText(text: string): string {
  return text.replace(TRICKS, escaped);
}

/** A value as JSON, in which the same characters are escaped too. */
export function plainJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(TRICKS, c => (c === '\n' ? c : escaped(c)));
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');
}
