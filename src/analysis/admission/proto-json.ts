import type { Definition, Field } from './envoy-messages';
import { camelCase, definitionOf, isOtherMessage } from './envoy-messages';
import { parseDuration } from '../../manifest/duration';
import { nearest } from '../../traffic/nearest';

/** Something in the JSON of a message: istiod refuses it, or drops the field. */
export interface MessageProblem {
  readonly path: string;
  readonly cause: string;
  readonly repair: string;
  readonly isDropped: boolean;
}

type Fields = { readonly [name: string]: unknown };
type Add = (path: string, cause: string, repair: string, isDropped?: boolean) => void;

const PROTOBUF = 'google.protobuf.';
const WRAPPERS: { readonly [name: string]: string } = {
  BoolValue: 'bool',
  BytesValue: 'bytes',
  StringValue: 'string',
  DoubleValue: 'double',
  FloatValue: 'float',
  Int32Value: 'int32',
  Int64Value: 'int64',
  UInt32Value: 'uint32',
  UInt64Value: 'uint64',
};
const WELL_KNOWN = new Set(['Any', 'Empty', 'Duration', 'Timestamp', 'Struct', 'Value', 'ListValue', ...Object.keys(WRAPPERS)]);
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[-+]\d\d:\d\d)$/;
const LARGEST_FLOAT = 3.4028234663852886e38;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function written(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return isFields(value) ? 'an object' : JSON.stringify(value);
}

/** A number as istiod reads it, which may be quoted. */
function numberText(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : undefined;
  return text !== undefined && NUMBER.test(text) ? text : undefined;
}

function isInteger(value: unknown, type: string): boolean {
  const text = numberText(value);
  if (text === undefined || !/^-?\d+$/.test(text)) return false;
  const count = 2n ** (type.endsWith('64') ? 64n : 32n);
  const isUnsigned = /^(?:uint|fixed)/.test(type);
  const [least, most] = isUnsigned ? [0n, count - 1n] : [-count / 2n, count / 2n - 1n];
  // Not even -0 is an unsigned integer.
  return BigInt(text) >= least && BigInt(text) <= most && !(isUnsigned && text.startsWith('-'));
}

function isFloat(value: unknown, type: string): boolean {
  if (typeof value === 'string' && ['NaN', 'Infinity', '-Infinity'].includes(value)) return true;
  const text = numberText(value);
  return text !== undefined && Math.abs(Number(text)) <= (type === 'float' ? LARGEST_FLOAT : Number.MAX_VALUE);
}

function isBytes(value: unknown): boolean {
  if (typeof value === 'string') return BASE64.test(value.replace(/[\r\n]/g, ''));
  return Array.isArray(value) && value.every(byte => byte === null || isInteger(byte, 'uint32') && typeof byte === 'number' && byte < 256);
}

/** What a value must be if it is none of a scalar type. */
function scalarWanted(type: string, value: unknown): string | undefined {
  // Neither null nor "null" changes a number.
  const isNull = value === null || (value === 'null' && type !== 'string' && type !== 'bool' && type !== 'bytes');
  if (isNull) return undefined;
  switch (type) {
    case 'bool': return typeof value === 'boolean' ? undefined : 'true or false';
    case 'string': return typeof value === 'string' ? undefined : 'a string';
    case 'bytes': return isBytes(value) ? undefined : 'base64';
    case 'double':
    case 'float': return isFloat(value, type) ? undefined : 'a number';
    default: return isInteger(value, type) ? undefined : `an integer (${type})`;
  }
}

/** What the key of a map must be if it is none of its type. JSON has every key as a string. */
function keyWanted(type: string, key: string): string | undefined {
  if (type === 'string') return undefined;
  return scalarWanted(type, type === 'bool' && /^(?:true|false)$/.test(key) ? key === 'true' : key);
}

/** Reads values as istiod reads the JSON of Envoy's messages. */
class Reader {
  public constructor(private readonly add: Add) {}

  public message(definition: Definition, value: unknown, path: string): void {
    if (value === null && definition.name !== `${PROTOBUF}Value`) return;
    const known = definition.name.startsWith(PROTOBUF) ? definition.name.slice(PROTOBUF.length) : '';
    if (WELL_KNOWN.has(known) && known !== 'Empty') {
      this.wellKnown(known, value, path);
    } else if (isFields(value)) {
      this.fields(definition, value, path);
    } else {
      this.mistyped(path, value, `an object (${definition.name})`);
    }
  }

  private mistyped(path: string, value: unknown, wanted: string): void {
    this.add(path, `is ${written(value)}, but must be ${wanted}`, 'write a value of its type');
  }

  private fields({ name: message, fields }: Definition, value: Fields, path: string): void {
    for (const [name, content] of Object.entries(value)) {
      const field = fields.get(name);
      const at = `${path}.${name}`;
      if (field === undefined) {
        if (name.startsWith('[')) continue;
        const like = nearest(name, [...fields.keys()]);
        this.add(at, `is an unknown field of ${message}, which istiod drops`,
          like === undefined ? 'remove it' : `write '${like}'`, true);
        continue;
      }
      // Of both names of a field istiod reads the one in camel case.
      const isHidden = name !== camelCase(field.name) && camelCase(field.name) in value;
      if (!isHidden && (content !== null || field.type === `${PROTOBUF}Value`)) this.field(field, content, at);
    }
  }

