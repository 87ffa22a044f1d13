import type { DocumentProblem } from './document-text';
import { DEEPEST } from './json-value';
import { RefusedDocument } from './refused-document';

/** The maximum number of values in a document with its aliases expanded. */
const MOST_VALUES = 1_000_000;

/** Checks the aliases of a document: none may contain itself, and together they must not multiply the values. */
export function aliasProblem(root: unknown): DocumentProblem | undefined {
  const sizes = new Map<object, number>();
  const open = new Set<object>();
  const size = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) return 1;
    const known = sizes.get(value);
    if (known !== undefined) return known;
    if (open.has(value)) throw new RefusedDocument('has an alias that contains itself', 'write the value without an alias');
    if (open.size > DEEPEST) throw tooMuch(`is nested more than ${DEEPEST} levels deep`);
    open.add(value);
    let sum = 1;
    for (const part of Object.values(value)) sum += size(part);
    if (sum > MOST_VALUES) throw tooMuch(`has more than ${MOST_VALUES} values`);
    sizes.set(value, sum);
    open.delete(value);
    return sum;
  };
  try {
    size(root);
    return undefined;
  } catch (e) {
    if (!(e instanceof RefusedDocument)) throw e;
    return { message: `the document ${e.message}`, repair: e.repair };
  }
}

function tooMuch(what: string): RefusedDocument {
  return new RefusedDocument(`${what} when its aliases are expanded`, 'write the needed values without aliases');
}
