import { lookedUpDestinations, outcomeOf } from '../../facts/looked-up-destinations';
import { portsInVain } from '../../facts/ports-in-vain';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'destination-port-required',
  codes: ['IST0112'],
  severity: 'error',
  subjects: ['VirtualService'],
  title: 'A destination without a port names a host with several ports, and callers use none of them',
  effect: 'A sidecar uses the port of its listener, a gateway the port of its server. The host does not have that port: requests get 503 with '
    + 'the flag NC.',
  check(object, report, index) {
    for (const lookedUp of lookedUpDestinations(object, index)) {
      const called = portsInVain(object, lookedUp, index);
      if (called.length === 0) continue;
      const { destination, ports, absent } = lookedUp;
      const { path, host } = destination;
      report(path, `callers use port ${called.join(', ')}, and Envoy uses the same port for a destination without a port, but '${host}' `
        + `does not have it, so ${outcomeOf(destination)}`,
      `set port.number to one of ${ports.join(', ')}`, { absent });
    }
  },
});
