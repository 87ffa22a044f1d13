import type { Duration } from 'cdk8s';
import { durationProblem, istioDuration } from './duration';
import { limitProblem } from './number';
import type { Problem } from './problem';
import { fieldProblem, statedProblem } from './problem';

/**
 * When an endpoint is taken out of load balancing for a while. Each calling proxy judges for itself, each cluster (subset) by itself.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#OutlierDetection
 * @see https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/outlier
 */
export interface OutlierDetection {
  /**
   * The share of a cluster's endpoints that may be out at once, in percent from 0 to 100. Required, since Istio's own default of 10 % ejects nobody
   * where there are fewer than ten endpoints.
   */
  readonly maxEjectionPercent: number;
  /**
   * Answers of 500 to 599, connection failures and time-outs in a row that eject an endpoint; 0 switches this check off.
   * @default 5
   */
  readonly consecutive5xxErrors?: number;
  /**
   * Answers of 502, 503 and 504 in a row that eject an endpoint; 0 switches this check off. Of effect only if below `consecutive5xxErrors`.
   * @default - off
   */
  readonly consecutiveGatewayErrors?: number;
  /**
   * Failures of the connection itself in a row that eject an endpoint. Only with `splitExternalLocalOriginErrors`.
   * @default 5
   */
  readonly consecutiveLocalOriginFailures?: number;
  /**
   * Count failures of the connection apart from errors that the endpoint answers.
   * @default false
   */
  readonly splitExternalLocalOriginErrors?: boolean;
  /**
   * Time between two sweeps, which return endpoints whose time is over.
   * @default - 10 s
   */
  readonly interval?: Duration;
  /**
   * How long an endpoint is out: this, times how often it was.
   * @default - 30 s
   */
  readonly baseEjectionTime?: Duration;
  /**
   * Outlier detection pauses, and all endpoints are used, while fewer than this percentage of them are in. 0 means never.
   * @default 0
   */
  readonly minHealthPercent?: number;
}

/** Where each field stands in a DestinationRule's `trafficPolicy`. */
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
const FIELDS = Object.keys(PLACES);
const PERCENTAGES = ['maxEjectionPercent', 'minHealthPercent'] as const;
const COUNTS = ['consecutive5xxErrors', 'consecutiveGatewayErrors', 'consecutiveLocalOriginFailures'] as const;
const TIMES = ['interval', 'baseEjectionTime'] as const;

function wholePercentProblem(what: string, value: number): Problem {
  if (Number.isInteger(value) && value >= 0 && value <= 100) return undefined;
  return `${what} is ${value}; use a whole percentage from 0 to 100`;
}

/** What is wrong with outlier detection, if anything. */
export function outlierDetectionProblem(outlier: OutlierDetection): Problem {
  const unknown = fieldProblem('outlierDetection', outlier, FIELDS);
  if (unknown) return unknown;
  if (outlier.maxEjectionPercent === undefined) {
    return 'outlierDetection.maxEjectionPercent is missing; state it, since Istio\'s default of 10 % ejects nobody of fewer than ten endpoints';
  }
  if (outlier.maxEjectionPercent === 0) return 'outlierDetection.maxEjectionPercent is 0, which Istio reads as unset (10 %); use 1 to 100, or leave outlierDetection out';
  if (outlier.consecutiveLocalOriginFailures !== undefined && !outlier.splitExternalLocalOriginErrors) {
    return 'outlierDetection.consecutiveLocalOriginFailures needs splitExternalLocalOriginErrors: true; set it, or leave the failures out';
  }
  return statedProblem('outlierDetection', outlier, PERCENTAGES, wholePercentProblem)
    ?? statedProblem('outlierDetection', outlier, COUNTS, (what, value) => limitProblem(what, value, { min: 0 }))
    ?? statedProblem('outlierDetection', outlier, TIMES, (what, value) => durationProblem(what, value));
}

/** What is wrong with ejecting from this many endpoints: Envoy ejects one only while the share of those out stays within the percentage. */
export function ejectionProblem(what: string, maxEjectionPercent: number, replicas: number): Problem {
  if (replicas < 1 || 100 / replicas <= maxEjectionPercent) return undefined;
  return `${what} is ${maxEjectionPercent} % of ${replicas} endpoints, which ejects nobody; use ${Math.ceil(100 / replicas)} or more`;
}

/** The stated fields by their place in a DestinationRule's `trafficPolicy`. */
export function outlierDetectionFields(outlier: OutlierDetection): { readonly [path: string]: unknown } {
  const fields: { [path: string]: unknown } = {};
  for (const field of Object.keys(outlier) as (keyof OutlierDetection)[]) {
    const value = outlier[field];
    if (value !== undefined) fields[PLACES[field]] = typeof value === 'object' ? istioDuration(value) : value;
  }
  return fields;
}
