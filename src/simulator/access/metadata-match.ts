import type { Finding } from './facts';
import { MET, unknown, unmet } from './facts';
import type { MetadataMatcher, ValueMatcher } from '../../envoy/xds/matcher';
import { stringMatcher } from '../string-matcher';
import type { Token } from '../token';

/** The filter that writes the claims of verified tokens. */
const JWT = 'envoy.filters.http.jwt_authn';

/** Whether a claim of the verified token has a value. What other filters write is not known. */
export function metadataFinding({ filter, path, value }: MetadataMatcher, token: Token): Finding {
  if (filter !== JWT) return unknown(`what ${filter} writes is not known`);
  const names = claimNamesOf(path);
  const claim = `the claim ${names.join('.')}`;
  if (token === 'unknown') return unknown(`${claim} is not known`);
  if (token === 'none' || token === 'invalid') return unmet('the request has no token that a RequestAuthentication verifies');
  const found = names.reduce<unknown>((at, name) => (isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined), token);
  if (meets(value, found)) return MET;
  return unmet(`${claim} ${found === undefined ? 'is missing' : `is ${JSON.stringify(found)}`}, but must ${wordsOf(value)}`);
}

/** The names of the claim at a path, from the outside in. */
function claimNamesOf(path: MetadataMatcher['path']): readonly string[] {
  return path.slice(1).map(({ key }) => key);
}

/** What a matcher asks of a claim, in words. */
export function metadataWords({ filter, path, value, invert = false }: MetadataMatcher): string {
  const what = filter === JWT ? `the claim ${claimNamesOf(path).join('.')}` : `what ${filter} writes`;
  return `${what} must ${invert ? 'not ' : ''}${wordsOf(value)}`;
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function meets({ stringMatch, listMatch, orMatch }: ValueMatcher, value: unknown): boolean {
  if (stringMatch) return typeof value === 'string' && stringMatcher(stringMatch).takes(value);
  if (listMatch) return Array.isArray(value) && value.some(item => meets(listMatch.oneOf, item));
  return orMatch?.valueMatchers.some(each => meets(each, value)) ?? false;
}

function wordsOf({ stringMatch, listMatch, orMatch }: ValueMatcher): string {
  if (stringMatch) return stringMatcher(stringMatch).words;
  if (listMatch) return `have an item that must ${wordsOf(listMatch.oneOf)}`;
  return [...new Set((orMatch?.valueMatchers ?? []).map(each => (each.listMatch ? wordsOf(each.listMatch.oneOf) : wordsOf(each))))].join(
    ' or ',
  );
}
