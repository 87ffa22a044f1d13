import { obeyedBy } from '../../facts/obeyed-routes';
import type { VirtualService } from '../../facts/virtual-services';
import { fullHostsOf, isForMesh, matchesIn, MESH } from '../../facts/virtual-services';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

/** The ports of the hosts that sidecars obey a VirtualService for; undefined where not all are known. */
function portsOf(object: VirtualService, index: TrafficIndex): ReadonlySet<number> | undefined {
  const ports = new Set<number>();
  for (const { root } of obeyedBy(object, index)) {
    if (!isForMesh(root) || (root.spec?.gateways ?? []).some(name => name !== MESH)) return undefined;
    for (const host of fullHostsOf(root, index)) {
      const known = index.registry.named(host);
      if (known.length === 0) return undefined;
      for (const { number } of known.flatMap(one => one.ports)) ports.add(number);
    }
  }
  return ports.size === 0 ? undefined : ports;
}

export const rule = defineRule({
  id: 'port-never-called',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A match is for a port that none of its hosts has',
  effect: 'Sidecars leave the route out: callers use the ports of the Service.',
  check(object, report, index) {
    const stated = matchesIn(object).filter(({ match }) => match.port !== undefined && (match.gateways ?? []).length === 0);
    if (stated.length === 0) return;
    const ports = portsOf(object, index);
    if (ports === undefined) return;
    for (const { match: { port }, path } of stated) {
      if (ports.has(port!)) continue;
      report(`${path}.port`, `no host of the entry has port ${port}, so no call comes in at it: this match takes nothing`,
        `use a port of the hosts: ${[...ports].sort((a, b) => a - b).join(', ')} (the Service's port, not the container's)`);
    }
  },
});
