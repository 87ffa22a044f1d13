import type { Duration } from 'cdk8s';
import { durationProblem, istioDuration } from './duration';
import { limitProblem } from './number';
import type { Problem } from './problem';
import { statedProblem } from './problem';

/**
 * When an endpoint is ejected, that is removed from load balancing for a time. Each calling proxy decides separately per cluster.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#OutlierDetection
 * @see https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/outlier
 */
export interface OutlierDetection {
  /**
   * The maximum share of a cluster's endpoints that are ejected at the same time, as an integer percentage from 1 to 100. Required, because
   * Istio's default of 10 % ejects no endpoint if there are fewer than ten.
   */
  readonly maxEjectionPercent: number;
  /**
   * The number of consecutive 5xx responses, connection failures and timeouts that eject an endpoint; 0 disables this check.
   * @default 5
   */
  readonly consecutive5xxErrors?: number;
  /**
   * The number of consecutive 502, 503 and 504 responses that eject an endpoint; 0 disables this check. Has an effect only if lower than
   * `consecutive5xxErrors`.
   * @default - off
   */
  readonly consecutiveGatewayErrors?: number;
  /**
   * The number of consecutive connection failures that eject an endpoint. Requires `splitExternalLocalOriginErrors`.
   * @default 5
   */
  readonly consecutiveLocalOriginFailures?: number;
  /**
   * Count connection failures separately from error responses of the endpoint.
   * @default false
   */
  readonly splitExternalLocalOriginErrors?: boolean;
  /**
   * The time between two checks, which return endpoints whose ejection time has passed.
   * @default - 10 s
   */
  readonly interval?: Duration;
  /**
   * How long an endpoint stays ejected: this time, multiplied by the number of its ejections.
   * @default - 30 s
   */
  readonly baseEjectionTime?: Duration;
  /**
   * The minimum percentage of healthy endpoints, from 0 to 100. Below it, outlier detection is suspended and Envoy uses all endpoints. 0
   * never suspends it.
   * @default 0
   */
  readonly minHealthPercent?: number;
}

/** The place of each field in the `trafficPolicy` of a DestinationRule. */
const PLACES: { readonly [field in keyof OutlierDetection]-?: string } = {
  maxEjectionPercent: 'outlierDetection.maxEjectionPercent',
  consecutive5xxErrors: 'outlierDetection.consecutive5xxErrors',
  consecutiveGatewayErrors: 'outlierDetection.consecutiveGatewayErrors',
  consecutiveLocalOriginFailures: 'outlierDetection.consecutiveLocalOriginFailures',
  splitExternalLocalOriginErrors: 'outlierDetection.splitExternalLocalOriginErrors',
  interval: 'outlierDetection.interval',
  baseEjectionTime: 'outlierDetection.baseEjectionTime',
  minHealthPercent: 'outlierDetection.minHealthPercent',
};
const PERCENTAGES = ['maxEjectionPercent', 'minHealthPercent'] as const;
const COUNTS = ['consecutive5xxErrors', 'consecutiveGatewayErrors', 'consecutiveLocalOriginFailures'] as const;
const TIMES = ['interval', 'baseEjectionTime'] as const;

function wholePercentProblem(what: string, value: number): Problem {
  if (Number.isInteger(value) && value >= 0 && value <= 100) return undefined;
  return `${what} is ${value}; use an integer percentage from 0 to 100`;
}

/** The problem of outlier detection. */
export function outlierDetectionProblem(outlier: OutlierDetection): Problem {
  if (outlier.maxEjectionPercent === 0) {
    return 'outlierDetection.maxEjectionPercent is 0, which Istio reads as unset (10 %); use 1 to 100, or omit outlierDetection';
  }
  if (outlier.consecutiveLocalOriginFailures !== undefined && !outlier.splitExternalLocalOriginErrors) {
    return 'outlierDetection.consecutiveLocalOriginFailures requires splitExternalLocalOriginErrors: true; set it, or omit consecutiveLocalOriginFailures';
  }
  return statedProblem('outlierDetection', outlier, PERCENTAGES, wholePercentProblem)
    ?? statedProblem('outlierDetection', outlier, COUNTS, (what, value) => limitProblem(what, value, { min: 0 }))
    ?? statedProblem('outlierDetection', outlier, TIMES, (what, value) => durationProblem(what, value));
}

/**
 * The problem of an ejection limit for this number of endpoints: Envoy ejects an endpoint only if the ejected share stays within the limit.
 */
export function ejectionProblem(what: string, maxEjectionPercent: number, replicas: number): Problem {
  if (replicas < 1 || 100 / replicas <= maxEjectionPercent) return undefined;
  return `${what} is ${maxEjectionPercent} % of ${replicas} endpoints, which ejects none; use ${Math.ceil(100 / replicas)} or more`;
}

/** The fields that are set, by their place in the `trafficPolicy` of a DestinationRule. */
export function outlierDetectionFields(outlier: OutlierDetection): { readonly [path: string]: unknown } {
  const fields: { [path: string]: unknown } = {};
  for (const field of Object.keys(outlier) as (keyof OutlierDetection)[]) {
    const value = outlier[field];
    if (value !== undefined) fields[PLACES[field]] = typeof value === 'object' ? istioDuration(value) : value;
  }
  return fields;
}
