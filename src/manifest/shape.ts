/**
 * What a value must be, as far as Kubernetes checks it: the name of a scalar type, `one of A|B` for these strings, `[shape]` for a list,
 * `{field: shape}` for an object with any other fields and with required fields under `!`, `{'*': shape}` for a map.
 */
export type Shape = Scalar | 'anything' | `one of ${string}` | readonly [Shape] | FieldShapes;

type Scalar = keyof typeof SCALARS;

export interface FieldShapes { readonly [field: string]: Shape | readonly string[] }

const SCALARS = {
  'string': [value => typeof value === 'string', 'a string; put it in quotes'],
  'integer': [value => Number.isInteger(value), 'an integer'],
  'number': [value => typeof value === 'number', 'a number'],
  'boolean': [value => typeof value === 'boolean', 'true or false'],
  'integer or string': [value => typeof value === 'string' || Number.isInteger(value), 'an integer or a string'],
  'port': [value => isPort(value, 1), 'an integer from 1 to 65535'],
  // 0 and an empty name mean the port of the Service.
  'target port': [value => typeof value === 'string' || isPort(value, 0), 'the name of a port, or an integer from 1 to 65535'],
} satisfies { readonly [name: string]: readonly [(value: unknown) => boolean, string] };

function isPort(value: unknown, least: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= 65535;
}

declare const TYPE: unique symbol;

/** A shape that is created at run time, with the type that it reads. */
export type ShapeFor<T> = FieldShapes & { readonly [TYPE]: T };

/** The type that `readValue` returns for a shape. Every field is optional, because a manifest may omit required fields. */
export type ValueOf<S> = S extends { readonly [TYPE]: infer T } ? T : S extends 'string' ? string
  : S extends 'integer' | 'number' | 'port' ? number
    : S extends 'boolean' ? boolean
      : S extends 'integer or string' | 'target port' ? number | string
        : S extends 'anything' ? unknown
          : S extends `one of ${infer Names}` ? NameOf<Names>
            : S extends readonly [infer Item] ? readonly ValueOf<Item>[]
              : S extends { readonly '*': infer Value } ? { readonly [key: string]: ValueOf<Value> }
                : { readonly [F in Exclude<keyof S, '!'>]?: ValueOf<S[F]> };

type NameOf<Names extends string> = Names extends `${infer First}|${infer Rest}` ? First | NameOf<Rest> : Names;

/** Receives what Kubernetes would reject: the path, what the value must be, and the value. */
export type OnRefused = (place: string, must: string, value: unknown) => void;

const REFUSED = Symbol('refused');

interface Reading {
  readonly onRefused: OnRefused;
  /** The path of the part that is read. Few values are rejected, so its text is written only for those. */
  readonly path: (string | number)[];
  /** The results of lists and objects. YAML aliases may put one of them in many places. */
  readonly seen: Map<unknown, { readonly shape: Shape; readonly clean: unknown }>;
}

/**
 * The part of a value that has a shape. It omits null fields, which Kubernetes treats as absent, and fields that Kubernetes would reject.
 * Rejected list items become empty objects or lists, and rejected scalars are omitted. Returns the value itself if nothing is omitted, and
 * undefined if it is rejected.
 */
export function readValue<const S extends Shape>(shape: S, value: unknown, onRefused: OnRefused = () => undefined): ValueOf<S> | undefined {
  const clean = read(shape, value, { onRefused, path: [], seen: new Map() });
  return clean === REFUSED ? undefined : clean as ValueOf<S>;
}

function read(shape: Shape, value: unknown, reading: Reading): unknown {
  if (typeof shape === 'string') {
    if (fits(shape, value)) return value;
    reading.onRefused(placeOf(reading), must(shape), value);
    return REFUSED;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value) !== Array.isArray(shape)) {
    reading.onRefused(placeOf(reading), Array.isArray(shape) ? 'a list' : 'an object', value);
    return REFUSED;
  }
  const known = reading.seen.get(value);
  if (known?.shape === shape) return known.clean;
  reading.seen.set(value, { shape, clean: value });
  const clean = Array.isArray(value) ? readList((shape as readonly [Shape])[0], value, reading)
    : readFields(shape as FieldShapes, value as { readonly [field: string]: unknown }, reading);
  if (clean !== value) reading.seen.set(value, { shape, clean });
  return clean;
}

