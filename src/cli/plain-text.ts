/**
 * Control characters, and those that turn the direction of writing, hide themselves or end a line: what a name out of a manifest
 * could trick a terminal or a reader with.
 */
// eslint-disable-next-line no-control-regex
const TRICKS = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** A text out of a manifest as one line that shows what it holds. */
export function plainText(text: string): string {
  return text.replace(TRICKS, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A template whose values, but not whose own text, are made plain. */
export function plain(parts: TemplateStringsArray, ...values: readonly unknown[]): string {
  return parts.map((part, i) => (i === 0 ? part : `${plainText(String(values[i - 1]))}${part}`)).join('');
}
