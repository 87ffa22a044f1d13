import type { Duration } from 'cdk8s';
import { durationProblem, istioDuration } from './duration';
import { headerNameProblem } from './name';
import type { Problem } from './problem';
import type { StringMatch } from './string-match';
import { istioStringMatch, stringMatchProblem } from './string-match';

/** What happens to a preflight request from an origin that is not allowed. */
export enum UnmatchedPreflights {
  /** Envoy forwards it to the service. */
  FORWARD = 'FORWARD',
  /** Envoy responds without CORS headers, so the browser blocks the request. */
  IGNORE = 'IGNORE',
}

/**
 * The origins that may call from a browser. Envoy responds to preflight requests itself.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#CorsPolicy
 */
export interface CorsPolicy {
  /** The allowed origins, such as `StringMatch.exact('https://shop.example.com')`. One of them must match. */
  readonly allowOrigins: StringMatch[];
  /**
   * The allowed methods.
   * @default - those that need no preflight: GET, HEAD, POST
   */
  readonly allowMethods?: string[];
  /**
   * The request headers that scripts may set.
   * @default - those that need no preflight
   */
  readonly allowHeaders?: string[];
  /**
   * The response headers that scripts may read.
   * @default - the CORS-safelisted response headers
   */
  readonly exposeHeaders?: string[];
  /**
   * How long a browser may cache the preflight response, in whole seconds.
   * @default - the default of the browser, 5 s
   */
  readonly maxAge?: Duration;
  /**
   * Whether requests may include credentials, such as cookies.
   * @default false
   */
  readonly allowCredentials?: boolean;
  /**
   * What happens to a preflight request from an origin that is not allowed.
   * @default UnmatchedPreflights.FORWARD
   */
  readonly unmatchedPreflights?: UnmatchedPreflights;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', '*'];

/** The problem of a CORS policy. */
export function corsPolicyProblem(cors: CorsPolicy): Problem {
  if (!Array.isArray(cors.allowOrigins) || cors.allowOrigins.length === 0) {
    return "cors.allowOrigins is empty; add an origin, such as StringMatch.exact('https://shop.example.com')";
  }
  for (const [i, origin] of cors.allowOrigins.entries()) {
    if (origin.kind === 'present') {
      return `cors.allowOrigins[${i}] is StringMatch.present(), which Istio rejects; use StringMatch.regex('.*') to allow every origin`;
    }
    const problem = stringMatchProblem(`cors.allowOrigins[${i}]`, origin);
    if (problem) return problem;
    if (origin.kind === 'exact' && origin.value !== '*' && !/^(https?:\/\/[^/\s]+|null)$/.test(origin.value)) {
      return `cors.allowOrigins[${i}] '${origin.value}' is not an origin, so no browser sends it; use only scheme and host, such as https://shop.example.com`;
    }
  }
  const method = cors.allowMethods?.find(m => !METHODS.includes(m));
  if (method !== undefined) {
    return `cors.allowMethods '${method}' is not an HTTP method that Istio accepts; use one of ${METHODS.join(', ')}`;
  }
  for (const field of ['allowHeaders', 'exposeHeaders'] as const) {
    const problem = cors[field]
      ?.map(name => (name === '*' ? undefined : headerNameProblem(`cors.${field}`, name)))
      .find(p => p !== undefined);
    if (problem) return problem;
  }
  if (cors.maxAge && cors.maxAge.toMilliseconds({ integral: false }) % 1000 !== 0) {
    return `cors.maxAge is ${istioDuration(cors.maxAge)}; use whole seconds`;
  }
  return durationProblem('cors.maxAge', cors.maxAge);
}

/** A CORS policy in Istio's form. */
export function istioCorsPolicy({ allowOrigins, maxAge, ...rest }: CorsPolicy): object {
  return { ...rest, allowOrigins: allowOrigins.map(istioStringMatch), maxAge: maxAge && istioDuration(maxAge) };
}
