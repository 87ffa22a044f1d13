/**
 * Control characters, and characters that change the writing direction, are invisible or end a line. With them, a name in a manifest could
 * trick a terminal or a reader.
 */
export const TRICKS = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0\ufffe\uffff]/gu;

/** A string from a manifest in one line, with these characters escaped. */
export function plainText(text: string): string {
  return text.replace(TRICKS, escaped);
}

/** A value as JSON, with the same characters escaped. */
export function plainJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(TRICKS, c => (c === '\n' ? c : escaped(c)));
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');
}
