import type { Duration } from 'cdk8s';
import { durationProblem, istioDuration } from './duration';
import { headerNameProblem } from './name';
import type { Problem } from './problem';
import type { StringMatch } from './string-match';
import { istioStringMatch, stringMatchProblem } from './string-match';

/** What becomes of a preflight request whose origin is not allowed. */
export enum UnmatchedPreflights {
  /** The service answers it. */
  FORWARD = 'FORWARD',
  /** Envoy answers it without CORS headers, so that the browser refuses. */
  IGNORE = 'IGNORE',
}

/**
 * Which other sites' pages may call: Envoy answers preflight requests itself.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#CorsPolicy
 */
export interface CorsPolicy {
  /** The origins that may call, such as `StringMatch.exact('https://shop.example.com')`; one of them has to match. */
  readonly allowOrigins: StringMatch[];
  /**
   * The methods that they may use.
   * @default - what browsers allow without asking: GET, HEAD, POST
   */
  readonly allowMethods?: string[];
  /**
   * The request headers that they may set.
   * @default - what browsers allow without asking
   */
  readonly allowHeaders?: string[];
  /**
   * The response headers that their scripts may read.
   * @default - what browsers show without being told
   */
  readonly exposeHeaders?: string[];
  /**
   * How long a browser may keep the answer; whole seconds.
   * @default - the browser's own, 5 s
   */
  readonly maxAge?: Duration;
  /**
   * Whether requests may carry cookies.
   * @default false
   */
  readonly allowCredentials?: boolean;
  /**
   * What becomes of a preflight request whose origin is not allowed.
   * @default UnmatchedPreflights.FORWARD
   */
  readonly unmatchedPreflights?: UnmatchedPreflights;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', '*'];

/** What is wrong with a CORS policy, if anything. */
export function corsPolicyProblem(cors: CorsPolicy): Problem {
  if (!Array.isArray(cors.allowOrigins) || cors.allowOrigins.length === 0) return 'cors.allowOrigins is empty; name an origin, such as StringMatch.exact(\'https://shop.example.com\')';
  for (const [i, origin] of cors.allowOrigins.entries()) {
    if (origin.kind === 'present') return `cors.allowOrigins[${i}] is StringMatch.present(), which Istio rejects; use StringMatch.regex('.*') for every origin`;
    const problem = stringMatchProblem(`cors.allowOrigins[${i}]`, origin);
    if (problem) return problem;
    if (origin.kind === 'exact' && origin.value !== '*' && !/^(https?:\/\/[^/\s]+|null)$/.test(origin.value)) {
      return `cors.allowOrigins[${i}] '${origin.value}' is not an origin, so that no browser would send it; use scheme and host alone, such as https://shop.example.com`;
    }
  }
  const method = cors.allowMethods?.find(m => !METHODS.includes(m));
  if (method !== undefined) return `cors.allowMethods '${method}' is not an HTTP method that Istio takes; use one of ${METHODS.join(', ')}`;
  for (const field of ['allowHeaders', 'exposeHeaders'] as const) {
    const problem = cors[field]?.map(name => (name === '*' ? undefined : headerNameProblem(`cors.${field}`, name))).find(p => p !== undefined);
    if (problem) return problem;
  }
  if (cors.maxAge && cors.maxAge.toMilliseconds() % 1000 !== 0) return `cors.maxAge is ${istioDuration(cors.maxAge)}; Istio takes whole seconds`;
  return durationProblem('cors.maxAge', cors.maxAge);
}

/** A CORS policy as Istio writes it. */
export function istioCorsPolicy({ allowOrigins, maxAge, ...rest }: CorsPolicy): object {
  return { ...rest, allowOrigins: allowOrigins.map(istioStringMatch), maxAge: maxAge && istioDuration(maxAge) };
}
