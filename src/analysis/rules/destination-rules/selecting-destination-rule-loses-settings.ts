import { splitPolicyOf } from '../../facts/split-policies';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'selecting-destination-rule-loses-settings',
  codes: [],
  severity: 'error',
  subjects: ['DestinationRule'],
  title: 'Callers that a DestinationRule selects lose the subsets and policy of the one for all callers',
  effect: 'For the selected callers the other object does not exist: requests to its subsets get 503 with the flag NC.',
  check(object, report, index) {
    const { own, group: { plain = [] } = {} } = splitPolicyOf(object, index) ?? {};
    if (!own?.hasSelector) return;
    const [kept, stated] = [new Set(own.subsetNames), new Set(own.parts)];
    for (const other of plain) {
      if (other.exportTo.includes('.')) continue;
      const subsets = other.subsetNames.filter(name => !kept.has(name)).map(name => `subset '${name}'`);
      const parts = other.parts.filter(part => !stated.has(part));
      if (subsets.length + parts.length === 0) continue;
      const outcome = subsets.length === 0 ? '' : ': routes to such a subset get 503';
      report('spec.workloadSelector', 'callers with these labels use this DestinationRule alone, without '
        + `${[...subsets, ...parts].join(', ')} of ${index.nameOf(other.object)}${outcome}`,
      `repeat here what ${index.nameOf(other.object)} has for '${own.host}'`);
    }
  },
});
