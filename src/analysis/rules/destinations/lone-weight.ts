import { destinationText, routeDestinations } from '../../facts/route-destinations';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'lone-weight',
  codes: ['KIA1104'],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'The only destination of an entry has a weight below 100',
  effect: 'Envoy sends every request to the only destination, whatever its weight.',
  check(object, report, index) {
    for (const { path, destinations } of routeDestinations(object, index)) {
      const [lone, other] = destinations.filter(({ mirror }) => !mirror);
      if (!lone || other || lone.weight === undefined || lone.weight >= 100 || lone.weight < 0) continue;
      report(`${path}.route[0].weight`, `${destinationText(lone)} is the only destination and gets every request, despite its weight of `
        + `${lone.weight}`,
      'add the destination for the rest, or remove the weight');
    }
  },
});
