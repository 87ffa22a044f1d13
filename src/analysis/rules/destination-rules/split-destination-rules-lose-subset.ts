import { splitPolicyOf } from '../../facts/split-policies';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'split-destination-rules-lose-subset',
  codes: ['KIA0201'],
  severity: 'error',
  subjects: ['DestinationRule'],
  title: 'Two DestinationRules for a host have a subset of the same name, and Istio drops the second one',
  effect: 'The cluster of the subset has the labels and policy of the older object.',
  check(object, report, index) {
    const { own, group } = splitPolicyOf(object, index) ?? {};
    own?.subsets.forEach(({ name }, s) => {
      const winner = group?.subsetBefore(own, String(name));
      if (!winner) return;
      report(`spec.subsets[${s}]`, `${index.nameOf(winner.object)} has a subset '${name}' of '${own.host}' too and comes first, so Istio `
        + 'drops this one with its labels and policy',
      'remove one of the two, or rename this one');
    });
  },
});
