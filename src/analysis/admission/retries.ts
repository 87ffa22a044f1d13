import { durationProblem } from './values';
import type { Verdict } from './verdict';
import type { HTTPRetry } from '../../manifest/istio-specs.generated';
import { retryConditionObjection } from '../../traffic/retry';

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
    verdict.error(`${path}.retryOn`, retryConditionObjection(condition));
  }
  for (const field of ['perTryTimeout', 'backoff'] as const) verdict.error(`${path}.${field}`, durationProblem(retries[field]));
}
