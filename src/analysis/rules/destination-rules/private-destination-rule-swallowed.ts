import { splitPolicyOf } from '../../facts/split-policies';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'private-destination-rule-swallowed',
  codes: [],
  severity: 'error',
  subjects: ['DestinationRule'],
  title: 'Istio merges a private DestinationRule into one with a selector, and all other callers lose it',
  effect: 'The clusters of the other callers have no policy and no subsets.',
  check(object, report, index) {
    const { own, group } = splitPolicyOf(object, index) ?? {};
    const taker = group?.selecting.first;
    if (!own || own.hasSelector || !taker || own.exportTo.join() !== '.') return;
    report('spec.exportTo', `because exportTo is ['.'], Istio merges this DestinationRule into ${index.nameOf(taker.object)}, which `
      + 'selects callers by labels, and all other callers get nothing',
    'remove exportTo and repeat the settings in the selecting DestinationRule, or add a second namespace to exportTo');
  },
});
