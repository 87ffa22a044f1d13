import { loadAll, YAMLException } from 'js-yaml';
import { KUBERNETES_SCHEMA } from './kubernetes-schema';
import type { ManifestProblem } from './manifest-problem';
import { RefusedDocument } from './refused-document';

/** What is wrong with a document, with the line in its text. */
type DocumentProblem = Pick<ManifestProblem, 'line' | 'message' | 'repair'>;

/** What a document says, and what is wrong with it. */
export interface DocumentValue {
  readonly values: readonly unknown[];
  readonly problems: readonly DocumentProblem[];
}

/** No API server takes a request of more than 3 MB; a List of objects may be larger, and is applied item by item. */
const LARGEST = 16 * 1024 * 1024;
/** Also what js-yaml goes down to. */
const DEEPEST = 100;
const TOO_DEEP = { message: `is nested more than ${DEEPEST} levels deep, as no Kubernetes object is`, repair: 'repair its brackets or its indentation' };
/** How many values a document may come to when its aliases are written out. */
const MOST_VALUES = 1_000_000;
/** So much of a key is shown. */
const LONGEST_KEY = 200;

/** What keeps a value from being used: nested too deeply, an alias within what it stands for, or aliases that multiply. */
function shapeProblem(root: unknown, aliased: boolean): DocumentProblem | undefined {
  const sizes = new Map<object, number>();
  const open = new Set<object>();
  const size = (value: unknown, depth: number): number => {
    if (typeof value !== 'object' || value === null) return 1;
    if (depth > DEEPEST) throw new RefusedDocument(TOO_DEEP.message, TOO_DEEP.repair);
    if (aliased) {
      const known = sizes.get(value);
      if (known !== undefined) return known;
      if (open.has(value)) throw new RefusedDocument('has an alias within what it stands for', 'write the value out');
      open.add(value);
    }
    let sum = 1;
    for (const key in value) sum += size((value as { [key: string]: unknown })[key], depth + 1);
    if (aliased) {
      if (sum > MOST_VALUES) throw new RefusedDocument(`comes to more than ${MOST_VALUES} values when its aliases are written out`, 'write out what is needed');
      sizes.set(value, sum);
      open.delete(value);
    }
    return sum;
  };
  try {
    size(root, 0);
    return undefined;
  } catch (e) {
    if (!(e instanceof RefusedDocument)) throw e;
    return { message: `the document ${e.message}`, repair: e.repair };
  }
}

function checked(values: readonly unknown[], aliased: boolean): DocumentValue {
  const problems: DocumentProblem[] = [];
  const sound = values.filter(value => {
    const problem = shapeProblem(value, aliased);
    if (problem !== undefined) problems.push(problem);
    return problem === undefined;
  });
  return { values: sound, problems };
}

function sizeProblem(text: string): DocumentValue | undefined {
  if (text.length <= LARGEST) return undefined;
  const message = `the document has ${Math.round(text.length / 1e6)} MB, more than any API server takes`;
  return { values: [], problems: [{ message, repair: 'split it into several' }] };
}

/** Reads one JSON value. */
export function parseJson(text: string): DocumentValue {
  return checked([JSON.parse(text)], false);
}

/** Reads a YAML document as Kubernetes does. A key that stands twice keeps its last value, and is a problem. */
export function parseYaml(text: string): DocumentValue {
  const tooLarge = sizeProblem(text);
  if (tooLarge) return tooLarge;
  const aliased = text.includes('&') && text.includes('*');
  const read = (json: boolean) => checked(loadAll(text, undefined, { schema: KUBERNETES_SCHEMA, json }), aliased);
  try {
    return read(false);
  } catch (e) {
    const problem = describe(e);
    if (!isTwice(e)) return { values: [], problems: [problem] };
    try {
      const { values, problems } = read(true);
      const message = `the key ${keyAt(e)} stands twice, and the last value is taken`;
      return { values, problems: [{ line: problem.line, message, repair: 'remove one of them' }, ...problems] };
    } catch (second) {
      return { values: [], problems: [describe(second)] };
    }
  }
}

function isTwice(e: unknown): e is YAMLException {
  return e instanceof YAMLException && e.reason === 'duplicated mapping key';
}

/** The key at which js-yaml stopped, as it is written. */
function keyAt({ mark: { buffer, position } }: YAMLException): string {
  const [key] = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\n]*?(?=\s*:(?:\s|$)))/.exec(buffer.slice(position, position + LONGEST_KEY)) ?? [''];
  return /^["']/.test(key) ? key : `'${key}'`;
}

function describe(e: unknown): DocumentProblem {
  if (e instanceof YAMLException) {
    const line = e.mark === undefined ? undefined : e.mark.line + 1;
    if (e.reason.startsWith('nesting exceeded')) return { line, message: `the document ${TOO_DEEP.message}`, repair: TOO_DEEP.repair };
    return { line, message: `the document is not valid YAML: ${e.reason}`, repair: 'repair it' };
  }
  if (e instanceof RefusedDocument) return { message: `the document cannot be read: ${e.message}`, repair: e.repair };
  return { message: `the document cannot be read: ${(e as Error).message}`, repair: 'repair it' };
}
