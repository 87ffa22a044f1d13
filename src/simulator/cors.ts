import type { Request } from './request';
import { stringMatcher } from './string-matcher';
import type { Json } from '../envoy/proxy-config';

/** What Envoy's CORS filter does with a request. */
export interface CorsAnswer {
  /** Whether Envoy answers the request itself, as a preflight. */
  readonly preflight: boolean;
  /** Whether the policy allows the origin that the request names. */
  readonly originAllowed: boolean;
  /** Headers that it sets on the answer, its own or the service's. */
  readonly headers: { readonly [name: string]: string };
}

/** Undefined where the policy has nothing to do with the request. */
export function corsAnswer(policy: Json, request: Request): CorsAnswer | undefined {
  const origin = request.headers.get('origin');
  if (policy === undefined || origin === undefined || origin === '' || !isEnabled(policy)) return undefined;
  const originAllowed = (policy.allowOriginStringMatch ?? []).some((match: Json) => match.exact === '*' || stringMatcher(match).takes(origin));
  const asksFirst = request.method === 'OPTIONS' && (request.headers.get('access-control-request-method') ?? '') !== '';
  // Envoy's default hands a preflight of a foreign origin on; Istio's says so either way.
  const preflight = asksFirst && (originAllowed || policy.forwardNotMatchingPreflights === false);
  return { preflight, originAllowed, headers: originAllowed ? allowHeaders(policy, origin, preflight) : {} };
}

function isEnabled({ filterEnabled }: Json): boolean {
  return filterEnabled === undefined || (filterEnabled.defaultValue?.numerator ?? 0) > 0;
}

function allowHeaders(policy: Json, origin: string, preflight: boolean): { [name: string]: string } {
  const headers: { [name: string]: string } = { 'access-control-allow-origin': origin };
  if (policy.allowCredentials === true) headers['access-control-allow-credentials'] = 'true';
  const rest: readonly (readonly [string, string])[] = preflight
    ? [['access-control-allow-methods', 'allowMethods'], ['access-control-allow-headers', 'allowHeaders'], ['access-control-max-age', 'maxAge']]
    : [['access-control-expose-headers', 'exposeHeaders']];
  for (const [header, field] of rest) {
    if ((policy[field] ?? '') !== '') headers[header] = policy[field];
  }
  return headers;
}
