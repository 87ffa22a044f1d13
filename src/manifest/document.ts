import { loadAll, YAMLException } from 'js-yaml';
import { KUBERNETES_SCHEMA } from './kubernetes-schema';

/** What a document says, and what is wrong with it, with the line in its text. */
export interface DocumentValue {
  readonly values: readonly unknown[];
  readonly problems: readonly { readonly line?: number; readonly message: string }[];
}

/** No API server takes a request of more than 3 MB; a List of objects may be larger, and is applied item by item. */
const LARGEST = 16 * 1024 * 1024;
const DEEPEST = 100;
/** How many values a document may come to when its aliases are written out. */
const MOST_VALUES = 1_000_000;

/** What keeps a value from being used: nested too deeply, an alias within what it stands for, or aliases that multiply. */
function shapeProblem(root: unknown, aliased: boolean): string | undefined {
  const sizes = new Map<object, number>();
  const open = new Set<object>();
  const size = (value: unknown, depth: number): number => {
    if (typeof value !== 'object' || value === null) return 1;
    if (depth > DEEPEST) throw new Error(`is nested more than ${DEEPEST} levels deep, as no Kubernetes object is; repair its brackets or its indentation`);
    if (aliased) {
      const known = sizes.get(value);
      if (known !== undefined) return known;
      if (open.has(value)) throw new Error('has an alias within what it stands for; write the value out');
      open.add(value);
    }
    let sum = 1;
    for (const key in value) sum += size((value as { [key: string]: unknown })[key], depth + 1);
    if (aliased) {
      if (sum > MOST_VALUES) throw new Error(`comes to more than ${MOST_VALUES} values when its aliases are written out; write out what is needed`);
      sizes.set(value, sum);
      open.delete(value);
    }
    return sum;
  };
  try {
    size(root, 0);
    return undefined;
  } catch (e) {
    return (e as Error).message;
  }
}

function checked(values: readonly unknown[], aliased: boolean): DocumentValue {
  const problems: { message: string }[] = [];
  const sound = values.filter(value => {
    const problem = shapeProblem(value, aliased);
    if (problem !== undefined) problems.push({ message: `the document ${problem}` });
    return problem === undefined;
  });
  return { values: sound, problems };
}

function sizeProblem(text: string): DocumentValue | undefined {
  if (text.length <= LARGEST) return undefined;
  return { values: [], problems: [{ message: `the document has ${Math.round(text.length / 1e6)} MB, more than any API server takes; split it into several` }] };
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
    if (!/duplicated mapping key/.test(problem.message)) return { values: [], problems: [problem] };
    try {
      const { values, problems } = read(true);
      return { values, problems: [{ line: problem.line, message: 'a key stands twice, and the last value is taken; remove one of them' }, ...problems] };
    } catch (second) {
      return { values: [], problems: [describe(second)] };
    }
  }
}

function describe(e: unknown): { line?: number; message: string } {
  if (e instanceof YAMLException) return { line: e.mark === undefined ? undefined : e.mark.line + 1, message: `the document is not valid YAML: ${e.reason}; repair it` };
  return { message: `the document cannot be read: ${(e as Error).message}` };
}
