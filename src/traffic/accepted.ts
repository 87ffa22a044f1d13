import type { IConstruct } from 'constructs';
import { CALLS, ENUMS, IMPLEMENTATIONS, INSTANCES, STRUCTS } from './calls.generated';
import { nearest } from './nearest';
import { refuseOtherApp } from './one-app';
import { isPlain, plainCopy } from './plain-copy';
import { fail } from './problem';
import { kindOf, shown } from './shown-value';

/** A public constructor or method. */
export type Call = keyof typeof CALLS;

/** Checks a value of one type, and returns a copy of it that no later change of the argument reaches. */
type Take = (at: At, what: string, value: unknown) => unknown;

type At = IConstruct | string;

/**
 * Checks the arguments of a public call against its declaration, and copies their lists, maps and structs. TypeScript checks the same, but
 * plain JavaScript, other languages and `any` reach this code unchecked. Throws an error that starts with the construct path.
 */
export function accepted<A extends unknown[]>(call: Call, args: [...A], at: At = call): A {
  requirePlace(call, at);
  const copies: unknown[] = [];
  for (const { what, take } of parametersOf(call)) copies.push(take(at, what, args[copies.length]));
  return copies as A;
}

/** The same for a call with one parameter, such as a construct with its props. A list of one would cost as much as the check. */
export function acceptedArgument<A>(call: Call, argument: A, at: At = call): A {
  requirePlace(call, at);
  const { what, take } = parametersOf(call)[0];
  return take(at, what, argument) as A;
}

/** A construct without a scope is a tree of its own, which no synth renders. The name of a method contains a dot. */
function requirePlace(call: Call, at: At): void {
  if (typeof at === 'string' || (at.node.scope ?? undefined) !== undefined || call.includes('.')) return;
  fail(at, 'the first argument, its scope, is missing; use a Chart, or a construct in a Chart');
}

interface Parameter {
  /** The name in errors; empty for a struct, whose fields are named alone. */
  readonly what: string;
  readonly take: Take;
}

const parameters = new Map<Call, readonly Parameter[]>();

function parametersOf(call: Call): readonly Parameter[] {
  const known = parameters.get(call);
  if (known !== undefined) return known;
  const made = Object.entries<string>(CALLS[call]).map(([name, type]) =>
    ({ what: STRUCTS[type.replace('?', '')] === undefined ? name : '', take: takeOf(type) }));
  parameters.set(call, made);
  return made;
}

const takes = new Map<string, Take>();

function takeOf(type: string): Take {
  let take = takes.get(type);
  if (take === undefined) takes.set(type, take = newTake(type));
  return take;
}

function newTake(type: string): Take {
  if (type === 'any') {
    return (at, what, value) => plainCopy(value, () => fail(at, `${what || 'the argument'} contains itself; use data without cycles`));
  }
  if (type.endsWith('?')) {
    const take = takeOf(type.slice(0, -1));
    return (at, what, value) => {
      if (value === null) fail(at, `${what || 'the argument'} is null; omit it, or use ${wordsOf(type)}`);
      return value === undefined ? undefined : take(at, what, value);
    };
  }
  const take = presentTake(type);
  return (at, what, value) => {
    if (value === undefined) fail(at, absent(what, type));
    return take(at, what, value);
  };
}

function presentTake(type: string): Take {
  if (type.endsWith('[]')) return listTake(type, takeOf(type.slice(0, -2)));
  if (type.startsWith('{')) return mapTake(type, takeOf(type.slice(1, -1)));
  if (STRUCTS[type] !== undefined) return structTake(type);
  if (ENUMS[type] !== undefined) return enumTake(type);
  if (INSTANCES[type] !== undefined) return instanceTake(type);
  return primitiveTake(type);
}

function primitiveTake(type: string): Take {
  return (at, what, value) => {
    if (typeof value !== type || Number.isNaN(value)) refuseType(at, what, type, value);
    return value;
  };
}

function enumTake(type: string): Take {
  const values = new Set<unknown>(Object.values(ENUMS[type]));
  return (at, what, value) => (values.has(value) ? value : refuseType(at, what, type, value));
}

function instanceTake(type: string): Take {
  const members = INSTANCES[type];
  return (at, what, value) => {
    if (typeof value !== 'object' || value === null || !members.every(member => member in value)) return refuseType(at, what, type, value);
    if (typeof at !== 'string') requireOneApp(at, what, value);
    return value;
  };
}

/** A construct of our library, or a subset of one. */
interface Placed {
  readonly node?: IConstruct['node'];
  readonly service?: { readonly node?: Placed['node'] };
}

/** A statement about a construct of another App would change the manifests of that App. */
function requireOneApp(at: IConstruct, what: string, value: object): void {
  const { node, service } = value as Placed;
  const other = node ?? service?.node;
  if (other === undefined || !('scope' in other)) return;
  refuseOtherApp(at, what, other);
}

