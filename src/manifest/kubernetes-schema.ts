import { Schema, Type } from 'js-yaml';
import { RefusedDocument } from './refused-document';

const WORDS: ReadonlyMap<string, boolean | null> = new Map<string, boolean | null>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map(word => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(word => [word, false] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map(word => [word, null] as const),
]);
const NO_JSON = /^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$/;
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const INTEGER = /^[-+]?(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/;
/** The first characters of plain scalars that may not be strings. */
const HINT = /^[-+.~0-9yYnNtTfFoO]/;
/** A small decimal number, as most numbers are. */
const SMALL = /^(?:0|[1-9][0-9]{0,14})$/;

function integer(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.replace(/^[-+]/, '').toLowerCase();
  if (/^0[0-7]/.test(digits)) return sign * parseInt(digits, 8);
  return sign * Number(digits);
}

/** Parses a number as Go's parser does: underscores anywhere, octal with a leading 0, no base 60. Undefined if it is not a number. */
function number(text: string): number | undefined {
  if (NO_JSON.test(text)) throw new RefusedDocument(`${text} is not a number that JSON can hold`, 'use a finite number');
  const plain = text.startsWith('.') ? text : text.replace(/_/g, '');
  if (INTEGER.test(plain)) return integer(plain) + 0; // -0 is 0
  return FLOAT.test(plain) && Number.isFinite(Number(plain)) ? Number(plain) : undefined;
}

/** A plain scalar as Kubernetes reads it, in YAML 1.1: `on` and `y` are true, `010` is 8, `1:30` and dates are strings. */
function plainScalar(text: string): string | number | boolean | null {
  if (text !== '' && !HINT.test(text)) return text;
  if (SMALL.test(text)) return Number(text);
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  return /^[-+.0-9]/.test(text) ? number(text) ?? text : text;
}

function explicit(name: string, accepts: (value: unknown) => boolean): Type {
  return new Type(`tag:yaml.org,2002:${name}`, {
    kind: 'scalar',
    resolve: (text: string | null) => accepts(plainScalar(text ?? '')),
    construct: (text: string | null) => plainScalar(text ?? ''),
  });
}

/**
 * How Kubernetes (sigs.k8s.io/yaml) resolves tags and plain scalars. One type stands for all plain scalars, since a parser asks each for
 * every scalar.
 */
export const KUBERNETES_SCHEMA = new Schema({
  implicit: [
    new Type('tag:yaml.org,2002:merge', { kind: 'scalar', resolve: (text: string | null) => text === '<<' }),
    new Type('tag:yaml.org,2002:plain', { kind: 'scalar', construct: (text: string | null) => plainScalar(text ?? '') }),
  ],
  explicit: [
    new Type('tag:yaml.org,2002:str', { kind: 'scalar', construct: (text: string | null) => text ?? '' }),
    new Type('tag:yaml.org,2002:seq', { kind: 'sequence', construct: (items: unknown[] | null) => items ?? [] }),
    new Type('tag:yaml.org,2002:map', { kind: 'mapping', construct: (fields: object | null) => fields ?? {} }),
    explicit('bool', value => typeof value === 'boolean'),
    explicit('int', value => Number.isInteger(value)),
    explicit('float', value => typeof value === 'number'),
    explicit('null', value => value === null),
    new Type('tag:yaml.org,2002:timestamp', { kind: 'scalar' }),
    new Type('tag:yaml.org,2002:binary', {
      kind: 'scalar',
      construct: (text: string | null) => Buffer.from(text ?? '', 'base64').toString('utf8'),
    }),
    ...(['scalar', 'sequence', 'mapping'] as const).map(kind => new Type('!', { kind, multi: true })),
  ],
});
