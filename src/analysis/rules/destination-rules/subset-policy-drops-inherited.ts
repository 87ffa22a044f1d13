import { hostPolicyOf } from '../../facts/host-policies';
import { lostFields } from '../../facts/lost-policy-fields';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'subset-policy-drops-inherited',
  codes: [],
  severity: 'warning',
  subjects: ['DestinationRule'],
  title: 'A subset\'s policy replaces part of the host\'s policy as a whole and loses fields of it',
  effect: 'The cluster of the subset lacks the fields that only the host\'s policy has, and uses Envoy\'s defaults.',
  check(object, report, index) {
    const { policy, subsets = [] } = hostPolicyOf(object, index) ?? {};
    subsets.forEach(({ name, trafficPolicy }, s) => {
      const lost = lostFields(policy, trafficPolicy);
      if (lost.length === 0) return;
      report(`spec.subsets[${s}].trafficPolicy`, `for subset '${name}', ${lost.join(', ')} of the host's policy `
        + `do${lost.length === 1 ? 'es' : ''} not apply: what a subset sets replaces the whole object, and it inherits no field`,
      'repeat these fields in the subset, or remove the object from the subset');
    });
  },
});
