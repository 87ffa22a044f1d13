import { withMeshDefaults } from '../../../envoy/clusters/cluster-policy';
import { localityBalancing } from '../../../envoy/clusters/locality-load-balancer';
import { trafficDistribution } from '../../../envoy/kubernetes-services';
import type { TrafficDistribution } from '../../../envoy/service';
import { groupBy } from '../../../manifest/group-by';
import { selects } from '../../../manifest/labels';
import type { ManifestOf } from '../../../manifest/manifest';
import type { ServiceEntry } from '../../facts/entry-ports';
import type { CrashLevel } from '../../facts/istiod-crash';
import { CRASH, CRASH_EFFECT, crashLevels } from '../../facts/istiod-crash';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

function workloadEntries(index: TrafficIndex): ReadonlyMap<string, readonly ManifestOf<'WorkloadEntry'>[]> {
  return groupBy(index.of('WorkloadEntry'), object => index.namespaceOf(object));
}

function namespaceAnnotations(index: TrafficIndex) {
  return new Map(index.of('Namespace').map(({ metadata: { name, annotations } }) => [name, annotations]));
}

/** The localities of a ServiceEntry's endpoints: its own, or those of the WorkloadEntries of its namespace. */
function localitiesOf(entry: ServiceEntry, index: TrafficIndex): ReadonlySet<string> {
  const { workloadSelector, endpoints = [] } = entry.spec ?? {};
  const selector = workloadSelector?.labels;
  const workloads = selector ? index.memo(workloadEntries).get(index.namespaceOf(entry)) ?? [] : [];
  const selected = workloads.map(({ spec = {} }) => spec).filter(({ labels }) => selects(selector!, labels));
  return new Set([...endpoints, ...selected].map(({ locality = '' }) => locality));
}

/** Whether istiod ranks endpoints by labels. */
function ranksByLabels(policy: CrashLevel['policy'], distribution: TrafficDistribution, { meshConfig }: TrafficIndex): boolean {
  const { outlierDetection, loadBalancer } = withMeshDefaults(policy, meshConfig) ?? {};
  const balancing = localityBalancing(loadBalancer, { trafficDistribution: distribution }, meshConfig);
  if ('zoneAware' in balancing) return balancing.zoneAware.enabled !== false && (balancing.zoneAware.failoverPriority ?? []).length > 0;
  const { setting, forced } = balancing;
  if ((setting?.failoverPriority ?? []).length === 0 || (setting?.distribute ?? []).length > 0) return false;
  return forced === true || outlierDetection !== undefined;
}

export const rule = defineRule({
  id: 'dns-failover-priority-crashes-istiod',
  codes: [],
  severity: 'error',
  subjects: ['ServiceEntry'],
  title: 'A DNS ServiceEntry with endpoints in several localities, ranked by labels, crashes istiod',
  effect: CRASH_EFFECT,
  check(entry, report, index) {
    if (entry.spec?.resolution !== 'DNS') return;
    const localities = localitiesOf(entry, index);
    if (localities.size < 2) return;
    const distribution = trafficDistribution(undefined, entry.metadata.annotations,
      index.memo(namespaceAnnotations).get(index.namespaceOf(entry)));
    const cause = `the endpoints of ServiceEntry ${index.nameOf(entry)} come from DNS and are in ${localities.size} localities, but `
      + `istiod takes them for one when it ranks them by labels (failoverPriority, or traffic-distribution): ${CRASH}`;
    const repair = 'use failover or distribute, which go by locality; or resolution STATIC; or one locality per ServiceEntry';
    const levels = crashLevels(entry, index);
    if (levels.length === 0 && ranksByLabels(undefined, distribution, index)) report('spec.endpoints', cause, repair);
    for (const { object, policy, path } of levels) {
      if (ranksByLabels(policy, distribution, index)) report(path, cause, repair, { at: object });
    }
  },
});
