/**
 * Control characters, and those that turn the direction of writing, hide themselves or end a line: what a name out of a manifest
 * could trick a reader with. XML forbids most of them besides.
 */
// eslint-disable-next-line no-control-regex
const TRICKS = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]/g;

/** A text out of a manifest, as text in XML and HTML and as a value in quotes there. */
export function markedUpText(text: string): string {
  return text.replace(TRICKS, ' ').replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;').replace(/'/g, '&#39;');
}
