/** Groups values by key, in their order. Values without a key are omitted. */
export function groupBy<K extends string | number | object, T>(values: Iterable<T>, keyOf: (value: T) => K | undefined): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    if (key !== undefined) addToGroup(groups, key, value);
  }
  return groups;
}

/** Appends a value to the group of its key. */
export function addToGroup<K, T>(groups: Map<K, T[]>, key: K, value: T): void {
  const group = groups.get(key);
  if (group) group.push(value);
  else groups.set(key, [value]);
}
