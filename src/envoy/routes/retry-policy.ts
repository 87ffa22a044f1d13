import type { HTTPRetry } from '../../manifest/istio-specs.generated';
import { message } from '../message';
import { durationOf } from '../xds/proto-values';
import type { RetryPolicy } from '../xds/route';

const PREVIOUS_HOSTS: RetryPolicy['retryHostPredicate'] = [{
  name: 'envoy.retry_host_predicates.previous_hosts',
  typedConfig: { '@type': 'type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate' },
}];
const PREVIOUS_PRIORITIES: RetryPolicy['retryPriority'] = {
  name: 'envoy.retry_priorities.previous_priorities',
  typedConfig: {
    '@type': 'type.googleapis.com/envoy.extensions.retry.priority.previous_priorities.v3.PreviousPrioritiesConfig', 'updateFrequency': 2,
  },
};

/** The first and the last of each row of status codes that Go's net/http names. Only these are status codes in `retryOn`. */
const STATUS_CODES: readonly (readonly [first: number, last: number])[] = [
  [100, 103], [200, 208], [226, 226], [300, 305], [307, 308], [400, 418], [421, 426], [428, 429], [431, 431], [451, 451], [500, 508],
  [510, 511],
];

/** Istio's default retries, which depend on the version. */
export interface RetryDefaults {
  readonly retryOn: string;
  readonly retriableStatusCodes?: readonly number[];
}

/** Istio's HTTPRetry as Envoy's RetryPolicy; undefined if `attempts` is 0. A route with a consistent hash retries at the same endpoint. */
export function retryPolicy(retries: HTTPRetry | undefined, isHashed: boolean, defaults: RetryDefaults): RetryPolicy | undefined {
  if (retries !== undefined && !((retries.attempts ?? 0) > 0)) return undefined;
  const on = retries?.retryOn ? retryOn(retries.retryOn) : defaults;
  const ignoresPrevious = retries?.retryIgnorePreviousHosts ?? !isHashed;
  return message<RetryPolicy>({
    retryOn: on.retryOn || undefined,
    numRetries: retries === undefined ? 2 : retries.attempts,
    perTryTimeout: durationOf(retries?.perTryTimeout),
    retryPriority: retries?.retryRemoteLocalities === true ? PREVIOUS_PRIORITIES : undefined,
    retryHostPredicate: ignoresPrevious ? PREVIOUS_HOSTS : undefined,
    hostSelectionRetryMaxAttempts: '5',
    retriableStatusCodes: on.retriableStatusCodes,
    retryBackOff: retries?.backoff === undefined ? undefined : { baseInterval: durationOf(retries.backoff) },
  });
}

/** Splits `retryOn` into Envoy's conditions and status codes. */
function retryOn(stated: string): RetryDefaults {
  const parts = stated.split(',').map(part => part.trim()).filter(part => part !== '');
  const isCode = (part: string) => /^[+-]?\d+$/.test(part) && STATUS_CODES.some(([first, last]) => first <= Number(part) && Number(part) <= last);
  const codes = parts.filter(isCode).map(Number);
  const conditions = parts.filter(part => !isCode(part)).join(',');
  const named = codes.length > 0 && !conditions.includes('retriable-status-codes') ? `${conditions},retriable-status-codes` : conditions;
  return { retryOn: named, retriableStatusCodes: codes };
}
