import { checkSelector, portProblem } from './values';
import type { Verdict } from './verdict';
import type { PeerAuthenticationSpec } from '../../manifest/istio-specs.generated';

/** Checks a PeerAuthentication. */
export function checkPeerAuthentication(verdict: Verdict, { selector, portLevelMtls }: PeerAuthenticationSpec): void {
  checkSelector(verdict, selector, 'spec.selector', 'matchLabels');
  if (portLevelMtls === undefined) return;
  const ports = Object.keys(portLevelMtls);
  if (ports.length === 0) verdict.error('spec.portLevelMtls', ['is empty', 'name a port, or remove it']);
  if (ports.length > 0 && Object.keys(selector?.matchLabels ?? {}).length === 0) {
    verdict.error('spec.portLevelMtls', ['is set for a whole namespace', 'select the workloads that have the ports']);
  }
  for (const port of ports) verdict.error(`spec.portLevelMtls.${port}`, portProblem(Number(port)));
}
