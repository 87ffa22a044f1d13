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
  return { preflight, originAllowed, headers: originAllowed ? allowHeaders(policy, origin, preflight) : {} };
}

function isEnabled({ filterEnabled }: CorsPolicy): boolean {
  return filterEnabled === undefined || percentOf(filterEnabled.defaultValue) > 0;
}

function allowHeaders(policy: CorsPolicy, origin: string, preflight: boolean): { [name: string]: string } {
  const headers: { [name: string]: string } = { 'access-control-allow-origin': origin };
  if (policy.allowCredentials === true) headers['access-control-allow-credentials'] = 'true';
  const rest = preflight
    ? {
      'access-control-allow-methods': policy.allowMethods,
      'access-control-allow-headers': policy.allowHeaders,
      'access-control-max-age': policy.maxAge,
    }
    : { 'access-control-expose-headers': policy.exposeHeaders };
  for (const [header, value] of Object.entries(rest)) if (value) headers[header] = value;
  return headers;
}
