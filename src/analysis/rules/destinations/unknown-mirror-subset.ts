import { destinationsOf } from '../../facts/destinations';
import { hasSubset } from '../../facts/host-policies';
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
      if (!mirror || subset === undefined || hasSubset(host, subset, index)) continue;
      report(`${path}.subset`, `no DestinationRule for '${host}' has a subset '${subset}', so ${outcomeOf(destination)}`,
        `add '${subset}' with its labels to the subsets of the DestinationRule for '${host}', or correct the name`);
    }
  },
});
