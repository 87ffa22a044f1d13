import { absentSubset, isDefined, lackOfDefinition } from '../../facts/defined-subsets';
import { destinationsOf } from '../../facts/destinations';
import { outcomeOf } from '../../facts/looked-up-destinations';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'unknown-mirror-subset',
  codes: ['IST0101'],
  severity: 'error',
  subjects: ['VirtualService'],
  needs: ['DestinationRule'],
  title: 'A mirror names a subset that no DestinationRule defines',
  effect: 'Envoy sends the request itself, and drops the copy silently.',
  check(object, report, index) {
    for (const destination of destinationsOf(object, index)) {
      const { path, host, subset, mirror } = destination;
      if (!mirror || subset === undefined || isDefined(host, subset, index)) continue;
      const { cause, repair } = lackOfDefinition(host, subset, index);
      report(`${path}.subset`, `${cause}, so ${outcomeOf(destination)}`, repair, { absent: absentSubset(object, host, index) });
    }
  },
});
