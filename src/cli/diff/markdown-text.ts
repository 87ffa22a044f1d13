import { plainText } from '../../manifest/plain-text';

/** A text out of a manifest that Markdown shows as it is: no markup, no HTML, no mention of anybody, no cell's end. */
export function markdownText(text: string): string {
  return plainText(text)
    .replace(/[\\`*_{}[\]()#+!|~]/g, c => `\\${c}`)
    .replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
    .replace(/@/g, '&#64;');
}

/** The same as code, which has its own rules: backticks end it, and a table's cell ends at a bar even there. */
export function markdownCode(text: string): string {
  const shown = plainText(text).replace(/`/g, '\'').replace(/\|/g, '\\|');
  return `\`${shown}\``;
}
