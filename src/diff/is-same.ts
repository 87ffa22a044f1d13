import type { Json } from '../envoy/proxy-config';

/** Whether two values of JSON are equal, whatever the order of their fields. */
export function isSame(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  if (Array.isArray(a)) return a.length === b.length && a.every((item, i) => isSame(item, b[i]));
  let fields = 0;
  for (const field in a) {
    fields++;
    if (!isSame(a[field], b[field])) return false;
  }
  return fields === Object.keys(b).length;
}
