import { policyLevels } from '../../facts/policy-levels';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

const REGION = 'topology.kubernetes.io/region';
const ZONE = 'topology.kubernetes.io/zone';

/** The localities in the manifests: of Nodes, of WorkloadEntries, and of pods by their label. */
function localitiesIn(index: TrafficIndex): ReadonlySet<string> {
  const found = new Set([
    ...index.of('Node').flatMap(({ metadata: { labels = {} } }) => [[labels[REGION], labels[ZONE]].filter(part => part !== undefined)
      .join('/')]),
    ...index.of('WorkloadEntry').flatMap(({ spec }) => [spec?.locality ?? '']),
    ...index.workloads.all.map(({ labels }) => labels['istio-locality'] ?? ''),
  ]);
  found.delete('');
  return found;
}

const MOST_NAMED = 3;

export const rule = defineRule({
  id: 'outlier-detection-turns-failover-on',
  codes: [],
  severity: 'info',
  subjects: ['DestinationRule'],
  title: 'Outlier detection makes callers prefer their own locality',
  effect: 'Envoy prefers endpoints of its own locality, and goes elsewhere when they fail.',
  check(object, report, index) {
    const localities = index.memo(localitiesIn);
    if (localities.size < 2 || index.meshConfig.localityLbSetting.enabled === false) return;
    for (const { policy, path, above } of policyLevels(object, index)) {
      if (!policy.outlierDetection || policy.loadBalancer?.localityLbSetting || above?.loadBalancer?.localityLbSetting) continue;
      report(`${path}.outlierDetection`, `there are several localities (${[...localities].slice(0, MOST_NAMED).join(', ')}), and with `
        + 'outlier detection callers send all requests to their own one while it is healthy',
      'set loadBalancer.localityLbSetting: { enabled: false } to spread requests over all localities, or set failover or distribute');
    }
  },
});
