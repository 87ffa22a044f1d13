import { hostPolicyOf } from '../../facts/host-policies';
import { areElsewhere, hasOtherEndpoints } from '../../facts/subset-endpoints';
import { scopesOf } from '../../facts/visibility';
import { defineRule } from '../../rule';
import { labelList } from '../../words';

export const rule = defineRule({
  id: 'subset-selects-no-pods',
  codes: ['IST0173', 'KIA0203'],
  severity: 'error',
  subjects: ['DestinationRule'],
  needs: ['Service', 'Workload'],
  title: 'A subset\'s labels match no pod',
  effect: 'The cluster of the subset has no endpoints: 503, flag UH.',
  check(object, report, index) {
    const { host = '', subsets = [] } = hostPolicyOf(object, index) ?? {};
    const hosts = index.registry.named(host);
    if (!index.registry.find(host, scopesOf(object, index)) || areElsewhere(hosts, index)) return;
    const own = hosts.find(({ object: { kind } }) => kind === 'ServiceEntry')?.selector;
    subsets.forEach((subset, s) => {
      const labels = { ...own, ...subset.labels };
      if (Object.keys(labels).length === 0) return;
      if (index.workloads.mayHave(labels) || hasOtherEndpoints(labels, hosts, index)) return;
      report(`spec.subsets[${s}].labels`, `no pod has the labels ${labelList(subset.labels ?? {})} of subset '${subset.name}', so routes `
        + 'to it get 503',
      'use the labels of the pod template, or add the workload', { absent: { kind: 'pods', namespace: hosts[0]?.namespace ?? '' } });
    });
  },
});
