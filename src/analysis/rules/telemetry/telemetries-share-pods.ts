import { contestsOf, partRivals, selectingText } from '../../facts/telemetries';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'telemetries-share-pods',
  codes: ['IST0159'],
  severity: 'info',
  subjects: ['Telemetry'],
  needs: ['Workload'],
  title: 'Two Telemetries select the same pods and set different parts',
  effect: 'The proxy gets the settings of both.',
  check(object, report, index) {
    for (const contest of contestsOf(object, index)) {
      if (partRivals(contest, object, index)) continue;
      report('spec.selector', `${selectingText(contest.rivals, contest, index)}; all of them apply, because they set different parts`,
        'there is nothing to do; one Telemetry for these pods is safer');
    }
  },
});
