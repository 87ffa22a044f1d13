import { repeatedMatches } from '../../facts/route-order';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'ineffective-match',
  codes: ['IST0131'],
  severity: 'info',
  subjects: ['VirtualService'],
  title: 'A match repeats an earlier one, or is inside an earlier prefix',
  effect: 'Envoy takes the first route that matches. For this match that is always the earlier one.',
  check(object, report, index) {
    for (const { path, cause, repair } of repeatedMatches(object, index)) report(path, cause, repair);
  },
});
