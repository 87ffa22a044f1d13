/** How many objects or values a message names, so that it stays a sentence. */
export const MOST_NAMED = 5;

/** The first few of some names, and how many more there are: `a, b and 12 more`. `count` is the number of all. */
export function inShort(names: readonly string[], count = names.length): string {
  const named = names.slice(0, MOST_NAMED);
  return `${named.join(', ')}${count > named.length ? ` and ${count - named.length} more` : ''}`;
}

/** Values in quotes: `'a', 'b'`. */
export function quotedList(values: readonly string[]): string {
  return inShort(values.map(value => `'${value}'`));
}

/** Labels as messages write them: `app=web, version=v1`. */
export function labelList(labels: { readonly [name: string]: string }): string {
  return Object.entries(labels).map(([name, value]) => `${name}=${value}`).join(', ');
}

/** A number with its noun: `1 endpoint`, `2 endpoints`. */
export function counted(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`;
}
