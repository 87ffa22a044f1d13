import { celRule } from './cel-rules';
import { KINDS, NODES } from '../../manifest/crd-schemas.generated';
import type { FieldPath } from '../../manifest/provenance';
import type { SchemaNode } from '../../manifest/schema-node';

/** Something for which the API server refuses an object, or that it drops. */
export interface SchemaProblem {
  readonly path: FieldPath;
  readonly cause: string;
  readonly repair: string;
  /** Whether the value is of another type, so that nothing in it can be relied on. */
  readonly mistyped?: boolean;
  /** Whether the value is none of an enum's, so that manifests are read without it. */
  readonly unknownValue?: boolean;
  /** Whether a required field is missing. */
  readonly missing?: boolean;
}

const NONE: readonly never[] = [];
const INT32 = 2147483647;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/;
const patterns = new Map<string, RegExp>();

function matches(pattern: string, text: string): boolean {
  let regex = patterns.get(pattern);
  if (!regex) patterns.set(pattern, regex = new RegExp(pattern));
  return regex.test(text);
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'object': return 'an object';
    case 'string': return `the string ${JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}...` : value)}`;
    default: return String(value);
  }
}

const WANTED: { readonly [type: string]: readonly [string, string] } = {
  object: ['an object', 'write its fields below it'],
  array: ['a list', 'write its items below it, each after a \'-\''],
  string: ['a string', 'write a string, in quotes where it could be read as something else'],
  integer: ['an integer', 'write an integer, without quotes'],
  number: ['a number', 'write a number, without quotes'],
  boolean: ['true or false', 'write true or false, without quotes'],
};

function isFields(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isOfType(type: string, value: unknown): boolean {
  switch (type) {
    case 'object': return isFields(value);
    case 'array': return Array.isArray(value);
    case 'integer': return Number.isInteger(value);
    default: return typeof value === type;
  }
}

/** Whether at most two letters differ between two names. */
function isLike(a: string, b: string): boolean {
  if (a.toLowerCase().replace(/[_-]/g, '') === b.toLowerCase().replace(/[_-]/g, '')) return true;
  if (Math.abs(a.length - b.length) > 2 || a.length < 4) return false;
  let row = [...Array(b.length + 1).keys()];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + Number(a[i - 1] !== b[j - 1])));
    row = next;
  }
  return row[b.length] <= 2;
}

function unknownRepair(name: string, names: readonly string[]): string {
  const like = names.find(known => isLike(name, known));
  return like === undefined ? `remove it; expected one of ${names.join(', ')}` : `write '${like}'`;
}

class Checker {
  public readonly problems: SchemaProblem[] = [];
  /** Where the check is: one path for all, as most objects have nothing wrong. */
  private readonly path: (string | number)[] = [];

  public check(node: SchemaNode, value: unknown): void {
    if (value === null && node.nullable) return;
    if (node.intOrString) {
      if (typeof value !== 'string' && !Number.isInteger(value)) {
        this.add(`is ${typeOf(value)}, but must be an integer or a string`, 'write one of them', true);
      }
      return;
    }
    if (node.type !== undefined && !isOfType(node.type, value)) {
      const [wanted, repair] = WANTED[node.type];
      this.add(`is ${typeOf(value)}, but must be ${wanted}`, repair, true);
      return;
    }
    if (typeof value === 'string') this.checkText(node, value);
    else if (typeof value === 'number') this.checkNumber(node, value);
    else if (Array.isArray(value)) this.checkList(node, value);
    else if (isFields(value)) this.checkObject(node, value);
    if (node.rules) this.checkRules(node.rules, value);
  }

  private checkAt(step: string | number, node: number, value: unknown): void {
    this.path.push(step);
    this.check(NODES[node], value);
    this.path.pop();
  }

  private add(cause: string, repair: string, mistyped = false): void {
    this.problems.push({ path: [...this.path], cause, repair, ...(mistyped && { mistyped }) });
  }

  private checkText({ enum: values, minLength = 0, maxLength, pattern, format }: SchemaNode, value: string): void {
    if (values && !values.includes(value)) {
      const repair = `use one of ${values.map(text => text || '\'\'').join(', ')}`;
      this.problems.push({ path: [...this.path], cause: `is '${value}', an unknown value`, repair, unknownValue: true });
    }
    if (format === 'byte' && !BASE64.test(value)) this.add('is not base64', 'encode it in base64');
    if (value.length < minLength) this.add('is empty', 'set it');
    if (maxLength !== undefined && value.length > maxLength && [...value].length > maxLength) {
      this.add(`has ${value.length} characters`, `use at most ${maxLength}`);
    }
    if (pattern !== undefined && !matches(pattern, value)) this.add(`is '${value}', which does not match ${pattern}`, 'correct it');
  }

  private checkNumber({ format, minimum, maximum }: SchemaNode, value: number): void {
    if (format === 'int32' && Math.abs(value) > INT32 && value !== -INT32 - 1) {
      this.add(`is ${value}, which is too large`, `use at most ${INT32}`, true);
    }
    if (minimum !== undefined && value < minimum) this.add(`is ${value}`, `use at least ${minimum}`);
    if (maximum !== undefined && value > maximum) this.add(`is ${value}`, `use at most ${maximum}`);
  }

  private checkList({ items, keys, minItems = 0, maxItems }: SchemaNode, values: readonly unknown[]): void {
    if (values.length < minItems) this.add(`has ${values.length} items`, `write at least ${minItems}`);
    if (maxItems !== undefined && values.length > maxItems) this.add(`has ${values.length} items`, `write at most ${maxItems}`);
    if (keys) this.checkKeys(keys, values);
    if (items === undefined) return;
    for (let i = 0; i < values.length; i++) this.checkAt(i, items, values[i]);
  }

  /** Checks that the items of a list differ in their keys. */
  private checkKeys(keys: readonly string[], values: readonly unknown[]): void {
    const seen = new Set<string>();
    values.forEach((value, i) => {
      const key = keys.map(name => `${name}: ${String(isFields(value) ? value[name] : undefined)}`).join(', ');
      if (seen.has(key)) this.problems.push({ path: [...this.path, i], cause: `repeats ${key}`, repair: 'write each of them once' });
      seen.add(key);
    });
  }

  private checkObject(node: SchemaNode, value: { readonly [name: string]: unknown }): void {
    const { properties, values, open, required = NONE, atMostOne = NONE, maxProperties } = node;
    const names = Object.keys(value);
    if (maxProperties !== undefined && names.length > maxProperties) {
      this.add(`has ${names.length} fields`, `write at most ${maxProperties}`);
    }
    for (const name of required) {
      if (!Object.hasOwn(value, name)) {
        this.problems.push({ path: [...this.path], cause: `has no ${name}, which is required`, repair: `set ${name}`, missing: true });
      }
    }
    for (const alternatives of atMostOne) {
      let count = 0;
      for (const name of alternatives) if (Object.hasOwn(value, name)) count++;
      if (count < 2) continue;
      const stated = alternatives.filter(name => Object.hasOwn(value, name));
      this.add(`has ${stated.join(' and ')}, but only one of them is allowed`, 'keep one of them');
    }
    for (const name of names) {
      if (properties && Object.hasOwn(properties, name)) {
        this.checkAt(name, properties[name], value[name]);
      } else if (values !== undefined) {
        this.checkAt(name, values, value[name]);
      } else if (properties && !open) {
        this.path.push(name);
        this.add('is an unknown field, which the API server drops', unknownRepair(name, Object.keys(properties)));
        this.path.pop();
      }
    }
  }

  private checkRules(rules: readonly string[], value: unknown): void {
    for (const text of rules) {
      const rule = celRule(text);
      if (rule && !rule.holds(value)) this.add(rule.cause(value), rule.repair);
    }
  }
}

export interface SchemaVerdict {
  readonly problems: readonly SchemaProblem[];
  /** Whether every field has its type, so that checks of values may rely on it. */
  readonly typed: boolean;
}

/** Whether the CRD of a kind is known. */
export function hasSchema(apiVersion: string, kind: string): boolean {
  if (!Object.hasOwn(KINDS, kind)) return false;
  const { group } = KINDS[kind];
  return apiVersion === group || apiVersion.startsWith(`${group}/`);
}

/** What the CRD of an object of Istio has against it; `hasSchema` must hold. */
export function schemaVerdict(object: { readonly apiVersion: string; readonly kind: string }): SchemaVerdict {
  const checker = new Checker();
  const [group, version] = object.apiVersion.split('/');
  const { node, versions } = KINDS[object.kind];
  checker.check(NODES[node], object);
  const { problems } = checker;
  // All versions of a kind have the same fields.
  if (!versions.includes(version)) {
    problems.unshift({
      path: ['apiVersion'],
      cause: `is '${object.apiVersion}', which Istio does not serve`,
      repair: `write ${group}/${versions[0]}`,
    });
  }
  return { problems, typed: !problems.some(({ mistyped }) => mistyped) };
}
