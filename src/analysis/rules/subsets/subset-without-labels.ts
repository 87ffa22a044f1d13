import { hostPolicyOf } from '../../facts/host-policies';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'subset-without-labels',
  codes: ['KIA0209'],
  severity: 'warning',
  subjects: ['DestinationRule'],
  title: 'A subset without labels is the whole host',
  effect: 'The cluster of the subset has all endpoints of the host.',
  check(object, report, index) {
    hostPolicyOf(object, index)?.subsets.forEach(({ name, labels = {}, trafficPolicy }, s) => {
      // A subset with a policy of its own is another way to the same endpoints, such as to an egress gateway.
      if (Object.keys(labels).length > 0 || trafficPolicy) return;
      report(`spec.subsets[${s}]`, `subset '${name}' has no labels and takes every endpoint of the host`,
        'use the labels of the version that you mean');
    });
  },
});
