import type { Duration } from 'cdk8s';
import { durationProblem, istioDuration } from './duration';
import { limitProblem } from './number';
import type { Problem } from './problem';

/**
 * The maximum number of active retries as a share of the active requests. Replaces `connectionPool.maxRetries`. Applies per calling proxy.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#TrafficPolicy-RetryBudget
 * @see
 * https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/cluster/v3/circuit_breaker.proto#config-cluster-v3-circuitbreakers-thresholds-retrybudget
 */
export interface RetryBudget {
  /**
   * The share, in percent from 0 to 100 of the active and pending requests.
   * @default 20
   */
  readonly percent?: number;
  /**
   * The time window in which requests count.
   * @default - only active and pending requests count
   */
  readonly budgetInterval?: Duration;
  /**
   * The number of active retries that are always allowed.
   * @default 3
   */
  readonly minRetryConcurrency?: number;
}

/** The problem of a retry budget. */
export function retryBudgetProblem({ percent, budgetInterval, minRetryConcurrency }: RetryBudget): Problem {
  if (percent === undefined && budgetInterval === undefined && minRetryConcurrency === undefined) {
    return 'retryBudget is empty; set percent, minRetryConcurrency or budgetInterval';
  }
  if (percent !== undefined && !(percent >= 0 && percent <= 100)) {
    return `retryBudget.percent is ${percent}; use a percentage from 0 to 100`;
  }
  return limitProblem('retryBudget.minRetryConcurrency', minRetryConcurrency, { min: 1, zero: 'Istio reads as unset (3); use at least 1' })
    ?? durationProblem('retryBudget.budgetInterval', budgetInterval);
}

/** The fields that are set, by their place in the `trafficPolicy` of a DestinationRule. */
export function retryBudgetFields({ percent, budgetInterval, minRetryConcurrency }: RetryBudget): { readonly [path: string]: unknown } {
  return {
    ...(percent === undefined ? {} : { 'retryBudget.percent': percent }),
    ...(budgetInterval ? { 'retryBudget.budgetInterval': istioDuration(budgetInterval) } : {}),
    ...(minRetryConcurrency === undefined ? {} : { 'retryBudget.minRetryConcurrency': minRetryConcurrency }),
  };
}
