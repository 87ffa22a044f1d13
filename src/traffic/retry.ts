import type { Duration } from 'cdk8s';
import { durationProblem, istioDuration } from './duration';
import type { Problem } from './problem';

/**
 * When and how often a failed request is sent again.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRetry
 */
export interface Retries {
  /** How often a request is sent again at most; 0 switches retries off, Istio's own two included. */
  readonly attempts: number;
  /**
   * How long one try may take.
   * @default - the timeout of the request
   */
  readonly perTryTimeout?: Duration;
  /**
   * What is retried: Envoy's conditions such as `5xx`, `gateway-error`, `connect-failure`, or status codes such as `503`.
   * @default - connect-failure, refused-stream, unavailable, cancelled (istiod's own default; an answered 503 is not retried)
   */
  readonly retryOn?: string[];
  /**
   * Retry in other localities too.
   * @default false
   */
  readonly retryRemoteLocalities?: boolean;
  /**
   * Leave out endpoints that failed in an earlier try.
   * @default true
   */
  readonly retryIgnorePreviousHosts?: boolean;
  /**
   * The wait before the first retry, growing with each.
   * @default - 25 ms
   */
  readonly backoff?: Duration;
}

/** The conditions that Istio's admission knows, Envoy's for HTTP and gRPC. */
export const RETRY_CONDITIONS: ReadonlySet<string> = new Set([
  '5xx', 'gateway-error', 'reset', 'reset-before-request', 'connect-failure', 'envoy-ratelimited', 'retriable-4xx', 'refused-stream',
  'retriable-status-codes', 'retriable-headers', 'http3-post-connect-failure',
  'cancelled', 'deadline-exceeded', 'internal', 'resource-exhausted', 'unavailable',
]);

/** What is wrong with retries, if anything. */
export function retriesProblem(retries: Retries): Problem {
  if (!Number.isInteger(retries.attempts) || retries.attempts < 0 || retries.attempts > 2147483647) {
    return `retries.attempts is ${retries.attempts}; use a whole number, 0 for no retries`;
  }
  const others = Object.entries(retries).filter(([field, value]) => field !== 'attempts' && value !== undefined).map(([field]) => field);
  if (retries.attempts === 0 && others.length > 0) {
    return `retries.attempts is 0 beside ${others.join(', ')}, which Istio rejects; leave the others out, or state attempts`;
  }
  for (const condition of retries.retryOn ?? []) {
    const status = /^\d+$/.test(condition) && Number(condition) >= 100 && Number(condition) <= 599;
    if (!status && !RETRY_CONDITIONS.has(condition)) {
      return `retries.retryOn '${condition}' is neither a status code nor a condition that Envoy knows; use one of ${[...RETRY_CONDITIONS].join(', ')}`;
    }
  }
  if (retries.retryOn?.length === 0) return 'retries.retryOn is empty; name a condition, or leave it out for Istio\'s default';
  return durationProblem('retries.perTryTimeout', retries.perTryTimeout) ?? durationProblem('retries.backoff', retries.backoff);
}

/** Retries as Istio writes them. */
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
