import { isIP } from 'node:net';
import type { StringMatcher } from '../envoy/xds/matcher';

/** The value of a header that Envoy writes and that the request does not decide: the address of the caller, an id, a certificate. */
export interface GeneratedHeader {
  readonly what: 'address' | 'id' | 'certificate' | 'claims';
  /** The part of the value that is known, which stands first. */
  readonly start: string;
  /** Whether the request may have no such header. @default false */
  readonly mayBeAbsent?: boolean;
}

/** The headers with such values, by lower-case name. */
export type GeneratedHeaders = ReadonlyMap<string, GeneratedHeader>;

const WORDS: { readonly [W in GeneratedHeader['what']]: string } = {
  address: 'the address from which the caller connects',
  id: 'an id that Envoy makes',
  certificate: 'what Envoy writes about the certificate of the caller',
  claims: 'what Envoy writes of the claims of a token',
};

/** The value in words. */
export function generatedWords({ what, start }: GeneratedHeader): string {
  return start === '' ? WORDS[what] : `'${start}' and then ${WORDS[what]}`;
}

/** Whether a value meets a condition; undefined if that depends on the part that is not known. */
export function meetsCondition(value: GeneratedHeader, match: StringMatcher): boolean | undefined {
  if (match.ignoreCase === true) return undefined;
  const { start, what } = value;
  if (match.exact !== undefined) return isPossible(match.exact, value) ? undefined : false;
  if (match.prefix !== undefined) {
    if (start.startsWith(match.prefix)) return true;
    return match.prefix.startsWith(start) && BEGINNING[what].test(match.prefix.slice(start.length)) ? undefined : false;
  }
  // The usual ways to ask for any value.
  return match.safeRegex !== undefined && /^\^?\(?\.[*+]\)?\$?$/.test(match.safeRegex.regex) ? true : undefined;
}

/** What the beginning of an unknown part looks like. */
const BEGINNING: { readonly [W in GeneratedHeader['what']]: RegExp } = {
  address: /^[0-9a-f.:]{0,45}$/, id: /^[0-9a-f-]{0,36}$/, certificate: /^/, claims: /^/,
};

function isPossible(text: string, { what, start }: GeneratedHeader): boolean {
  if (!text.startsWith(start)) return false;
  const rest = text.slice(start.length);
  return what === 'address' ? isIP(rest) !== 0 : what === 'id' ? /^[0-9a-f-]{36}$/.test(rest) : rest !== '';
}
