import type { JsonWebKeyInput } from 'node:crypto';
import { X509Certificate, createPublicKey } from 'node:crypto';
import { parseGoUrl } from './go-url';
import type { Objection } from './objection';

/** The fewest bits of an RSA key that Envoy takes. */
const FEWEST_BITS = 512;
const CLAIM_HEADER = /^[-_A-Za-z0-9]+$/;
const LARGEST = 2n ** 63n;

type Fields = { readonly [name: string]: unknown };

/** The fields of a key that are required, and that a private key has besides, by its type. */
const KEYS: { readonly [type: string]: { readonly required: readonly string[]; readonly bytes: readonly string[] } } = {
  RSA: { required: ['e', 'n'], bytes: ['e', 'n', 'd', 'p', 'q', 'dp', 'dq', 'qi'] },
  EC: { required: ['crv', 'x', 'y'], bytes: ['x', 'y', 'd'] },
  OKP: { required: ['crv', 'x'], bytes: ['x', 'd'] },
  oct: { required: ['k'], bytes: ['k'] },
};
const STRINGS = ['kty', 'alg', 'kid', 'use', 'x5t', 'x5t#S256', 'x5u', 'crv'];

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a string is base64 in one of the two alphabets, padded or not. */
function isBase64(text: unknown): boolean {
  if (text === null) return true;
  if (typeof text !== 'string') return false;
  const plain = text.replace(/[\r\n]/g, '');
  const digits = plain.replace(/=+$/, '');
  const padding = plain.length - digits.length;
  const isUrl = !/[+/]/.test(text);
  if (!(isUrl ? /^[-\w]*$/ : /^[A-Za-z0-9+/]*$/).test(digits) || digits.length % 4 === 1) return false;
  return padding === 0 ? !text.endsWith('=') : padding === (4 - digits.length % 4) % 4;
}

function isCertificate(text: unknown): boolean {
  if (typeof text !== 'string' || !isBase64(text)) return false;
  try {
    return new X509Certificate(Buffer.from(text, 'base64')).raw.length > 0;
  } catch {
    return false;
  }
}

/** The type of a key; istiod takes its field's name in any case. */
function typeOf(key: Fields): string {
  return String(Object.entries(key).find(([field]) => field.toLowerCase() === 'kty')?.[1] ?? '');
}

function keyProblem(key: unknown): string | undefined {
  if (!isFields(key)) return 'is not an object';
  const type = typeOf(key);
  const kind = Object.hasOwn(KEYS, type) ? KEYS[type] : undefined;
  if (kind === undefined) return 'has no known kty';
  const { required, bytes } = kind;
  const missing = required.find(field => !(field in key));
  if (missing !== undefined) return `has no ${missing}`;
  const noBytes = bytes.find(field => field in key && !isBase64(key[field]));
  if (noBytes !== undefined) return `has an ${noBytes} that is not base64`;
  const noString = STRINGS.find(field => field in key && typeof key[field] !== 'string' && key[field] !== null);
  if (noString !== undefined) return `has a ${noString} that is not a string`;
  const { x5c, key_ops: operations } = key;
  if (x5c !== undefined && x5c !== null && !(Array.isArray(x5c) && x5c.every(isCertificate))) return 'has an x5c that is not a certificate';
  const isStrings = operations === undefined || operations === null
    || (Array.isArray(operations) && operations.every(operation => typeof operation === 'string'));
  return isStrings ? undefined : 'has key_ops that are not strings';
}

/** The first object in a string. istiod reads no further. */
function firstObject(text: string): string {
  let depth = 0;
  for (const token of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}]/gs)) {
    if (token[0] === '{') depth++;
    else if (token[0] === '}' && --depth === 0) return text.slice(0, token.index + 1);
  }
  return text;
}

/** The keys of a string that holds a set of keys, or one key. */
function keysOf(text: string): readonly unknown[] | undefined {
  try {
    const set = JSON.parse(firstObject(text)) as unknown;
    if (!isFields(set)) return undefined;
    if (!('keys' in set)) return [set];
    return set.keys === null ? [] : Array.isArray(set.keys) ? set.keys as unknown[] : undefined;
  } catch {
    return undefined;
  }
}

/** What is wrong with the keys by which tokens are verified. */
export function jwksProblem(text: string): Objection {
  const keys = keysOf(text);
  if (keys === undefined) return ['is not a JSON Web Key Set', 'write the JSON of one, such as {"keys": [...]}'];
  const wrong = keys.map(keyProblem).find(problem => problem !== undefined);
  return wrong === undefined ? undefined : [`has a key that ${wrong}`, 'write each key as its issuer publishes it'];
}

/** What is wrong with keys that istiod accepts: Envoy refuses a set without any key that it can use. */
export function envoyKeysProblem(text: string): Objection {
  return (keysOf(text) ?? []).some(isPublicKey) ? undefined
    : ['has no valid public key, so Envoy refuses it', 'write each key as its issuer publishes it'];
}

function isPublicKey(key: unknown): boolean {
  if (!isFields(key)) return false;
  try {
    const { asymmetricKeyDetails: details } = createPublicKey({ key, format: 'jwk' } as JsonWebKeyInput);
    return (details?.modulusLength ?? FEWEST_BITS) >= FEWEST_BITS;
  } catch {
    return false;
  }
}

/** The positions of keys that hold private material. */
export function privateKeys(text: string): readonly number[] {
  return (keysOf(text) ?? []).flatMap((key, i) => (isFields(key) && (typeOf(key) === 'oct' || 'd' in key) ? [i] : []));
}

/** What is wrong with the address of the keys. */
export function jwksUriProblem(uri: string): Objection {
  const url = parseGoUrl(uri);
  if (url === undefined) return [`is '${uri}', which is not a valid URL`, 'write a URL with http or https'];
  if (!['http', 'https'].includes(url.scheme)) return [`is '${uri}'`, 'write a URL with http or https'];
  return url.port === '' || BigInt(url.port) < LARGEST ? undefined : [`is '${uri}', whose port is too large`, 'use a port up to 65535'];
}

/** What is wrong with the name of a header to which a claim is copied. */
export function claimHeaderProblem(header: string): Objection {
  return CLAIM_HEADER.test(header) ? undefined : [`is '${header}'`, 'use letters, digits, \'-\' and \'_\''];
}
