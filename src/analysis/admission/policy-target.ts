import { checkSelector } from './values';
import type { Verdict } from './verdict';
import type { PolicyTargetReference, WorkloadSelector } from '../../manifest/istio-specs.generated';

const TARGETS = ['core/Service', 'networking.istio.io/ServiceEntry', 'gateway.networking.k8s.io/Gateway',
  'gateway.networking.k8s.io/GatewayClass'];

/** What a policy applies to. */
interface Targets {
  readonly selector?: WorkloadSelector;
  readonly targetRef?: PolicyTargetReference;
  readonly targetRefs?: readonly PolicyTargetReference[];
}

function checkTarget(verdict: Verdict, { name = '', namespace = '', kind = '', group = '' }: PolicyTargetReference, path: string): void {
  if (name === '') verdict.error(path, ['has no name', 'set it']);
  if (namespace !== '') {
    verdict.error(path, [`has the namespace '${namespace}'`, 'remove it; the target must be in the namespace of the object']);
  }
  const written = `${group === '' ? 'core' : group}/${kind}`;
  if (!TARGETS.includes(written)) verdict.error(path, [`is for a ${written}`, `use one of ${TARGETS.join(', ')}`]);
}

/** Checks what a policy applies to: workloads by label, or targets by name. */
export function checkTargets(verdict: Verdict, { selector, targetRef, targetRefs = [] }: Targets): void {
  if ([selector !== undefined, targetRef !== undefined, targetRefs.length > 0].filter(Boolean).length > 1) {
    verdict.error('spec', ['selects workloads in several ways', 'keep one of selector and targetRefs']);
  }
  checkSelector(verdict, selector, 'spec.selector', 'matchLabels');
  if (targetRef !== undefined) checkTarget(verdict, targetRef, 'spec.targetRef');
  targetRefs.forEach((target, i) => checkTarget(verdict, target, `spec.targetRefs[${i}]`));
}
