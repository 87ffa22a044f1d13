import { TRICKS } from '../manifest/plain-text';

/** Escapes a string from a manifest for XML and HTML, as text or as a quoted attribute. */
export function markedUpText(text: string): string {
  return text
    .replace(TRICKS, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}