function listTake(type: string, take: Take): Take {
  return (at, what, value) => {
    if (!Array.isArray(value)) return refuseType(at, what, type, value);
    const copy: unknown[] = [];
    // By index, because a sparse list has holes.
    for (let i = 0; i < value.length; i++) copy.push(take(at, `${what}[${i}]`, value[i]));
    return copy;
  };
}

function mapTake(type: string, take: Take): Take {
  return (at, what, value) => {
    if (!isPlain(value)) return refuseType(at, what, type, value);
    const copy: { [key: string]: unknown } = {};
    for (const key of Object.keys(value)) set(copy, key, take(at, `${what}['${key}']`, value[key]));
    return copy;
  };
}

/** Sets a field of a copy, also one that is named `__proto__`. */
function set(copy: { [key: string]: unknown }, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(copy, key, { value, enumerable: true, configurable: true, writable: true });
  else copy[key] = value;
}

interface Field {
  readonly type: string;
  /** Made for the first value, because structs contain each other. */
  take?: Take;
}

/** Copies the fields that are given. Most structs give few of their fields, so the fields of the value decide which are looked up. */
function structTake(type: string): Take {
  const fields = new Map(Object.entries(STRUCTS[type]).map(([name, of]): [string, Field] => [name, { type: of }]));
  const required = [...fields].filter(([, of]) => !of.type.endsWith('?')).map(([name]) => name);
  return (at, what, value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || isLazy(value)) return refuseType(at, what, type, value);
    const given = value as { readonly [field: string]: unknown };
    const copy: { [field: string]: unknown } = {};
    // An object of a class may have its fields in the prototype.
    for (const name of isPlain(given) ? Object.keys(given) : new Set([...Object.keys(given), ...fields.keys()])) {
      const field = fields.get(name) ?? refuseField(at, what, type, name);
      if (given[name] !== undefined) copy[name] = (field.take ??= takeOf(field.type))(at, within(what, name), given[name]);
    }
    for (const name of required) if (copy[name] === undefined) fail(at, absent(within(what, name), fields.get(name)!.type));
    return copy;
  };
}

function refuseField(at: At, what: string, type: string, key: string): never {
  const names = Object.keys(STRUCTS[type]);
  const repair = nearest(key, names);
  return fail(
    at,
    `${within(what, key)} is an unknown field; ${repair === undefined ? `expected one of ${names.join(', ')}` : `use ${repair}`}`,
  );
}

function refuseType(at: At, what: string, type: string, value: unknown): never {
  const subject = what === '' ? 'the argument' : what;
  if (isLazy(value)) fail(at, `${subject} is a Lazy, which no check can read; use its value`);
  return fail(at, `${subject} is ${shown(value)}${kindOf(value)}; use ${wordsOf(type)}`);
}

function absent(what: string, type: string): string {
  if (what.endsWith(']')) return `${what} is undefined; omit it, or use ${wordsOf(type)}`;
  if (what !== '') return `${what} is missing; use ${wordsOf(type)}`;
  const required = Object.entries(STRUCTS[type]).filter(([, of]) => !of.endsWith('?')).map(([field]) => field);
  return `the argument is missing; ${required.length > 0 ? `${type} requires ${required.join(', ')}` : `use ${wordsOf(type)}`}`;
}

function within(what: string, field: string): string {
  return what === '' ? field : `${what}.${field}`;
}

/** A type in words, with the functions that create its values. */
function wordsOf(type: string): string {
  const bare = type.replace('?', '');
  if (bare.endsWith('[]')) return `a list, each item ${wordsOf(bare.slice(0, -2))}`;
  if (bare === '{any}') return 'an object';
  if (bare.startsWith('{')) return `an object, each value ${wordsOf(bare.slice(1, -1))}`;
  if (ENUMS[bare] !== undefined) return `one of ${Object.keys(ENUMS[bare]).map(member => `${bare}.${member}`).join(', ')}`;
  if (STRUCTS[bare] !== undefined) return `an object with the fields of ${bare}`;
  if (bare === 'Duration') return 'a Duration, such as Duration.seconds(5)';
  if (bare === 'IConstruct') return 'a construct with a Kubernetes object: an ApiObject, or one of cdk8s-plus';
  if (IMPLEMENTATIONS[bare]?.length === 0) return `an object with ${INSTANCES[bare].join(', ')}`;
  if (IMPLEMENTATIONS[bare] !== undefined) return `an ${bare}: ${IMPLEMENTATIONS[bare].join(', ')}`;
  const factories = Object.keys(CALLS).filter(
    call => call.startsWith(`${bare}.`) && bare !== 'MeshService' && bare !== 'ExternalDependency',
  );
  const article = /^[AEI]/.test(bare) ? 'an' : 'a';
  return factories.length === 0 ? `${article} ${bare}` : `${article} ${bare}, such as ${factories[0]}()`;
}

function isLazy(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'producer' in value;
}
