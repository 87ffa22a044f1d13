/** A document of a file: its text and where it starts. */
export interface DocumentText {
  readonly text: string;
  /** From 1. */
  readonly firstLine: number;
}

/** The line at which the content of a document starts. */
export function contentLine({ text, firstLine }: DocumentText): number {
  return firstLine + (/^---[ \t\r]*\n/.test(text) ? 1 : 0);
}

function lineBreaks(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/** Whether nothing but comments and directives stands in a text, which then belongs to the document behind it. */
function isPrologue(text: string): boolean {
  return /^%/m.test(text) && text.split('\n').every(line => /^\s*$|^\s*#|^%/.test(line));
}

/** The documents of a YAML text. Each keeps the `---` that opens it. */
export function splitDocuments(text: string): DocumentText[] {
  const documents: DocumentText[] = [];
  let start = 0;
  let line = 1;
  const take = (end: number) => {
    const part = text.slice(start, end);
    if (isPrologue(part.length > 4096 ? part.slice(0, 4096) : part)) return;
    documents.push({ text: part, firstLine: line });
    line += lineBreaks(text, start, end);
    start = end;
  };
  for (let at = text.indexOf('\n---'); at >= 0; at = text.indexOf('\n---', at + 4)) {
    if (at + 4 === text.length || /\s/.test(text[at + 4])) take(at + 1);
  }
  take(text.length);
  return documents;
}

/** Where a JSON string that begins at a quote ends; -1 where it does not. */
function stringEnd(text: string, begin: number): number {
  for (let at = text.indexOf('"', begin + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let escapes = 0;
    while (text[at - 1 - escapes] === '\\') escapes++;
    if (escapes % 2 === 0) return at;
  }
  return -1;
}

/** The JSON values that stand one behind the other in a text; undefined where their brackets do not close. */
export function splitJson(text: string): DocumentText[] | undefined {
  const documents: DocumentText[] = [];
  let depth = 0;
  let start = 0;
  let line = 1;
  for (let at = 0; at < text.length; at++) {
    const c = text[at];
    if (c === '"') {
      at = stringEnd(text, at);
      if (at < 0) return undefined;
    } else if (c === '{' || c === '[') {
      depth++;
    } else if (c === '}' || c === ']') {
      if (--depth < 0) return undefined;
      if (depth > 0) continue;
      documents.push({ text: text.slice(start, at + 1), firstLine: line });
      line += lineBreaks(text, start, at + 1);
      start = at + 1;
    }
  }
  return depth === 0 && text.slice(start).trim() === '' ? documents : undefined;
}
