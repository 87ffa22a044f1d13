interface Fields { readonly [field: string]: unknown }

/** Whether two JSON values are equal. The order of fields does not matter. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => isSame(item, b[i]));
  const [some, other] = [a as Fields, b as Fields];
  let fields = 0;
  for (const field in some) {
    fields++;
    if (!isSame(some[field], other[field])) return false;
  }
  return fields === Object.keys(b).length;
}
