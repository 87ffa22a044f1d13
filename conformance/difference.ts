import type { Json } from './istiod/client';

/** A difference between two values: the field, and both values. */
export interface Difference {
  readonly field: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

const NOTHING = '(nothing)';

/** The keys of the items of two lists: their names if all have one, else their positions. */
function keys(...lists: (readonly Json[])[]): string[][] {
  const named = lists.every(
    list => list.every(item => typeof item?.name === 'string') && new Set(list.map(item => item.name)).size === list.length,
  );
  return lists.map(list => list.map((item, i) => (named ? item.name as string : String(i))));
}

/**
 * Every leaf in which the two differ. With `part`, fields that `expected` does not have are not compared; a field with the value undefined
 * must be absent.
 */
export function differences(expected: Json, actual: Json, options: { part?: boolean } = {}, field = ''): Difference[] {
  if (expected === undefined || actual === undefined) {
    return expected === actual ? [] : [{ field, expected: expected ?? NOTHING, actual: actual ?? NOTHING }];
  }
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const [ours, theirs] = keys(expected, actual);
    const order = ours.join('|') === theirs.join('|') ? [] : [{ field: `${field}[]`, expected: ours, actual: theirs }];
    const shared = ours.flatMap((key, i) => (theirs.includes(key) ? [{ key, a: expected[i], b: actual[theirs.indexOf(key)] }] : []));
    return [...order, ...shared.flatMap(({ key, a, b }) => differences(a, b, options, `${field}[${key}]`))];
  }
  const objects = [expected, actual].every(v => typeof v === 'object' && v !== null && !Array.isArray(v));
  if (!objects) return expected === actual ? [] : [{ field, expected, actual }];
  const names = [...new Set([...Object.keys(expected), ...(options.part ? [] : Object.keys(actual))])].sort();
  return names.flatMap(name => differences(expected[name], actual[name], options, field === '' ? name : `${field}.${name}`));
}

export function describeDifference({ field, expected, actual }: Difference): string {
  return `${field}: expected ${JSON.stringify(expected)}, istiod says ${JSON.stringify(actual)}`;
}