/** Reads a part of what is read. */
function readPart(step: string | number, shape: Shape, value: unknown, reading: Reading): unknown {
  reading.path.push(step);
  const clean = read(shape, value, reading);
  reading.path.pop();
  return clean;
}

function placeOf({ path }: Reading): string {
  return path.reduce<string>((place, step) => (typeof step === 'number' ? `${place}[${step}]` : at(place, step)), '');
}

function fits(shape: string, value: unknown): boolean {
  if (shape === 'anything') return true;
  const scalar = (SCALARS as { readonly [name: string]: readonly [(value: unknown) => boolean, string] | undefined })[shape];
  if (scalar) return scalar[0](value);
  return typeof value === 'string' && names(shape).includes(value);
}

function must(shape: string): string {
  return shape in SCALARS ? SCALARS[shape as Scalar][1] : `one of ${names(shape).join(', ')}`;
}

function names(shape: string): readonly string[] {
  return shape.slice('one of '.length).split('|');
}

function readList(shape: Shape, value: readonly unknown[], reading: Reading): readonly unknown[] {
  let copy: unknown[] | undefined;
  let lacks = false;
  for (const [i, item] of value.entries()) {
    const clean = readPart(i, shape, item, reading);
    if (clean === item) continue;
    copy ??= [...value];
    copy[i] = clean !== REFUSED || typeof shape === 'string' ? clean : Array.isArray(shape) ? [] : {};
    lacks ||= copy[i] === REFUSED;
  }
  return lacks ? copy!.filter(item => item !== REFUSED) : copy ?? value;
}

function readFields(
  shape: FieldShapes, value: { readonly [field: string]: unknown }, reading: Reading,
): { readonly [field: string]: unknown } {
  const ofAll = Object.hasOwn(shape, '*') ? shape['*'] as Shape : 'anything';
  for (const field of (shape['!'] ?? []) as readonly string[]) {
    if (value[field] === undefined || value[field] === null) reading.onRefused(at(placeOf(reading), field), 'set', undefined);
  }
  let copy: { [field: string]: unknown } | undefined;
  for (const field of Object.keys(value)) {
    const item = value[field];
    const clean = item === null || item === undefined ? REFUSED
      : readPart(field, field !== '!' && Object.hasOwn(shape, field) ? shape[field] as Shape : ofAll, item, reading);
    if (clean === item) continue;
    copy ??= { ...value };
    if (clean === REFUSED) delete copy[field];
    else copy[field] = clean;
  }
  return copy ?? value;
}

function at(place: string, field: string): string {
  if (/[.[\]]/.test(field)) return `${place}[${JSON.stringify(field)}]`;
  return place === '' ? field : `${place}.${field}`;
}

/** A field that is not in a shape. */
export interface FreeField {
  readonly place: string;
  readonly value: unknown;
}

/** The unknown fields of a value from its own file. Null values do not count. */
export function freeFields(shape: Shape, value: unknown, place = ''): readonly FreeField[] {
  if (typeof shape === 'string' || typeof value !== 'object' || value === null || Array.isArray(value) !== Array.isArray(shape)) return [];
  if (Array.isArray(value)) return value.flatMap((item, i) => freeFields((shape as readonly [Shape])[0], item, `${place}[${i}]`));
  return Object.entries(value).flatMap(([field, item]): readonly FreeField[] => {
    if (item === null || item === undefined) return [];
    const stated = field !== '!' && Object.hasOwn(shape, field) ? field : Object.hasOwn(shape, '*') ? '*' : undefined;
    if (stated === undefined) return [{ place: at(place, field), value: item }];
    return freeFields((shape as FieldShapes)[stated] as Shape, item, at(place, field));
  });
}
