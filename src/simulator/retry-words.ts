import type { RetryPlan } from './route-plan';

/** How often and on what a route retries: `retries up to 1 time on 503, 500 ms per try`. */
export function retryWords({ attempts, on, statusCodes, perTryTimeoutMs }: RetryPlan): string {
  const perTry = perTryTimeoutMs === undefined ? '' : `, ${perTryTimeoutMs} ms per try`;
  return `retries up to ${attempts} ${attempts === 1 ? 'time' : 'times'} on ${[...on, ...statusCodes].join(', ')}${perTry}`;
}
