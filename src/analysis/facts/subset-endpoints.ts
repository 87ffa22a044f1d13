import type { RegisteredHost } from './registry';
import { isService } from './registry';
import { labelsOfRoles, templateLabels } from '../../manifest/added-labels';
import type { Labels } from '../../manifest/labels';
import { selects } from '../../manifest/labels';
import { isOfKind } from '../../manifest/manifest';
import type { TrafficIndex } from '../traffic-index';

/** Whether endpoints that no pod template makes may have these labels: WorkloadEntries, a ServiceEntry's own, and roles in a Rollout. */
export function hasOtherEndpoints(labels: Labels, hosts: readonly RegisteredHost[], index: TrafficIndex): boolean {
  const stated = templateLabels(labels);
  return hosts.some(({ object }) => isOfKind(object, 'ServiceEntry')
    && object.spec?.endpoints?.some(endpoint => selects(stated, endpoint.labels)))
    || index.memo(otherLabels).some(other => selects(stated, other));
}

/** The labels of WorkloadEntries, of those that WorkloadGroups make, and of pods by their role in a Rollout. */
function otherLabels(index: TrafficIndex): readonly Labels[] {
  return [
    ...index.workloads.all.flatMap(({ object, labels }) => labelsOfRoles(object).map(ofRole => ({ ...labels, ...ofRole }))),
    ...index.of('WorkloadEntry').flatMap(({ spec }) => [spec?.labels ?? {}]),
    ...index.of('WorkloadGroup').flatMap(({ spec }) => [spec?.metadata?.labels ?? {}]),
  ];
}

/** Whether Services select pods that lie outside the input, so that nothing is known of their subsets. */
export function areElsewhere(hosts: readonly RegisteredHost[], index: TrafficIndex): boolean {
  if (hosts.some(({ object }) => index.isFact(object))) return true;
  if (index.isComplete) return false;
  const selecting = hosts.filter(host => isService(host) && host.selector);
  return selecting.length > 0 && !selecting.some(({ selector, namespace }) => index.workloads.mayHave(selector!, namespace));
}
