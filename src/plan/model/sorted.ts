/** An object with sorted keys, so the order of statements has no effect. */
export function sorted<T>(map: { readonly [key: string]: T }): { [key: string]: T } {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}
