import { withMeshDefaults } from '../../envoy/clusters/cluster-policy';
import { localityBalancing } from '../../envoy/clusters/locality-load-balancer';
import { PINNED } from '../../envoy/istio-versions';
import { trafficDistribution } from '../../envoy/kubernetes-services';
import type { TrafficDistribution } from '../../envoy/service';
import { groupBy } from '../../manifest/group-by';
import type { KubernetesObject } from '../../manifest/kubernetes-object';
import { selects } from '../../manifest/labels';
import type { Fields } from '../fields';
import { items, labelsOf, texts } from '../fields';
import { hostAndWildcards } from '../host-lookup';
import { statedPolicies } from '../stated-policies';
import type { TrafficIndex } from '../traffic-index';
import type { TrafficRule } from '../traffic-rule';

/** What is in common: nothing in istiod catches it, and the next istiod reads the same objects. */
const CRASH = `istiod ${PINNED} panics (a nil pointer, or an index out of range) when it makes the configuration of a proxy, `
  + 'and nothing in it catches that: it dies, and so does the next one that reads these objects';

/** A policy for a host as a whole, or for a port of it; those of subsets crash nothing. */
interface Level {
  readonly object: KubernetesObject;
  readonly policy: Fields;
  readonly path: string;
}

/** Says the levels of the DestinationRules that the hosts of a ServiceEntry may have, for the ports that it has. */
function levelsIn(index: TrafficIndex): (entry: KubernetesObject) => Level[] {
  const byHost = groupBy(statedPolicies(index), ({ host }) => host);
  return ({ spec }) => {
    const numbers = new Set(items(spec?.ports).map(({ number }) => number));
    const hosts = texts(spec?.hosts).flatMap(hostAndWildcards);
    return [...new Set(hosts)].flatMap(host => byHost.get(host) ?? []).flatMap(({ object, policy }) => [
      { object, policy, path: 'spec.trafficPolicy' },
      ...items(policy?.portLevelSettings)
        .map((stated, e) => ({ object, policy: stated, path: `spec.trafficPolicy.portLevelSettings[${e}]` }))
        .filter(({ policy: { port } }) => numbers.has(port?.number)),
    ]);
  };
}

function entriesOf(index: TrafficIndex, resolution: string): readonly KubernetesObject[] {
  return index.of('ServiceEntry').filter(({ spec }) => spec?.resolution === resolution);
}

const dynamicDns: TrafficRule = {
  id: 'dynamic-dns-outlier-detection-crashes-istiod',
  codes: [],
  severity: 'error',
  title: 'Outlier detection for a DYNAMIC_DNS ServiceEntry makes istiod crash',
  check(index, report) {
    const entries = entriesOf(index, 'DYNAMIC_DNS');
    if (entries.length === 0) return;
    const levelsOf = levelsIn(index);
    for (const entry of entries) {
      for (const { object, policy, path } of levelsOf(entry)) {
        if (policy?.outlierDetection === undefined) continue;
        report(object, `${path}.outlierDetection`, `ServiceEntry ${index.nameOf(entry)} has the resolution DYNAMIC_DNS, for which outlier detection is not provided for: ${CRASH}`,
          'remove outlierDetection; Envoy looks each host up by itself, and has no endpoints here to eject');
      }
    }
  },
};

/** The localities of a ServiceEntry's endpoints, its own or those of the WorkloadEntries of its namespace. */
function localitiesOf({ spec }: KubernetesObject, workloads: readonly KubernetesObject[]): ReadonlySet<string> {
  const selector = spec?.workloadSelector?.labels;
  const isSelected = (workload: Fields) => selector !== undefined && selects(labelsOf(selector), labelsOf(workload?.labels));
  const selected = workloads.map(workload => workload.spec).filter(isSelected);
  return new Set([...items(spec?.endpoints), ...selected].map(endpoint => String(endpoint?.locality ?? '')));
}

/** Whether endpoints are ranked by labels. */
function ranksByLabels(policy: Fields, distribution: TrafficDistribution, { meshConfig }: TrafficIndex): boolean {
  const { outlierDetection, loadBalancer } = withMeshDefaults(policy, meshConfig) ?? {};
  const balancing = localityBalancing(loadBalancer, { trafficDistribution: distribution }, meshConfig);
  if ('zoneAware' in balancing) return balancing.zoneAware.enabled !== false && items(balancing.zoneAware.failoverPriority).length > 0;
  const { setting, forced } = balancing;
  if (items(setting?.failoverPriority).length === 0 || items(setting?.distribute).length > 0) return false;
  return forced === true || outlierDetection !== undefined;
}

const rankedLocalities: TrafficRule = {
  id: 'dns-failover-priority-crashes-istiod',
  codes: [],
  severity: 'error',
  title: 'A DNS ServiceEntry with endpoints in several localities, ranked by labels, makes istiod crash',
  check(index, report) {
    const levelsOf = levelsIn(index);
    const workloads = groupBy(index.of('WorkloadEntry'), object => index.namespaceOf(object));
    const namespaces = new Map(index.of('Namespace').map(({ metadata: { name, annotations } }) => [name, annotations]));
    for (const entry of entriesOf(index, 'DNS')) {
      const namespace = index.namespaceOf(entry);
      const localities = localitiesOf(entry, workloads.get(namespace) ?? []);
      if (localities.size < 2) continue;
      const distribution = trafficDistribution(undefined, entry.metadata.annotations, namespaces.get(namespace));
      const where = `the endpoints of ServiceEntry ${index.nameOf(entry)} are looked up in DNS and lie in ${localities.size} localities, and istiod takes them for one when it ranks them by labels (failoverPriority, or traffic-distribution)`;
      const repair = 'use failover or distribute, which go by locality; or resolution STATIC; or one locality in a ServiceEntry';
      const levels = levelsOf(entry);
      if (levels.length === 0 && ranksByLabels(undefined, distribution, index)) report(entry, 'spec.endpoints', `${where}: ${CRASH}`, repair);
      for (const { object, policy, path } of levels) {
        if (ranksByLabels(policy, distribution, index)) report(object, path, `${where}: ${CRASH}`, repair);
      }
    }
  },
};

/** The host behind `*` of any namespace that other hosts of one server stand behind. */
const EVERYTHING = '*/*';

const gatewayHosts: TrafficRule = {
  id: 'gateway-hosts-crash-istiod',
  codes: [],
  severity: 'error',
  title: 'A Gateway\'s host behind `*/*` makes istiod crash',
  check(index, report) {
    for (const object of index.of('Gateway')) {
      items(object.spec?.servers).forEach((server, s) => {
        const hosts = texts(server.hosts);
        const all = hosts.indexOf(EVERYTHING);
        const behind = all < 0 ? -1 : hosts.findIndex((host, h) => h > all && host !== EVERYTHING && /^[.*]\//.test(host));
        if (behind < 0) return;
        report(object, `spec.servers[${s}].hosts[${behind}]`, `'${hosts[behind]}' stands behind '${EVERYTHING}', which istiod puts in place of the whole list while it reads it: ${CRASH}`,
          `remove '${hosts[behind]}', since '${EVERYTHING}' takes it too, or '${EVERYTHING}' if just these are meant`);
      });
    }
  },
};

/** Rules about what istiod accepts and then crashes of, as it was seen to do. */
export const ISTIOD_CRASH_RULES: readonly TrafficRule[] = [dynamicDns, rankedLocalities, gatewayHosts];
