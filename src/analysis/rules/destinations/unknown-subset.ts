import { destinationsOf } from '../../facts/destinations';
import { hasSubset } from '../../facts/host-policies';
import { outcomeOf } from '../../facts/looked-up-destinations';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'unknown-subset',
  codes: ['IST0101', 'KIA1107'],
  severity: 'error',
  subjects: ['VirtualService'],
  needs: ['DestinationRule'],
  title: 'A destination names a subset that no DestinationRule defines',
  effect: 'The route names a cluster that does not exist: 503, flag NC.',
  check(object, report, index) {
    for (const destination of destinationsOf(object, index)) {
      const { path, host, subset, mirror } = destination;
      if (mirror || subset === undefined || hasSubset(host, subset, index)) continue;
      report(`${path}.subset`, `no DestinationRule for '${host}' has a subset '${subset}', so ${outcomeOf(destination)}`,
        `add '${subset}' with its labels to the subsets of the DestinationRule for '${host}', or correct the name`);
    }
  },
});
