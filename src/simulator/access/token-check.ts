import type { JwtAuthentication, JwtProvider } from '../../envoy/xds/jwt-authn';
import { queryOf } from '../path';
import type { Request } from '../request';
import type { Claims, Token } from '../token';

/** What becomes of the token of a request. */
export type CheckedToken =
  | { readonly token: Claims | 'none' | 'unknown'; readonly isForwarded?: boolean; readonly failure?: undefined }
  | { readonly failure: { readonly status: 401 | 403; readonly why: string } };

/** Verifies a token by the rules that apply. It is taken to be signed by its issuer, and to be where the rules look for it. */
export function checkedToken(
  { providers = {}, bypassCorsPreflight }: JwtAuthentication, token: Token, request: Request, now: number,
): CheckedToken {
  if (bypassCorsPreflight && isPreflight(request)) return { token: 'none' };
  if (token === 'none') return { token: Object.values(providers).some(provider => mayCarryToken(request, provider)) ? 'unknown' : 'none' };
  if (token === 'unknown') return { token };
  if (token === 'invalid') return { failure: { status: 401, why: 'Jwt verification fails' } };
  const flaw = unreadable(token);
  if (flaw !== undefined) return { failure: { status: 401, why: flaw } };
  const { iss, aud, exp, nbf } = token;
  const ofIssuer = Object.values(providers).filter(({ issuer }) => issuer === undefined || issuer === iss);
  if (ofIssuer.length === 0) return { failure: { status: 401, why: `Jwt issuer is not configured: it is ${JSON.stringify(iss ?? null)}` } };
  // An exp of 0 counts as absent.
  if (typeof exp === 'number' && exp >= 1 && Math.floor(exp) < Math.floor(now)) return { failure: { status: 401, why: 'Jwt is expired' } };
  if (typeof nbf === 'number' && nbf > now) return { failure: { status: 401, why: 'Jwt not yet valid' } };
  const audiences = typeof aud === 'string' ? [aud] : Array.isArray(aud) ? aud : [];
  const accepted = ofIssuer.find(provider => isForAudience(provider, audiences));
  if (!accepted) return { failure: { status: 403, why: `Audiences in Jwt are not allowed: they are ${JSON.stringify(audiences)}` } };
  return { token: normalized(token, accepted), isForwarded: accepted.forward === true };
}

type Flaw = string | undefined;

function stringFlaw(value: unknown): Flaw {
  return typeof value === 'string' ? undefined : 'is not a string';
}

function timeFlaw(value: unknown): Flaw {
  if (typeof value !== 'number') return 'is not an integer';
  return value >= 0 && value < 2 ** 64 ? undefined : 'is not a positive 64 bit integer';
}

function audienceFlaw(value: unknown): Flaw {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.every(each => typeof each === 'string') ? undefined : 'is not a string or string list';
}

/** The claims whose types Envoy checks, in its order. */
const CHECKED = Object.entries({
  iss: stringFlaw, sub: stringFlaw, iat: timeFlaw, nbf: timeFlaw, exp: timeFlaw, jti: stringFlaw, aud: audienceFlaw,
});

/** Why Envoy does not read a token, in its words. */
function unreadable(token: Claims): Flaw {
  for (const [name, flawOf] of CHECKED) {
    const flaw = Object.hasOwn(token, name) ? flawOf(token[name]) : undefined;
    if (flaw !== undefined) return `Jwt payload [${name}] field ${flaw}`;
  }
  return undefined;
}

function isForAudience({ audiences = [] }: JwtProvider, stated: readonly unknown[]): boolean {
  return (
    audiences.length === 0 || audiences.some(audience => stated.some(each => typeof each === 'string' && sameAudience(each, audience)))
  );
}

/** Envoy compares audiences without their scheme and a slash at their end. */
function sameAudience(a: string, b: string): boolean {
  const bare = (text: string) => text.replace(/^https?:\/\//, '').replace(/\/$/, '');
  return bare(a) === bare(b);
}

/** Whether a request has something where a rule looks for tokens. */
function mayCarryToken({ headers, path }: Request, { fromHeaders = [], fromParams = [], fromCookies = [] }: JwtProvider): boolean {
  const isStated = fromHeaders.length + fromParams.length + fromCookies.length > 0;
  const places = isStated ? fromHeaders : [{ name: 'authorization', valuePrefix: 'Bearer ' }];
  const parameters = new URLSearchParams(queryOf(path).slice(1));
  return places.some(({ name, valuePrefix = '' }) => headers.get(name.toLowerCase())?.some(value => value.startsWith(valuePrefix)))
    || (isStated ? fromParams : ['access_token']).some(name => parameters.has(name))
    || fromCookies.some(name => headers.get('cookie')?.some(value => value.includes(`${name}=`)));
}

function isPreflight({ method, headers }: Request): boolean {
  return method === 'OPTIONS' && Boolean(headers.get('origin')?.[0]) && Boolean(headers.get('access-control-request-method')?.[0]);
}

/** The claims as policies see them: some are split at spaces. */
function normalized(token: Claims, { normalizePayloadInMetadata }: JwtProvider): Claims {
  const words = normalizePayloadInMetadata?.spaceDelimitedClaims ?? [];
  return Object.fromEntries(Object.entries(token).map(([name, value]) => (
    [name, words.includes(name) && typeof value === 'string' ? value.split(' ').filter(word => word !== '') : value])));
}
