import { contestsOf, partRivals, selectingText } from '../../facts/telemetries';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'overlapping-telemetries',
  codes: ['IST0159'],
  severity: 'error',
  subjects: ['Telemetry'],
  needs: ['Workload'],
  title: 'Two Telemetries select the same pods and set the same parts',
  effect: 'The proxy gets the settings of both. Where both set the same field, one replaces the other in an undefined order.',
  check(object, report, index) {
    for (const contest of contestsOf(object, index)) {
      const conflict = partRivals(contest, object, index);
      if (!conflict) continue;
      const { rivals, shared } = conflict;
      report('spec.selector', `${selectingText(rivals, contest, index)}, and set${rivals.others === 1 ? 's' : ''} ${shared.join(', ')} as `
        + 'this one does; which setting applies depends on their age',
      'make the selectors exclude each other, or merge the Telemetries');
    }
  },
});
