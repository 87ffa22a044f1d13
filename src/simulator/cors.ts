import type { Request } from './request';
import { headerOf } from './request';
import { stringMatcher } from './string-matcher';
import type { CorsPolicy } from '../envoy/xds/http-filters';
import { percentOf } from '../envoy/xds/proto-values';

/** What Envoy's CORS filter does with a request. */
export interface CorsAnswer {
  /** Whether Envoy answers the request itself, as a preflight. */
  readonly preflight: boolean;
  /** Whether the policy allows the origin that the request names. */
  readonly originAllowed: boolean;
  /** Headers that it sets on the response. */
  readonly headers: { readonly [name: string]: string };
}

/** Undefined if the policy does not apply to the request. */
export function corsAnswer(policy: CorsPolicy | undefined, request: Request): CorsAnswer | undefined {
  const origin = headerOf(request, 'origin');
  if (policy === undefined || origin === undefined || origin === '' || !isEnabled(policy)) return undefined;
  const originAllowed = (policy.allowOriginStringMatch ?? []).some(match => match.exact === '*' || stringMatcher(match).takes(origin));
  const asksFirst = request.method === 'OPTIONS' && (headerOf(request, 'access-control-request-method') ?? '') !== '';
  // By default, Envoy forwards a preflight of another origin. Istio always sets this field.
  const preflight = asksFirst && (originAllowed || policy.forwardNotMatchingPreflights === false);
  const permission = originAllowed ? permissionOf(policy, origin) : {};
  return { preflight, originAllowed, headers: { ...preflight && preflightHeaders(policy, request), ...permission } };
}

function isEnabled({ filterEnabled }: CorsPolicy): boolean {
  return filterEnabled === undefined || percentOf(filterEnabled.defaultValue) > 0;
}

/** The headers of every response to an allowed origin. */
function permissionOf(policy: CorsPolicy, origin: string): { [name: string]: string } {
  return {
    'access-control-allow-origin': origin,
    ...policy.allowCredentials === true && { 'access-control-allow-credentials': 'true' },
    ...policy.exposeHeaders && { 'access-control-expose-headers': policy.exposeHeaders },
  };
}

/** The other headers of the answer to a preflight, which Envoy sends to any origin. For `*`, it repeats what the request asks for. */
function preflightHeaders(policy: CorsPolicy, request: Request): { [name: string]: string } {
  const asked = (allowed: string, name: string) => (allowed === '*' ? headerOf(request, `access-control-request-${name}`) ?? '' : allowed);
  const { allowMethods, allowHeaders, maxAge, allowCredentials } = policy;
  return {
    ...allowCredentials === true && { 'access-control-allow-credentials': 'true' },
    ...allowMethods && { 'access-control-allow-methods': asked(allowMethods, 'method') },
    ...allowHeaders && { 'access-control-allow-headers': asked(allowHeaders, 'headers') },
    ...maxAge && { 'access-control-max-age': maxAge },
  };
}
