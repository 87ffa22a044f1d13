import type { Arrival } from './arrival';
import { authorities } from './authorities';
import type { Budget } from './budget';
import { claimNames, STRING_CLAIMS, TIME_CLAIMS } from './claims';
import type { Field, LineField, NamedField, NamedKind } from './condition';
import { isNamed, partsOf } from './condition';
import type { Domain } from './member';
import type { HeaderFate } from './reception';
import { exactly, fixedSet } from './string-set';
import { HTTP1_METHODS } from '../envoy/http1-methods';
import { INLINE_HEADERS } from '../envoy/xds/inline-headers';

/** What a field of requests can hold. */
export interface FieldKind {
  readonly domain: Domain;
  /** Whether it can be absent. */
  readonly isOptional: boolean;
  /** Whether it can have several values. */
  readonly repeats: boolean;
  /** Whether Envoy writes a value that the request does not decide, so that conditions on the value are not decided. */
  readonly isWritten?: boolean;
}

/** Requests as they are compared. */
export interface RequestSpace {
  readonly budget: Budget;
  kindOf(field: Field): FieldKind;
}

/** A character of a path after Envoy has made it uniform: codes are left only of characters that need them. */
const IN_PATH = '[\\w!$&\'()*+,;=:@~[\\]-]|%(?:[0189A-Fa-f][0-9A-Fa-f]|2[0-9A-CFa-cf]|3[A-Fa-f]|40|5[B-Eb-e]|60|7[B-DFb-df])';
/** A part of a path, which is not a dot segment. */
const SEGMENT = `(?:(?:${IN_PATH})(?:${IN_PATH}|\\.)*|\\.(?:${IN_PATH})(?:${IN_PATH}|\\.)*|\\.\\.(?:${IN_PATH}|\\.)+)?`;

const PATH: FieldKind = {
  domain: { set: fixedSet(`(?:/${SEGMENT})+`), examples: ['/', '/x', '/other', '/x/y', '/~'] }, isOptional: false, repeats: false,
};
/** A witness has a method that HTTP/1 can send. No route takes a CONNECT request. */
const EXAMPLES = [...HTTP1_METHODS].filter(method => method !== 'CONNECT');
const METHOD: FieldKind = {
  domain: { set: fixedSet('[!#$%&\'*+.^_`|~0-9A-Za-z-]+'), examples: EXAMPLES },
  isOptional: false,
  repeats: false,
};
/** Values have no spaces around them. */
const HEADER_VALUES: Domain = { set: fixedSet('(?:[!-~](?:[ -~]*[!-~])?)?'), examples: ['x', 'other', '1'] };
const HEADER: FieldKind = { domain: HEADER_VALUES, isOptional: true, repeats: false };
const REPEATED_HEADER: FieldKind = { domain: HEADER_VALUES, isOptional: true, repeats: true };
const WITHOUT_VALUE: FieldKind = {
  domain: { set: fixedSet('[^\\x00-\\x{10FFFF}]'), examples: [] }, isOptional: true, repeats: false,
};
const COMPLETED_HEADER: FieldKind = { domain: HEADER_VALUES, isOptional: false, repeats: false };
const WRITTEN_HEADER: FieldKind = { domain: HEADER_VALUES, isOptional: false, repeats: false, isWritten: true };
const HEADERS: { readonly [F in HeaderFate]: FieldKind } = {
  'sent': HEADER,
  'completed': COMPLETED_HEADER,
  'removed': WITHOUT_VALUE,
  'written': WRITTEN_HEADER,
  'written or removed': { ...WRITTEN_HEADER, isOptional: true },
};
/** Envoy refuses a length that is not a number. */
const LENGTH: FieldKind = { domain: { set: fixedSet('[0-9]{1,19}'), examples: ['0', '1'] }, isOptional: true, repeats: false };
/** Over HTTP/1.1, Istio's proxies upgrade connections to WebSockets alone. */
const UPGRADE: FieldKind = { domain: { set: fixedSet('(?i)websocket'), examples: ['websocket'] }, isOptional: true, repeats: false };
const CLAIM: FieldKind = { domain: { set: fixedSet('[ -~]*'), examples: ['x', 'other', '1'] }, isOptional: true, repeats: true };
const STRING_CLAIM: FieldKind = { ...CLAIM, repeats: false };
const PARAMETER: FieldKind = {
  domain: { set: fixedSet('[!"$%\'-~]*'), examples: ['x', 'other', '1'] }, isOptional: true, repeats: false,
};
const UNREAD: FieldKind = { domain: { set: fixedSet(''), examples: [''] }, isOptional: true, repeats: false };

const BOTH_SCHEMES = fixedSet('https?');

/** What a claim can hold: a string, or a list of strings. */
function claimKind(names: string): FieldKind {
  const [first, ...inner] = claimNames(names);
  if (inner.length === 0) return TIME_CLAIMS.has(first) ? WITHOUT_VALUE : STRING_CLAIMS.has(first) ? STRING_CLAIM : CLAIM;
  return first === 'aud' || STRING_CLAIMS.has(first) || TIME_CLAIMS.has(first) ? WITHOUT_VALUE : CLAIM;
}

/** Whether a request may have several lines of a header. Cookies are sent in one. */
function isRepeatable(header: string): boolean {
  return !INLINE_HEADERS.has(header) && header !== 'cookie';
}

/** All requests that arrive somewhere; with `repeats`, those that have a header several times are among them. */
export function requestSpace(arrival: Arrival, repeats: boolean, budget: Budget): RequestSpace {
  let authority: FieldKind | undefined;
  const scheme: FieldKind = {
    domain: { set: arrival.schemes.length === 1 ? exactly(arrival.schemes[0]) : BOTH_SCHEMES, examples: arrival.schemes },
    isOptional: false,
    repeats: false,
  };
  const line: { readonly [F in LineField]: () => FieldKind } = {
    path: () => PATH,
    method: () => METHOD,
    scheme: () => scheme,
    authority: () => authority ??= { domain: authorities(arrival), isOptional: false, repeats: false },
  };
  const headerKind = (name: string) => {
    const fate = arrival.reception?.fateOf(name) ?? 'sent';
    if (fate !== 'sent') return HEADERS[fate];
    if (name === 'content-length') return LENGTH;
    return name === 'upgrade' ? UPGRADE : repeats && isRepeatable(name) ? REPEATED_HEADER : HEADER;
  };
  const named: { readonly [K in NamedKind]: (name: string) => FieldKind } = {
    header: headerKind,
    claim: claimKind,
    parameter: () => PARAMETER,
    unread: () => UNREAD,
  };
  const known = new Map<NamedField, FieldKind>();
  return {
    budget,
    kindOf: field => {
      if (!isNamed(field)) return line[field]();
      let kind = known.get(field);
      if (kind === undefined) {
        const [family, name] = partsOf(field);
        known.set(field, kind = named[family](name));
      }
      return kind;
    },
  };
}
