import { hostRepair, lookedUpDestinations, outcomeOf } from '../../facts/looked-up-destinations';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'unknown-mirror-host',
  codes: ['IST0101'],
  severity: 'error',
  subjects: ['VirtualService'],
  needs: ['Service'],
  title: 'A mirror names a host that no Service or ServiceEntry has',
  effect: 'Envoy sends the request itself, and drops the copy silently.',
  check(object, report, index) {
    for (const { destination, isKnown, absent } of lookedUpDestinations(object, index)) {
      if (isKnown || !destination.mirror) continue;
      report(`${destination.path}.host`, `no Service or ServiceEntry has the mirror's host '${destination.host}', so `
        + `${outcomeOf(destination)}`, hostRepair(object, destination, index), { absent });
    }
  },
});
