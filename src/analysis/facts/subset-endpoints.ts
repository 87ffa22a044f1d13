import type { RegisteredHost } from './registry';
import { isService } from './registry';
import type { Labels } from '../../manifest/labels';
import { selects } from '../../manifest/labels';
import { isOfKind } from '../../manifest/manifest';
import type { TrafficIndex } from '../traffic-index';

/** Labels that istiod adds to endpoints from where they run; manifests do not have them. */
const ADDED = /^(topology\.(kubernetes\.io|istio\.io)|failure-domain\.beta\.kubernetes\.io|kubernetes\.io\/hostname)/;

/** Whether labels include one that istiod adds. */
export function hasAddedLabel(labels: Labels): boolean {
  return Object.keys(labels).some(name => ADDED.test(name));
}

/** Whether endpoints without pods have these labels: WorkloadEntries, and a ServiceEntry's own. */
export function hasOtherEndpoints(labels: Labels, hosts: readonly RegisteredHost[], index: TrafficIndex): boolean {
  return hosts.some(({ object }) => isOfKind(object, 'ServiceEntry')
    && object.spec?.endpoints?.some(endpoint => selects(labels, endpoint.labels)))
    || index.memo(otherLabels).some(other => selects(labels, other));
}

/** The labels of WorkloadEntries, and of those that WorkloadGroups make. */
function otherLabels(index: TrafficIndex): readonly Labels[] {
  return [
    ...index.of('WorkloadEntry').flatMap(({ spec }) => [spec?.labels ?? {}]),
    ...index.of('WorkloadGroup').flatMap(({ spec }) => [spec?.metadata?.labels ?? {}]),
  ];
}

/** Whether Services select pods that lie outside the input, so that nothing is known of their subsets. */
export function areElsewhere(hosts: readonly RegisteredHost[], index: TrafficIndex): boolean {
  if (hosts.some(({ object }) => index.isFact(object))) return true;
  if (index.isComplete) return false;
  const selecting = hosts.filter(host => isService(host) && host.selector);
  return selecting.length > 0 && !selecting.some(({ selector, namespace }) => index.workloads.hasAny(selector!, namespace));
}
