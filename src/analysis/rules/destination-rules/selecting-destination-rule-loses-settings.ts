import { splitPolicyOf } from '../../facts/split-policies';
import { defineRule } from '../../rule';
import { inShort } from '../../words';

export const rule = defineRule({
  id: 'selecting-destination-rule-loses-settings',
  codes: [],
  severity: 'error',
  subjects: ['DestinationRule'],
  title: 'Callers that a DestinationRule selects lose the subsets and policy of the one for all callers',
  effect: 'For the selected callers the other object does not exist: requests to its subsets get 503 with the flag NC.',
  check(object, report, index) {
    const { own, group } = splitPolicyOf(object, index) ?? {};
    if (!own?.hasSelector || !group) return;
    const { first, subsets, parts, only } = group.lostBy(own);
    const count = subsets + parts;
    if (count === 0) return;
    const settings = first.map(({ what, of }) => (only ? what : `${what} of ${index.nameOf(of.object)}`));
    const others = only ? index.nameOf(only.object) : 'the DestinationRules for all callers';
    const outcome = subsets === 0 ? '' : ': routes to such a subset get 503';
    report('spec.workloadSelector', 'callers with these labels use this DestinationRule alone, without '
      + `${inShort(settings, count)}${only ? ` of ${others}` : ''}${outcome}`,
    `repeat here what ${others} ${only ? 'has' : 'have'} for '${own.host}'`);
  },
});
