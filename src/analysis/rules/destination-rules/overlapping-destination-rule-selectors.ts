import type { Labels } from '../../../manifest/labels';
import { selects } from '../../../manifest/labels';
import { splitPolicyOf } from '../../facts/split-policies';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

/** Whether two selectors take the same callers: one lies inside the other, or a workload has the labels of both. */
function haveCommonPods(namespace: string, one: Labels = {}, other: Labels = {}, index: TrafficIndex): boolean {
  if (selects(one, other) || selects(other, one)) return true;
  return selects(one, { ...one, ...other }) && index.workloads.hasAny({ ...one, ...other }, namespace);
}

export const rule = defineRule({
  id: 'overlapping-destination-rule-selectors',
  codes: [],
  severity: 'warning',
  subjects: ['DestinationRule'],
  title: 'Two DestinationRules for a host select the same callers',
  effect: 'The clusters of these callers have the settings of the older object.',
  check(object, report, index) {
    const { own, group: { selecting = [] } = {} } = splitPolicyOf(object, index) ?? {};
    if (!own?.hasSelector) return;
    const winner = selecting.slice(0, selecting.indexOf(own)).find(earlier => haveCommonPods(own.namespace, earlier.selector, own.selector,
      index));
    if (!winner) return;
    report('spec.workloadSelector', `${index.nameOf(winner.object)} selects some of the same callers of '${own.host}' and comes first (by `
      + 'age, or by name if both are the same age): they never use this one',
    'make the selectors exclude each other, or merge both');
  },
});
