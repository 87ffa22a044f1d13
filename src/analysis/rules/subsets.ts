import type { Labels } from '../../manifest/labels';
import { selects } from '../../manifest/labels';
import { entries, items, labelsOf } from '../fields';
import type { RegisteredHost } from '../registry';
import { statedPolicies } from '../stated-policies';
import type { TrafficIndex } from '../traffic-index';
import type { TrafficRule } from '../traffic-rule';

/** Labels that istiod adds to endpoints from where they run; manifests do not tell them. */
const ADDED = /^(topology\.(kubernetes\.io|istio\.io)|failure-domain\.beta\.kubernetes\.io|kubernetes\.io\/hostname)/;

/** Labels of endpoints that no pod stands behind: of WorkloadEntries, and of a ServiceEntry's own. */
function hasOtherEndpoints(index: TrafficIndex, hosts: readonly RegisteredHost[], labels: Labels): boolean {
  return hosts.some(({ object }) => object.kind === 'ServiceEntry' && items(object.spec?.endpoints).some(endpoint => selects(labels, labelsOf(endpoint.labels))))
    || index.of('WorkloadEntry').some(({ spec }) => selects(labels, labelsOf(spec?.labels)))
    || index.of('WorkloadGroup').some(({ spec }) => selects(labels, labelsOf(spec?.metadata?.labels)));
}

/** Whether Services select pods of which the manifests show none, so that nothing is known about their subsets. */
function areElsewhere(index: TrafficIndex, hosts: readonly RegisteredHost[]): boolean {
  const selecting = hosts.filter(({ object, selector }) => object.kind === 'Service' && selector);
  return selecting.length > 0 && !selecting.some(({ selector, namespace }) => index.workloads.hasAny(selector!, namespace));
}

const subsetSelectsNothing: TrafficRule = {
  id: 'subset-selects-no-pods',
  codes: ['IST0173', 'KIA0203'],
  severity: 'error',
  needs: ['Service', 'Workload'],
  title: 'A subset\'s labels are on no pod',
  check(index, report) {
    for (const { object, host, subsets } of statedPolicies(index)) {
      if (!index.registry.find(host, index.scopesOf(object))) continue;
      const hosts = index.registry.named(host);
      if (areElsewhere(index, hosts)) continue;
      const own = hosts.find(({ object: { kind } }) => kind === 'ServiceEntry')?.selector ?? {};
      subsets.forEach((subset, s) => {
        const labels = { ...own, ...labelsOf(subset.labels) };
        if (index.workloads.hasAny(labels) || Object.keys(labels).some(name => ADDED.test(name)) || hasOtherEndpoints(index, hosts, labels)) return;
        const text = entries(subset.labels).map(([name, value]) => `${name}=${value}`).join(', ');
        report(object, `spec.subsets[${s}].labels`, `no pod has the labels ${text} of subset '${subset.name}', so that routes to it get 503`, 'write the labels of the pods\' template, or add the workload');
      });
    }
  },
};

const subsetOutsideService: TrafficRule = {
  id: 'subset-outside-service',
  codes: ['KIA0203'],
  severity: 'error',
  needs: ['Service', 'Workload'],
  title: 'A subset\'s labels are on pods, but on none of the service\'s',
  check(index, report) {
    for (const { object, host, subsets } of statedPolicies(index)) {
      const services = index.registry.named(host).filter(({ object: { kind }, selector }) => kind === 'Service' && selector);
      if (services.length === 0) continue;
      const { selector = {}, namespace } = services[0];
      // A Service whose pods are not in the manifests at all says nothing about its subsets.
      if (!index.workloads.hasAny(selector, namespace)) continue;
      subsets.forEach((subset, s) => {
        const labels = labelsOf(subset.labels);
        const isContradicted = Object.keys(selector).some(name => labels[name] !== undefined && labels[name] !== selector[name]);
        if (!isContradicted && index.workloads.hasAny({ ...selector, ...labels }, namespace)) return;
        if (Object.keys(labels).some(name => ADDED.test(name)) || !index.workloads.hasAny(labels)) return;
        if (hasOtherEndpoints(index, [], labels)) return;
        report(object, `spec.subsets[${s}].labels`, `pods with the labels of subset '${subset.name}' are there, but not behind '${host}' (its selector is ${Object.entries(selector).map(([name, value]) => `${name}=${value}`).join(', ')}), so that routes to the subset get 503`,
          'write labels that pods of this very Service have');
      });
    }
  },
};

const subsetWithoutLabels: TrafficRule = {
  id: 'subset-without-labels',
  codes: ['KIA0209'],
  severity: 'warning',
  title: 'A subset has no labels and so is the whole host',
  check(index, report) {
    for (const { object, subsets } of statedPolicies(index)) {
      subsets.forEach((subset, s) => {
        // With a policy of its own it is another way to the same endpoints, as to an egress gateway.
        if (entries(subset.labels).length > 0 || subset.trafficPolicy) return;
        report(object, `spec.subsets[${s}]`, `subset '${subset.name}' has no labels and takes every endpoint of the host`, 'state the labels of the version that is meant');
      });
    }
  },
};

/** Rules about the pods that subsets stand for. */
export const SUBSET_RULES: readonly TrafficRule[] = [subsetSelectsNothing, subsetOutsideService, subsetWithoutLabels];
