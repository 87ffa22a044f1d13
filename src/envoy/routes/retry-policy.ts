import { STATUS_CODES } from 'node:http';
import { asProtoDuration } from '../../manifest/duration';
import { message } from '../message';
import type { Json } from '../proxy-config';

const PREVIOUS_HOSTS = [{
  name: 'envoy.retry_host_predicates.previous_hosts',
  typedConfig: { '@type': 'type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate' },
}];
const PREVIOUS_PRIORITIES = {
  name: 'envoy.retry_priorities.previous_priorities',
  typedConfig: { '@type': 'type.googleapis.com/envoy.extensions.retry.priority.previous_priorities.v3.PreviousPrioritiesConfig', 'updateFrequency': 2 },
};

/** How Istio retries where nobody says otherwise; it depends on the version. */
export interface RetryDefaults {
  readonly retryOn: string;
  readonly retriableStatusCodes?: readonly number[];
}

/** Istio's HTTPRetry as Envoy's RetryPolicy: undefined where it switches retries off. A hashed route retries at the same host. */
export function retryPolicy(retries: Json | undefined, isHashed: boolean, defaults: RetryDefaults): Json | undefined {
  if (retries !== undefined && !(Number(retries.attempts) > 0)) return undefined;
  const on = retries?.retryOn ? retryOn(retries.retryOn) : defaults;
  const ignoresPrevious = retries?.retryIgnorePreviousHosts ?? !isHashed;
  return message({
    retryOn: on.retryOn || undefined,
    numRetries: retries === undefined ? 2 : Number(retries.attempts),
    perTryTimeout: asProtoDuration(retries?.perTryTimeout),
    retryPriority: retries?.retryRemoteLocalities === true ? PREVIOUS_PRIORITIES : undefined,
    retryHostPredicate: ignoresPrevious === true ? PREVIOUS_HOSTS : undefined,
    hostSelectionRetryMaxAttempts: '5',
    retriableStatusCodes: on.retriableStatusCodes,
    retryBackOff: retries?.backoff === undefined ? undefined : { baseInterval: asProtoDuration(retries.backoff) },
  });
}

/** Conditions and status codes of one list, as Envoy keeps them apart. */
function retryOn(text: string): RetryDefaults {
  const parts = text.split(',').map(part => part.trim()).filter(part => part !== '');
  const isCode = (part: string) => /^[+-]?\d+$/.test(part) && STATUS_CODES[Number(part)] !== undefined;
  const codes = parts.filter(isCode).map(Number);
  const conditions = parts.filter(part => !isCode(part)).join(',');
  const named = codes.length > 0 && !conditions.includes('retriable-status-codes') ? `${conditions},retriable-status-codes` : conditions;
  return { retryOn: named, retriableStatusCodes: codes };
}
