/** The position after white space and comments. */
export function behindSpace(text: string, from: number): number {
  let at = from;
  for (;;) {
    NO_SPACE.lastIndex = at;
    const found = NO_SPACE.exec(text);
    if (!found) return text.length;
    if (found[0] !== '#') return found.index;
    LINE_END.lastIndex = found.index;
    const end = LINE_END.exec(text);
    if (!end) return text.length;
    at = end.index;
  }
}

const NO_SPACE = /\S/g;
const LINE_END = /[\r\n]/g;

/** The number of line breaks between two positions. */
export function lineBreaks(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/** Where the content of a document starts, after its `---`. */
export function contentStart(text: string): number {
  return behindSpace(text, text.startsWith('---') ? Math.max(text.indexOf('\n'), 3) : 0);
}
