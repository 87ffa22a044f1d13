import { TRICKS } from '../manifest/plain-text';

/** A string from a manifest, as text in XML and HTML and as a value in quotes there. */
export function markedUpText(text: string): string {
  return text.replace(TRICKS, ' ').replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;').replace(/'/g, '&#39;');
}
