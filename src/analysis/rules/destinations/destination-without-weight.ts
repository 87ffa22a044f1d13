import { destinationText, routeDestinations } from '../../facts/route-destinations';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'destination-without-weight',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A destination has no weight, beside others with one',
  effect: 'A missing weight is 0, not the rest up to 100. Istio leaves the destination out, and the others get all requests.',
  check(object, report, index) {
    for (const { path, destinations } of routeDestinations(object, index)) {
      const shared = destinations.filter(({ mirror }) => !mirror);
      if (!shared.some(({ weight = 0 }) => weight > 0)) continue;
      shared.forEach((destination, d) => {
        if (destination.weight !== undefined) return;
        report(`${path}.route[${d}]`, `${destinationText(destination)} has no weight beside destinations with one, so it gets nothing`,
          'write its weight, or remove the destination');
      });
    }
  },
});
