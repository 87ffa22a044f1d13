import type { Labels } from '../manifest/labels';

/** A part of a manifest, in whatever shape its author gave it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Fields = any;

const NONE: readonly never[] = [];

function isAbsent(value: Fields): boolean {
  return value === undefined || value === null;
}

function isText(value: Fields): value is string {
  return typeof value === 'string';
}

/** A list's items; something else counts as an empty list, since admission has its own word on it. */
export function items(value: Fields): readonly Fields[] {
  if (!Array.isArray(value)) return NONE;
  return value.some(isAbsent) ? value.map(item => item ?? {}) : value;
}

/** A list's texts. */
export function texts(value: Fields): readonly string[] {
  if (!Array.isArray(value)) return NONE;
  return value.every(isText) ? value : value.filter(isText);
}

/** An object's entries; something else has none. */
export function entries(value: Fields): readonly (readonly [string, Fields])[] {
  return isObject(value) ? Object.entries(value) : [];
}

export function isObject(value: Fields): value is { readonly [field: string]: Fields } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether something is stated as an object without any field, such as `retries: {}`. */
export function isEmptyObject(value: Fields): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}

export function labelsOf(value: Fields): Labels {
  return isObject(value) ? value as Labels : {};
}

/** Two values that are written alike, whatever the order of their fields. */
export function canonical(value: Fields): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? 'null';
  const fields = Object.keys(value).filter(name => value[name] !== undefined).sort();
  return `{${fields.map(name => `${JSON.stringify(name)}:${canonical(value[name])}`).join()}}`;
}
