import { hostRepair, lookedUpDestinations, outcomeOf } from '../../facts/looked-up-destinations';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'unknown-destination-host',
  codes: ['IST0101', 'KIA1101'],
  severity: 'error',
  subjects: ['VirtualService'],
  needs: ['Service'],
  title: 'A destination names a host that no Service or ServiceEntry has',
  effect: 'The route names a cluster that does not exist: requests get 503 with the flag NC.',
  check(object, report, index) {
    for (const { destination, isKnown, absent } of lookedUpDestinations(object, index)) {
      if (isKnown || destination.mirror) continue;
      report(`${destination.path}.host`, `no Service or ServiceEntry has the host '${destination.host}', so ${outcomeOf(destination)}`,
        hostRepair(object, destination, index), { absent });
    }
  },
});
