import { meshPorts } from '../../facts/called-ports';
import { destinationsOf } from '../../facts/destinations';
import { isForMesh } from '../../facts/virtual-services';
import { scopesOf } from '../../facts/visibility';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'destination-port-differs',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  needs: ['Service'],
  title: 'A destination without a port does not have the port that callers use',
  effect: 'Envoy uses the port that the caller used, which the destination does not have: 503, flag NC.',
  check(object, report, index) {
    if (!isForMesh(object)) return;
    const open = destinationsOf(object, index).filter(({ block, port }) => block === 'http' && port === undefined);
    if (open.length === 0) return;
    const scopes = scopesOf(object, index);
    for (const { path, route, host, mirror } of open) {
      const called = meshPorts(object, route, index);
      const ports = index.registry.find(host, scopes)?.ports.map(({ number }) => number) ?? [];
      const missed = called.filter(port => !ports.includes(port));
      // A host with several ports of which callers use none is destination-port-required.
      if (ports.length === 0 || missed.length === 0 || (ports.length > 1 && missed.length === called.length)) continue;
      report(path, `callers use port ${missed.join(', ')}, and a sidecar uses the same port for a destination without a port, `
        + `but '${host}' `
        + `does not have it: ${mirror ? 'Envoy drops mirrored requests' : '503'}`,
      `set port.number: ${ports.join(' or ')}`);
    }
  },
});
