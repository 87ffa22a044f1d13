import type { ValueSchema } from './value-schema';
import { nearest } from '../traffic/nearest';

/** What is wrong with a field of a value: its place, and what to write. */
export interface ValueProblem {
  /** The steps to the field. */
  readonly path: readonly (string | number)[];
  /** What is wrong, such as `is 'abc'; use an integer from 1 to 65535`. */
  readonly message: string;
}

/** The first field of a value that a schema refuses. */
export function valueProblem(schema: ValueSchema, value: unknown, path: ValueProblem['path'] = []): ValueProblem | undefined {
  if (schema.anyOf) return anyProblem(schema.anyOf, value, path);
  if (!isOfType(schema, value)) return { path, message: `is ${shown(value)}; use ${wanted(schema)}` };
  if (Array.isArray(value) && value.length < (schema.minItems ?? 0)) {
    return { path, message: 'is an empty list; add an item, or remove the field' };
  }
  if (Array.isArray(value)) return first(value.entries(), ([i, item]) => schema.items && valueProblem(schema.items, item, [...path, i]));
  return schema.type === 'object' ? fieldsProblem(schema, value as { readonly [field: string]: unknown }, path) : undefined;
}

/** The problem of the alternative that has the value's type, if any has. */
function anyProblem(alternatives: readonly ValueSchema[], value: unknown, path: ValueProblem['path']): ValueProblem | undefined {
  const close = alternatives.find(({ type }) => isType(type, value));
  return close ? valueProblem(close, value, path) : { path, message: `is ${shown(value)}; use ${alternatives.map(wanted).join(' or ')}` };
}

function fieldsProblem(
  schema: ValueSchema,
  value: { readonly [field: string]: unknown },
  path: ValueProblem['path'],
): ValueProblem | undefined {
  const { properties = {}, required = [], additionalProperties } = schema;
  const missing = required.find(field => value[field] === undefined || value[field] === null);
  if (missing !== undefined) return { path, message: `has no ${missing}; add ${missing}: ${wanted(properties[missing])}` };
  return first(Object.entries(value), ([field, item]) => {
    const of = Object.hasOwn(properties, field) ? properties[field] : additionalProperties;
    if (of === undefined || of === false) {
      return { path: [...path, field], message: `is an unknown field; ${advice(field, Object.keys(properties))}` };
    }
    return of === true ? undefined : valueProblem(of, item, [...path, field]);
  });
}

function advice(field: string, known: readonly string[]): string {
  const close = nearest(field, known);
  return close === undefined ? `use one of ${known.filter(name => name !== '$schema').join(', ')}` : `did you mean ${close}?`;
}

function isOfType({ type, enum: choices, minimum = -Infinity, maximum = Infinity, minLength = 0 }: ValueSchema, value: unknown): boolean {
  if (!isType(type, value)) return false;
  if (typeof value === 'number') return value >= minimum && value <= maximum;
  return typeof value !== 'string' || (value.length >= minLength && (!choices || choices.includes(value)));
}

function isType(type: ValueSchema['type'], value: unknown): boolean {
  switch (type) {
    case 'array': return Array.isArray(value);
    case 'object': return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'integer': return Number.isInteger(value);
    default: return typeof value === type;
  }
}

function wanted({ type, enum: choices, minimum, maximum }: ValueSchema): string {
  if (choices) return choices.length === 1 ? choices[0] : `one of ${choices.join(', ')}`;
  if (type === 'integer' || type === 'number') return `${type === 'integer' ? 'an integer' : 'a number'} from ${minimum} to ${maximum}`;
  if (type === 'boolean') return 'true or false';
  return type === 'string' ? 'a string' : type === 'array' ? 'a list' : 'an object';
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return `'${value}'`;
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : String(value);
}

function first<T, R>(values: Iterable<T>, find: (value: T) => R | undefined): R | undefined {
  for (const value of values) {
    const found = find(value);
    if (found !== undefined) return found;
  }
  return undefined;
}
