const MOST_CHARACTERS = 60;

/** A value of any type, as an error shows it. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `'${shortened(value)}'`;
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'object' || value === null) return String(value);
  return shortened(dataOf(value) ?? `an object of the class ${value.constructor.name}`);
}

/** The type of a shown value, if the value alone does not tell it. */
export function kindOf(value: unknown): string {
  if (typeof value === 'string') return ', a string';
  if (typeof value === 'bigint') return ', a bigint';
  if (Array.isArray(value)) return ', a list';
  if (typeof value !== 'object' || value === null || dataOf(value) === undefined) return '';
  return ', an object';
}

function dataOf(value: object): string | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype && !Array.isArray(value)) return undefined;
  try {
    return JSON.stringify(value);
  } catch {
    return 'an object that contains itself';
  }
}

function shortened(text: string): string {
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}
