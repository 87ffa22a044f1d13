import { calledPorts } from '../../facts/called-ports';
import { lookedUpDestinations, outcomeOf } from '../../facts/looked-up-destinations';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'destination-port-required',
  codes: ['IST0112'],
  severity: 'error',
  subjects: ['VirtualService'],
  needs: ['Service'],
  title: 'A destination without a port names a host with several ports, and callers use none of them',
  effect: 'A sidecar uses the port of its listener, a gateway the port of its server. The host does not have that port: requests get 503 with '
    + 'the flag NC.',
  check(object, report, index) {
    for (const { destination, ports, hasOnlyPort, absent } of lookedUpDestinations(object, index)) {
      const { path, block, route, host, port } = destination;
      if (port !== undefined || ports.length < 2 || hasOnlyPort) continue;
      const called = calledPorts(object, block, route, index);
      if (called.length === 0 || called.some(number => ports.includes(number))) continue;
      report(path, `callers use port ${called.join(', ')}, and Envoy uses the same port for a destination without a port, but '${host}' `
        + `does not have it, so ${outcomeOf(destination)}`,
      `set port.number to one of ${ports.join(', ')}`, { absent });
    }
  },
});
