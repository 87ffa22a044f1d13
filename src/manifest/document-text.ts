import type { JsonValue } from './json-value';
import { jsonObjectAt } from './json-value';
import type { ManifestProblem } from './manifest-problem';
import { contentStart, lineBreaks } from './text-scan';

/** What is wrong with a document, and in which of its lines. */
export type DocumentProblem = Pick<ManifestProblem, 'line' | 'message' | 'repair' | 'foreign'>;

/** A document of a stream, and where it starts. */
export interface DocumentText {
  readonly text: string;
  /** The first line, from 1. */
  readonly firstLine: number;
  /** Its value, if it is one of several JSON objects in the stream. */
  readonly json?: JsonValue;
  /** What Kubernetes rejects about its separators. */
  readonly problems?: readonly DocumentProblem[];
}

/** The byte order mark. */
const MARK = '\ufeff';
const SEPARATOR = '---';
const JSON_SPACE = ' \t\r\n';

/**
 * Splits a stream as the decoder of kubectl and istiod does: consecutive JSON objects, if the stream begins with one, and YAML documents
 * after lines of `---`. What that decoder would reject or lose is still read, and is a problem.
 */
export function splitDocuments(stream: string): DocumentText[] {
  const objects = jsonObjects(stream);
  const end = objects.length === 0 ? 0 : objects[objects.length - 1].end;
  if (objects.length > 0 && stream.slice(end).trim() === '') return objects;
  const begin = mayBeJson(stream) ? end + /^[^\S\n]*\n?/.exec(stream.slice(end))![0].length : end;
  return [...objects, ...yamlDocuments(stream.slice(begin), lineBreaks(stream, 0, begin), objects.length > 1 ? [STOPS] : [])];
}

/** Whether the decoder tries JSON first. It then continues with YAML after white space up to the end of a line. */
function mayBeJson(stream: string): boolean {
  return /^[^\S\ufeff]*\{/.test(stream);
}

const MARKED = { message: 'Kubernetes treats a byte order mark within a stream as a letter', repair: 'remove it' };

const GOES_ON = { message: 'Kubernetes rejects content after `---` on the same line', repair: 'move it to the next line' };

const STOPS: DocumentProblem = {
  line: 1,
  message: 'Kubernetes stops here: after several JSON objects it reads only JSON',
  repair: 'move the rest into its own file',
};

/** The JSON objects at the start of a stream. */
function jsonObjects(stream: string): (DocumentText & { readonly end: number })[] {
  const objects = [];
  let line = 1;
  let end = 0;
  for (;;) {
    let begin = end;
    while (JSON_SPACE.includes(stream[begin] ?? 'none')) begin++;
    const json = jsonObjectAt(stream, begin);
    if (!json) return objects;
    line += lineBreaks(stream, end, begin);
    objects.push({ text: stream.slice(begin, json.end), firstLine: line, json, end: json.end });
    line += lineBreaks(stream, begin, json.end);
    end = json.end;
  }
}

/** The documents of a YAML stream, without the `---` between them. */
function yamlDocuments(text: string, linesBefore: number, problems: readonly DocumentProblem[]): DocumentText[] {
  const documents: DocumentText[] = [];
  let begin = 0;
  let firstLine = linesBefore + 1;
  let found = [...problems];
  const take = (end: number, next: number) => {
    const chunk = text.slice(begin, end);
    const unmarked = withoutMark(chunk);
    const marks = chunk.length - unmarked.length;
    if (marks > Number(chunk.startsWith(MARK))) found.push({ line: 1 + lineBreaks(unmarked, 0, contentStart(unmarked)), ...MARKED });
    documents.push({ text: unmarked, firstLine, ...(found.length > 0 && { problems: found }) });
    firstLine += lineBreaks(text, begin, next);
    begin = next;
    found = [];
  };
  for (let at = nextSeparator(text, 0); at >= 0; at = nextSeparator(text, at + SEPARATOR.length)) {
    const lineEnd = text.indexOf('\n', at);
    const next = lineEnd < 0 ? text.length : lineEnd + 1;
    const behind = text.slice(at + SEPARATOR.length, next);
    // The first separator belongs to its document.
    const isKept = at === begin;
    if (isKept ? /^\s*$|^\s+#/.test(behind) : /^\s*(#|$)/.test(behind)) {
      if (!isKept) take(at, next);
      continue;
    }
    if (/^\s/.test(behind)) take(at, at);
    if (found.length === 0) {
      found.push({ line: 1 + lineBreaks(text, begin, at), ...GOES_ON });
    }
  }
  take(text.length, text.length);
  return documents;
}

/** The next line that begins with the separator. */
function nextSeparator(text: string, from: number): number {
  if (from === 0 && text.startsWith(SEPARATOR)) return 0;
  const found = text.indexOf(`\n${SEPARATOR}`, from);
  return found < 0 ? -1 : found + 1;
}

/** Removes a byte order mark before the content of a document. */
function withoutMark(text: string): string {
  if (!text.includes(MARK)) return text;
  const content = contentStart(text.startsWith(MARK) ? text.slice(1) : text) + Number(text.startsWith(MARK));
  return text.slice(0, content).replaceAll(MARK, '') + text.slice(content);
}
