import type { Duration } from 'cdk8s';
import { durationProblem, istioDuration } from './duration';
import type { Objection } from './objection';
import { objectionProblem } from './objection';
import type { Problem } from './problem';

/**
 * When and how often Envoy retries a failed request.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRetry
 */
export interface Retries {
  /** The maximum number of retries per request. 0 disables retries, including Istio's default of two. */
  readonly attempts: number;
  /**
   * The timeout of each attempt.
   * @default - the timeout of the request
   */
  readonly perTryTimeout?: Duration;
  /**
   * What to retry: Envoy's conditions, such as `5xx`, `gateway-error` or `connect-failure`, and status codes, such as `503`.
   * @default - connect-failure, refused-stream, unavailable, cancelled (istiod's default; a 503 from the service is not retried)
   */
  readonly retryOn?: string[];
  /**
   * Also retry in other localities.
   * @default false
   */
  readonly retryRemoteLocalities?: boolean;
  /**
   * Exclude endpoints that failed in an earlier attempt.
   * @default true
   */
  readonly retryIgnorePreviousHosts?: boolean;
  /**
   * The base interval between retries, which grows exponentially.
   * @default - 25 ms
   */
  readonly backoff?: Duration;
}

/** Envoy's retry conditions for HTTP and gRPC that Istio's admission accepts. */
export const RETRY_CONDITIONS: ReadonlySet<string> = new Set([
  '5xx', 'gateway-error', 'reset', 'reset-before-request', 'connect-failure', 'envoy-ratelimited', 'retriable-4xx', 'refused-stream',
  'retriable-status-codes', 'retriable-headers', 'http3-post-connect-failure',
  'cancelled', 'deadline-exceeded', 'internal', 'resource-exhausted', 'unavailable',
]);

/** The statuses that Go has a name for. Istio takes no other number. */
const STATUSES = new Set([
  100, 101, 102, 103, 200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 300, 301, 302, 303, 304, 305, 307, 308, 400, 401, 402,
  403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 423, 424, 425, 426, 428, 429, 431,
  451, 500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511,
]);

/** What Istio has against an item of `retryOn`. */
export function retryConditionObjection(condition: string): Objection {
  if (RETRY_CONDITIONS.has(condition) || (/^[-+]?\d+$/.test(condition) && STATUSES.has(Number(condition)))) return undefined;
  return [`has '${condition}', which is neither a status nor a condition that Envoy knows`,
    `use ${[...RETRY_CONDITIONS].join(', ')} or a status, without blanks`];
}

/** The problem of retries. */
export function retriesProblem(retries: Retries): Problem {
  if (!Number.isInteger(retries.attempts) || retries.attempts < 0 || retries.attempts > 2147483647) {
    return `retries.attempts is ${retries.attempts}; use an integer, 0 for no retries`;
  }
  const others = Object.entries(retries).filter(([field, value]) => field !== 'attempts' && value !== undefined).map(([field]) => field);
  if (retries.attempts === 0 && others.length > 0) {
    return `retries.attempts is 0 together with ${others.join(', ')}, which Istio rejects; omit the other fields, or raise attempts`;
  }
  for (const condition of retries.retryOn ?? []) {
    const problem = objectionProblem('retries.retryOn', retryConditionObjection(condition));
    if (problem !== undefined) return problem;
  }
  if (retries.retryOn?.length === 0) return 'retries.retryOn is empty; add a condition, or omit it to use Istio\'s default';
  return durationProblem('retries.perTryTimeout', retries.perTryTimeout) ?? durationProblem('retries.backoff', retries.backoff);
}

/** The problem of retries within the timeout of the request: Envoy ignores a timeout of each attempt that is longer. */
export function attemptProblem({ perTryTimeout, attempts }: Retries, timeout: Duration | undefined): Problem {
  if (!perTryTimeout || !timeout || attempts === 0) return undefined;
  const [each, all] = [perTryTimeout.toMilliseconds({ integral: false }), timeout.toMilliseconds({ integral: false })];
  if (each <= all) return undefined;
  return `retries.perTryTimeout is ${each} ms, longer than timeout, ${all} ms, which ends all attempts; use at most the timeout`;
}

/** Retries in Istio's form. */
export function istioRetries(retries: Retries): object {
  return {
    attempts: retries.attempts,
    perTryTimeout: retries.perTryTimeout && istioDuration(retries.perTryTimeout),
    retryOn: retries.retryOn?.join(','),
    retryRemoteLocalities: retries.retryRemoteLocalities,
    retryIgnorePreviousHosts: retries.retryIgnorePreviousHosts,
    backoff: retries.backoff && istioDuration(retries.backoff),
  };
}
