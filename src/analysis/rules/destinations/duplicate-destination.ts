import { groupBy } from '../../../manifest/group-by';
import { destinationText, routeDestinations } from '../../facts/route-destinations';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'duplicate-destination',
  codes: ['KIA1105'],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'An entry has the same destination twice',
  effect: 'Envoy adds up the weights, because both are one cluster.',
  check(object, report, index) {
    for (const { destinations } of routeDestinations(object, index)) {
      if (destinations.length < 2) continue;
      for (const [text, [, ...again]] of groupBy(destinations.filter(({ mirror }) => !mirror), destinationText)) {
        for (const { path } of again) {
          report(path, `this entry has ${text} twice`,
            'merge both into one with the sum of their weights, or name the subset that you meant');
        }
      }
    }
  },
});
