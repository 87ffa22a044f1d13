import { fieldWords } from './field-words';
import type { OutlierDetection } from '../envoy/xds/cluster';

/** Envoy's default of the share of endpoints that are ejected at the same time, in percent. */
const DEFAULT_MOST = 10;

/** When a cluster ejects an endpoint and for how long, in words. Empty without outlier detection. */
export function describeOutliers(detection: OutlierDetection | undefined): string {
  if (!detection) return '';
  const { interval, baseEjectionTime, maxEjectionTime, maxEjectionPercent, splitExternalLocalOriginErrors, ...errors } = detection;
  const { consecutive5xx, enforcingConsecutive5xx, consecutiveGatewayFailure, enforcingConsecutiveGatewayFailure, ...others } = errors;
  const { consecutiveLocalOriginFailure, enforcingConsecutiveLocalOriginFailure, ...rates } = others;
  // istiod disables ejection by success rate.
  const { enforcingSuccessRate, enforcingLocalOriginSuccessRate, ...rest } = rates;
  const kinds = [
    ['5xx answers', consecutive5xx, enforcingConsecutive5xx, 100],
    ['502, 503 or 504 answers', consecutiveGatewayFailure, enforcingConsecutiveGatewayFailure, 0],
    ...(splitExternalLocalOriginErrors
      ? [['errors before an answer', consecutiveLocalOriginFailure, enforcingConsecutiveLocalOriginFailure, 100] as const] : []),
  ] as const;
  const causes = kinds.flatMap(([what, count = 5, enforced, usual]) => causeWords(what, count, enforced ?? usual));
  return [
    causes.length === 0 ? 'no endpoint is ejected' : `after ${causes.join(' or ')}`,
    ...(baseEjectionTime === undefined ? [] : [`ejected for ${baseEjectionTime}`]),
    ...(maxEjectionTime === undefined ? [] : [`for at most ${maxEjectionTime}`]),
    `at most ${maxEjectionPercent ?? DEFAULT_MOST} % of the endpoints`,
    ...(interval === undefined ? [] : [`checked every ${interval}`]),
    fieldWords({ ...rest, ...unusual({ enforcingSuccessRate, enforcingLocalOriginSuccessRate }) }),
  ].filter(text => text !== '').join(', ');
}

function causeWords(what: string, count: number, enforced: number): string[] {
  if (count === 0 || enforced === 0) return [];
  return [`${what} (${count} in a row${enforced === 100 ? '' : `, with a chance of ${enforced} %`})`];
}

function unusual(rates: Partial<OutlierDetection>): Partial<OutlierDetection> {
  return Object.fromEntries(Object.entries(rates).filter(([, rate]) => rate !== 0));
}
