import { splitPolicyOf } from '../../facts/split-policies';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'split-destination-rules-lose-policy',
  codes: ['KIA0201'],
  severity: 'error',
  subjects: ['DestinationRule'],
  title: 'Istio drops the policy of the second of two DestinationRules for a host',
  effect: 'The clusters of the host have the policy of the older object alone.',
  check(object, report, index) {
    const { own, group } = splitPolicyOf(object, index) ?? {};
    const winner = own && own.parts.length > 0 ? group?.policyBefore(own) : undefined;
    if (!own || !winner) return;
    report('spec.trafficPolicy', `${index.nameOf(winner.object)} is for '${own.host}' too and comes first (by age, or by name if both are `
      + `the same age): its trafficPolicy applies as a whole, and Istio drops ${own.parts.join(', ')} of this one`,
    'put both into one DestinationRule; policies do not merge');
  },
});
