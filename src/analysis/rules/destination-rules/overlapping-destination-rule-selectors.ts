import { splitPolicyOf } from '../../facts/split-policies';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'overlapping-destination-rule-selectors',
  codes: [],
  severity: 'warning',
  subjects: ['DestinationRule'],
  title: 'Two DestinationRules for a host select the same callers',
  effect: 'The clusters of these callers have the settings of the older object.',
  check(object, report, index) {
    const { own, group } = splitPolicyOf(object, index) ?? {};
    const winner = own?.hasSelector && group?.selecting.firstWithCallersOf(own, index.workloads);
    if (!winner) return;
    report('spec.workloadSelector', `${index.nameOf(winner.object)} selects some of the same callers of '${own.host}' and comes first (by `
      + 'age, or by name if both are the same age): they never use this one',
    'make the selectors exclude each other, or merge both');
  },
});
