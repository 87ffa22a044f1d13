/** Values in quotes: `'a', 'b'`. */
export function quotedList(values: readonly string[]): string {
  return values.map(value => `'${value}'`).join(', ');
}

/** Labels as messages write them: `app=web, version=v1`. */
export function labelList(labels: { readonly [name: string]: string }): string {
  return Object.entries(labels).map(([name, value]) => `${name}=${value}`).join(', ');
}

/** A number with its noun: `1 endpoint`, `2 endpoints`. */
export function counted(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`;
}
