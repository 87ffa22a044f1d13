import { loadAll, YAMLException } from 'js-yaml';
import { aliasProblem } from './alias-problem';
import type { DocumentProblem, DocumentText } from './document-text';
import type { JsonValue } from './json-value';
import { DEEPEST } from './json-value';
import { KUBERNETES_SCHEMA } from './kubernetes-schema';
import type { DocumentNodes } from './node-places';
import { NodePlaces } from './node-places';
import { NodeRecorder } from './node-recorder';
import { RefusedDocument } from './refused-document';
import { contentStart } from './text-scan';
import { dialectProblems } from './yaml-dialect';

/** The values of a document, and its problems. */
export interface DocumentValue {
  readonly values: readonly unknown[];
  readonly problems: readonly DocumentProblem[];
  /** The places of the nodes of the first value. */
  readonly nodes: DocumentNodes;
}

/** No API server accepts a request of more than 3 MB. A List of objects may be larger, because it is applied item by item. */
const LARGEST = 16 * 1024 * 1024;
const TOO_DEEP = {
  message: `the document is nested more than ${DEEPEST} levels deep, deeper than any Kubernetes object`,
  repair: 'fix its brackets or its indentation',
};
/** The maximum length of a key in a message. */
const LONGEST_KEY = 200;

/** Reads one document of a stream as Kubernetes does. What Kubernetes would lose is a problem. */
export function readDocument({ text, json }: DocumentText): DocumentValue {
  if (json) return jsonDocument(json, text);
  const start = contentStart(text);
  if (text[start] === '%') return refused(text, { message: 'Kubernetes rejects directives, such as %YAML', repair: 'remove the line' });
  if (!text.startsWith('---') && /^\.\.\.(\s|$)/.test(text.slice(start, start + 4))) {
    return refused(text, { message: 'Kubernetes rejects a `...` that ends no document', repair: 'remove it' });
  }
  const read = parseYaml(text);
  const [value, ...others] = read.values;
  if (others.every(isNull)) return read.values.length < 2 ? read : { ...read, values: [value] };
  return { ...read, values: [value], problems: [...read.problems, { line: new NodePlaces(read.nodes).secondRootLine, ...IGNORED }] };
}

/** Reads YAML documents as Kubernetes does. A duplicated key keeps its last value, and is a problem. */
export function parseYaml(text: string): DocumentValue {
  const tooLarge = sizeProblem(text);
  return tooLarge ? refused(text, tooLarge) : parsed(text, false);
}

function parsed(text: string, keysMayStandTwice: boolean): DocumentValue {
  const recorder = new NodeRecorder();
  try {
    const all = loadAll(text, undefined, { schema: KUBERNETES_SCHEMA, json: keysMayStandTwice, listener: recorder.listener });
    return usable(all, recorder, text);
  } catch (e) {
    const problem = problemOf(e, recorder);
    if (isReason(e, 'duplicated mapping key')) {
      const read = parsed(text, true);
      return { ...read, problems: [{ line: problem.line, ...twice(keyAt(e)) }, ...read.problems] };
    }
    // Kubernetes reads a document to its end and no further.
    // Custom tags mark a file of another tool.
    const isForeign = isReason(e, 'unknown tag') && !text.includes('apiVersion');
    if (recorder.roots.length === 0) return refused(text, isForeign ? { ...problem, foreign: true } : problem);
    const read = usable(recorder.roots.slice(0, 1), recorder, text);
    return { ...read, problems: [...read.problems, { line: problem.line, ...IGNORED }] };
  }
}

const IGNORED = { message: 'Kubernetes ignores content after the end of the document', repair: 'write `---` before it, or remove it' };

function usable(all: readonly unknown[], recorder: NodeRecorder, text: string): DocumentValue {
  const problems: DocumentProblem[] = [];
  const { unusualKeyLine } = recorder;
  if (unusualKeyLine !== undefined) {
    const message = 'a key must be a string: Kubernetes rejects an object, a list or null as a key';
    problems.push({ line: unusualKeyLine + 1, message, repair: 'write a string' });
  }
  const nodes = { text, value: all[0], recorder };
  if (!isNull(all[0]) || contentStart(text) === text.length || /^ *\t/.test(text)) problems.push(...dialectProblems(nodes));
  const values = !text.includes('&') || !text.includes('*') ? all : all.filter(value => {
    const problem = aliasProblem(value);
    if (problem !== undefined) problems.push(problem);
    return problem === undefined;
  });
  return { values: unusualKeyLine === undefined ? values : [], problems, nodes };
}

function jsonDocument({ value, keys }: JsonValue, text: string): DocumentValue {
  const problem = sizeProblem(text) ?? (value === undefined ? TOO_DEEP : undefined);
  if (problem) return refused(text, problem);
  const nodes = { text, value };
  const size = sizeOf(value);
  if (!size.isFinite) return refused(text, { message: 'the document has a number that is too large', repair: 'use a smaller one' });
  if (size.keys === keys) return { values: [value], problems: [], nodes };
  // The parser's message does not name the duplicated key, but its position does.
  const read = parseYaml(text);
  return read.problems.length > 0 ? { ...read, values: [value] } : { values: [value], problems: [twice('of an object')], nodes };
}

function sizeOf(value: unknown): { keys: number; isFinite: boolean } {
  const size = { keys: 0, isFinite: true };
  const count = (part: unknown) => {
    if (typeof part === 'number') size.isFinite &&= Number.isFinite(part);
    if (typeof part !== 'object' || part === null) return;
    const values = Object.values(part);
    if (!Array.isArray(part)) size.keys += values.length;
    values.forEach(count);
  };
  count(value);
  return size;
}

function sizeProblem(text: string): DocumentProblem | undefined {
  if (text.length <= LARGEST) return undefined;
  const message = `the document has ${Math.round(text.length / 1e6)} MB, more than any API server accepts`;
  return { message, repair: 'split it into several' };
}

function refused(text: string, problem: DocumentProblem): DocumentValue {
  return { values: [], problems: [problem], nodes: { text, value: undefined } };
}

function isNull(value: unknown): boolean {
  return value === null || value === undefined;
}

function twice(key: string): DocumentProblem {
  return { message: `the key ${key} is duplicated, and the last value counts`, repair: 'remove one of them' };
}

function isReason(e: unknown, begin: string): boolean {
  return e instanceof YAMLException && e.reason.startsWith(begin);
}

/** The key at which js-yaml stopped, as written. */
function keyAt(e: unknown): string {
  const { mark: { buffer, position } } = e as YAMLException;
  const begin = buffer.slice(position, position + LONGEST_KEY);
  const [key] = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\n]*?(?=\s*:(?:\s|$)))/.exec(begin) ?? [''];
  return /^["']/.test(key) ? key : `'${key}'`;
}

function problemOf(e: unknown, { lastLine }: NodeRecorder): DocumentProblem {
  if (e instanceof YAMLException) {
    const line = e.mark === undefined ? undefined : e.mark.line + 1;
    if (isReason(e, 'nesting exceeded')) return { line, ...TOO_DEEP };
    return { line, message: `the document is not valid YAML: ${e.reason}`, repair: 'repair it' };
  }
  if (e instanceof RefusedDocument) return { line: lastLine + 1, message: `the document cannot be read: ${e.message}`, repair: e.repair };
  return { message: `the document cannot be read: ${(e as Error).message}`, repair: 'repair it' };
}