  private field({ type, isList, key }: Field, value: unknown, path: string): void {
    if (isList) {
      if (Array.isArray(value)) value.forEach((item, i) => this.single(type, item, `${path}[${i}]`));
      else if (value !== null) this.mistyped(path, value, 'a list');
    } else if (key !== undefined) {
      if (!isFields(value)) {
        if (value !== null) this.mistyped(path, value, 'an object');
        return;
      }
      for (const [name, item] of Object.entries(value)) {
        const wanted = keyWanted(key, name);
        if (wanted !== undefined) this.add(path, `has the key '${name}', but keys must be ${wanted}`, 'correct the key');
        this.single(type, item, `${path}.${name}`);
      }
    } else {
      this.single(type, value, path);
    }
  }

  private single(type: string, value: unknown, path: string): void {
    const definition = type.includes('.') ? definitionOf(type)! : undefined;
    if (definition?.values) {
      if (typeof value !== 'string') {
        const wanted = scalarWanted('int32', value);
        if (wanted !== undefined) this.mistyped(path, value, `one of the values of ${type}`);
      } else if (!definition.values.has(value)) {
        this.add(path, `is '${value}', which is not a value of ${type}`, `use one of ${[...definition.values].join(', ')}`);
      }
    } else if (definition) {
      this.message(definition, value, path);
    } else {
      const wanted = scalarWanted(type, value);
      if (wanted !== undefined) this.mistyped(path, value, wanted);
    }
  }

  private wellKnown(name: string, value: unknown, path: string): void {
    switch (name) {
      case 'Any': this.any(value, path); return;
      case 'Value': return;
      case 'Struct': if (!isFields(value)) this.mistyped(path, value, 'an object'); return;
      case 'ListValue': if (!Array.isArray(value)) this.mistyped(path, value, 'a list'); return;
      case 'Duration':
        if (typeof value !== 'string' || parseDuration(value) === undefined) this.mistyped(path, value, 'a duration, such as 5s or 0.25s');
        return;
      case 'Timestamp':
        if (typeof value !== 'string' || !TIMESTAMP.test(value) || Number.isNaN(Date.parse(value))) {
          this.mistyped(path, value, 'a timestamp');
        }
        return;
      default: this.single(WRAPPERS[name], value, path);
    }
  }

  private any(value: unknown, path: string): void {
    if (!isFields(value)) {
      this.mistyped(path, value, 'an object with @type');
      return;
    }
    const { '@type': url, ...rest } = value;
    if (typeof url !== 'string') {
      this.add(path, 'has no @type', 'set the type URL of the message, such as type.googleapis.com/envoy.config.route.v3.Route');
      return;
    }
    const name = url.slice(url.lastIndexOf('/') + 1);
    const definition = definitionOf(name);
    if (definition === undefined || definition.values) {
      if (isOtherMessage(name)) return;
      this.add(`${path}["@type"]`, `is '${url}', which istiod does not know`,
        name.includes('.v2.') ? 'use the type of the v3 API' : 'correct the type URL');
    } else if (name.startsWith(PROTOBUF) && WELL_KNOWN.has(name.slice(PROTOBUF.length))) {
      if (!('value' in rest)) this.add(path, `has no value, which a ${name} needs`, 'set value');
      else this.message(definition, rest.value, `${path}.value`);
    } else {
      this.message(definition, rest, path);
    }
  }
}

/** What istiod refuses or drops in the JSON of a message. */
export function messageProblems(message: string, value: unknown, path: string): readonly MessageProblem[] {
  const problems: MessageProblem[] = [];
  const add: Add = (at, cause, repair, isDropped = false) => problems.push({ path: at, cause, repair, isDropped });
  new Reader(add).message(definitionOf(message)!, value, path);
  return problems;
}

/** The places of extensions that have a name and no `typed_config`, by which Envoy no longer finds an extension. */
export function withoutTypedConfig(message: string, value: unknown, path: string): readonly string[] {
  const definition = definitionOf(message);
  if (definition === undefined || !isFields(value)) return [];
  const set = (name: string) => (value[camelCase(name)] ?? value[name] ?? undefined) !== undefined;
  const inner = [...new Set(definition.fields.values())].flatMap(({ name, type, isList, key }) => {
    const stated = camelCase(name) in value ? camelCase(name) : name;
    return isList || key !== undefined || !type.includes('.') || type === `${PROTOBUF}Any` || !set(name)
      ? []
      : withoutTypedConfig(type, value[stated], `${path}.${stated}`);
  });
  const needsOne = definition.fields.has('typedConfig') && !set('typed_config') && !set('config_discovery');
  return needsOne ? [...inner, path] : inner;
}
