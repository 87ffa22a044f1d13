import { cidrOf } from '../../traffic/cidr';
import type { CidrRange } from '../xds/core';
import type { HeaderMatcher, StringMatcher, ValueMatcher } from '../xds/matcher';

/** A string with a `*` at one end; a `*` elsewhere counts as itself. */
export function stringMatcher(value: string): StringMatcher {
  if (value === '*') return regex('.+');
  return atOneEnd(value);
}

export function regex(pattern: string): StringMatcher {
  return { safeRegex: { regex: pattern } };
}

/** A principal of a peer, which a certificate names with a scheme. */
export function peerMatcher(principal: string): StringMatcher {
  const scheme = 'spiffe://';
  if (principal === '*') return regex('.+');
  return principal.startsWith('*') ? regex(`${scheme}.*${quoted(principal.slice(1))}`) : atOneEnd(scheme + principal);
}

/** One string, or one of several. */
export function anyStringMatcher(values: readonly string[]): ValueMatcher {
  return anyOf(values.map(value => ({ stringMatch: stringMatcher(value) })));
}

export function anyOf(valueMatchers: readonly ValueMatcher[]): ValueMatcher {
  return valueMatchers.length === 1 ? valueMatchers[0] : { orMatch: { valueMatchers } };
}

/** A header; `*` asks for its presence alone. */
export function headerMatcher(name: string, value: string, ignoreCase = false): HeaderMatcher {
  if (value === '*') return { name, presentMatch: true };
  return { name, stringMatch: { ...atOneEnd(value), ...(ignoreCase ? { ignoreCase } : {}) } };
}

function atOneEnd(value: string): StringMatcher {
  if (value.startsWith('*')) return { suffix: value.slice(1) };
  return value.endsWith('*') ? { prefix: value.slice(0, -1) } : { exact: value };
}

/** A string as a regex that matches itself. */
export function quoted(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}

/** An address or a block of addresses; undefined for any other string. */
export function cidrRange(value: string): CidrRange | undefined {
  const block = cidrOf(value);
  if (block === undefined) return undefined;
  const address = value.split('/')[0];
  // The shortest form of an IPv6 address is that of URLs.
  const addressPrefix = block.version === 4 ? address : new URL(`http://[${address}]`).hostname.slice(1, -1);
  return { addressPrefix, prefixLen: block.bits.length };
}
