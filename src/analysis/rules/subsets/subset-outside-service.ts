import { hostPolicyOf } from '../../facts/host-policies';
import { isService } from '../../facts/registry';
import { hasOtherEndpoints } from '../../facts/subset-endpoints';
import { defineRule } from '../../rule';
import { labelList } from '../../words';

export const rule = defineRule({
  id: 'subset-outside-service',
  codes: ['KIA0203'],
  severity: 'error',
  subjects: ['DestinationRule'],
  needs: ['Service', 'Workload'],
  title: 'A subset\'s labels match pods, but none of the Service\'s',
  effect: 'The cluster of the subset has no endpoints: 503, flag UH.',
  check(object, report, index) {
    const { host = '', subsets = [] } = hostPolicyOf(object, index) ?? {};
    const service = index.registry.named(host).find(registered => isService(registered) && registered.selector);
    if (!service) return;
    const { selector = {}, namespace } = service;
    // If the manifests have no pods of the Service, nothing is known of its subsets.
    if (!index.workloads.mayHave(selector, namespace)) return;
    subsets.forEach(({ name, labels = {} }, s) => {
      const isContradicted = Object.keys(selector).some(key => labels[key] !== undefined && labels[key] !== selector[key]);
      if (!isContradicted && index.workloads.mayHave({ ...selector, ...labels }, namespace)) return;
      if (!index.workloads.mayHave(labels) || hasOtherEndpoints(labels, [], index)) return;
      report(`spec.subsets[${s}].labels`, `pods with the labels of subset '${name}' exist, but not behind '${host}' (its selector is `
        + `${labelList(selector)}), so routes to the subset get 503`,
      'use labels that pods of this Service have', isContradicted ? {} : { absent: { kind: 'pods', namespace } });
    });
  },
});
