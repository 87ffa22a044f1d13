import { checkSelector, nonNegativeProblem } from './values';
import type { Verdict } from './verdict';
import type { ProxyConfigSpec } from '../../manifest/istio-specs.generated';

/** Checks a ProxyConfig. */
export function checkProxyConfig(verdict: Verdict, { selector, concurrency }: ProxyConfigSpec): void {
  checkSelector(verdict, selector, 'spec.selector', 'matchLabels');
  verdict.error('spec.concurrency', nonNegativeProblem(concurrency));
}
