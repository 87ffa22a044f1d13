import { STATUS_CODES } from 'node:http';
import { durationProblem } from './values';
import type { Verdict } from './verdict';
import type { HTTPRetry } from '../../manifest/istio-specs.generated';
import { RETRY_CONDITIONS } from '../../traffic/retry';

/** The statuses that Go knows: beside Node's these. */
const KNOWN_STATUSES = new Set([...Object.keys(STATUS_CODES), '418', '425'].map(Number));
/** Statuses that Node knows and Go does not. */
for (const status of [509]) KNOWN_STATUSES.delete(status);

function isStatus(condition: string): boolean {
  return /^[-+]?\d+$/.test(condition) && KNOWN_STATUSES.has(Number(condition));
}

/** Checks the retries of a route. */
export function checkRetries(verdict: Verdict, retries: HTTPRetry, path: string): void {
  const { attempts = 0, retryOn = '', perTryTimeout, retryRemoteLocalities } = retries;
  if (attempts < 0) verdict.error(`${path}.attempts`, [`is ${attempts}`, 'use 0 for no retries']);
  // The CRD allows null in this field.
  const hasLocalities = (retryRemoteLocalities ?? undefined) !== undefined;
  if (attempts === 0 && (perTryTimeout !== undefined || retryOn !== '' || hasLocalities)) {
    verdict.error(path, ['configures retries without attempts', 'set attempts, or remove the other fields']);
  }
  for (const condition of retryOn === '' ? [] : retryOn.split(',')) {
    if (isStatus(condition) || RETRY_CONDITIONS.has(condition)) continue;
    verdict.error(`${path}.retryOn`, [`has '${condition}', which is neither a status nor a condition that Envoy knows`,
      `use ${[...RETRY_CONDITIONS].join(', ')} or a status, without blanks`]);
  }
  for (const field of ['perTryTimeout', 'backoff'] as const) verdict.error(`${path}.${field}`, durationProblem(retries[field]));
}
