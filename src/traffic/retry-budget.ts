import type { Duration } from 'cdk8s';
import { durationProblem, istioDuration } from './duration';
import { limitProblem } from './number';
import type { Problem } from './problem';

/**
 * Retries under way at once as a share of the requests under way, in place of `connectionPool.maxRetries`. Each calling proxy counts by itself.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#TrafficPolicy-RetryBudget
 * @see https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/cluster/v3/circuit_breaker.proto#config-cluster-v3-circuitbreakers-thresholds-retrybudget
 */
export interface RetryBudget {
  /**
   * The share, in percent from 0 to 100 of the requests that are under way or wait.
   * @default 20
   */
  readonly percent?: number;
  /**
   * How far back requests count.
   * @default - those of the moment
   */
  readonly budgetInterval?: Duration;
  /**
   * Retries that are allowed whatever the share comes to.
   * @default 3
   */
  readonly minRetryConcurrency?: number;
}

/** What is wrong with a retry budget, if anything. */
export function retryBudgetProblem({ percent, budgetInterval, minRetryConcurrency }: RetryBudget): Problem {
  if (percent === undefined && budgetInterval === undefined && minRetryConcurrency === undefined) {
    return 'retryBudget is empty; state percent, minRetryConcurrency or budgetInterval';
  }
  if (percent !== undefined && !(percent >= 0 && percent <= 100)) return `retryBudget.percent is ${percent}; use a percentage from 0 to 100`;
  return limitProblem('retryBudget.minRetryConcurrency', minRetryConcurrency, { min: 1, zero: 'Istio reads as unset (3); use at least 1' })
    ?? durationProblem('retryBudget.budgetInterval', budgetInterval);
}

/** The stated fields by their place in a DestinationRule's `trafficPolicy`. */
export function retryBudgetFields({ percent, budgetInterval, minRetryConcurrency }: RetryBudget): { readonly [path: string]: unknown } {
  return {
    ...(percent === undefined ? {} : { 'retryBudget.percent': percent }),
    ...(budgetInterval ? { 'retryBudget.budgetInterval': istioDuration(budgetInterval) } : {}),
    ...(minRetryConcurrency === undefined ? {} : { 'retryBudget.minRetryConcurrency': minRetryConcurrency }),
  };
}
