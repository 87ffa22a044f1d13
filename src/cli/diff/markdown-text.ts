import { plainText } from '../../manifest/plain-text';

/**
 * A string from a manifest, escaped so that Markdown shows it literally: no markup, HTML, link, mention or end of a table cell. Sites look
 * for links, mentions and issues in the rendered text, where entities and backslashes are gone, so elements divide that text.
 */
export function markdownText(text: string): string {
  return plainText(text)
    .replace(/[\\`*_{}[\]()#+!|~]/g, c => `\\${c}`)
    .replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
    .replace(/@|\\#|:(?=\/\/)|(?<=\bwww)\./gi, mark => `<span>${mark}</span>`);
}

/** A string from a manifest as code. Backticks end code, and a bar ends a table cell even in code. */
export function markdownCode(text: string): string {
  const shown = plainText(text).replace(/`/g, '\'').replace(/\|/g, '\\|');
  return `\`${shown}\``;
}
