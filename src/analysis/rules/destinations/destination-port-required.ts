import { lookedUpDestinations } from '../../facts/looked-up-destinations';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'destination-port-required',
  codes: ['IST0112'],
  severity: 'error',
  subjects: ['VirtualService'],
  needs: ['Service'],
  title: 'A destination without a port names a host with several ports',
  effect: 'A sidecar uses the port of its listener, a gateway the port of its server. If the host does not have that port, requests get '
    + '503 with the flag NC.',
  check(object, report, index) {
    for (const { destination: { path, host, port }, ports } of lookedUpDestinations(object, index)) {
      if (port !== undefined || ports.length < 2) continue;
      report(path, `'${host}' has several ports and the destination names none, so Envoy uses the port that the request came in at, which `
        + 'the host may not have',
      `set port.number to one of ${ports.join(', ')}`);
    }
  },
});
