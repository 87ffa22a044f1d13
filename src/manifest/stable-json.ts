/** JSON with sorted keys, so that equal values produce equal strings. */
export function stableJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(stableJson).join()}]`;
  const fields = Object.entries(value).filter(([, item]) => item !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([field, item]) => `${JSON.stringify(field)}:${stableJson(item)}`).join()}}`;
}
