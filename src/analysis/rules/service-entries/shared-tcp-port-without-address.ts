import { groupBy } from '../../../manifest/group-by';
import type { EntryPort, ServiceEntry } from '../../facts/entry-ports';
import { allocatesAddresses, entryPorts } from '../../facts/entry-ports';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';
import { quotedList } from '../../words';

/** Protocols that carry no host names, so that proxies treat them as plain TCP. */
const PLAIN_TCP = new Set(['', 'TCP', 'MYSQL', 'MONGO', 'REDIS']);

/** A port of a ServiceEntry, with the hosts that share it. */
interface SharedPort {
  readonly port: EntryPort;
  readonly hosts: readonly string[];
}

function sharedPorts(index: TrafficIndex): ReadonlyMap<ServiceEntry, readonly SharedPort[]> {
  const open = entryPorts(index).filter(({ protocol, hasAddresses }) => PLAIN_TCP.has(protocol) && !hasAddresses);
  const groups = [...groupBy(open, ({ scope, number }) => `${scope} ${number}`).values()];
  const shared = groups.flatMap(ports => {
    const hosts = [...new Set(ports.map(({ host }) => host))];
    return hosts.length < 2 ? [] : [...groupBy(ports, ({ object }) => object).values()].map(([port]) => ({ port, hosts }));
  });
  return groupBy(shared, ({ port }) => port.object);
}

export const rule = defineRule({
  id: 'shared-tcp-port-without-address',
  codes: [],
  severity: 'warning',
  subjects: ['ServiceEntry'],
  title: 'ServiceEntries without addresses share a TCP port, and the first one takes all connections',
  effect: 'Envoy has one listener at the port. It leads to the host of the first entry.',
  check(object, report, index) {
    if (allocatesAddresses(index)) return;
    for (const { port: { number, path }, hosts } of index.memo(sharedPorts).get(object) ?? []) {
      report(path, `${quotedList(hosts)} are plain TCP for proxies at port ${number}, without addresses: one listener takes all `
        + 'connections to that port and sends them to one of the hosts',
      'set addresses for each, or the protocol TLS if callers name the host in their handshake');
    }
  },
});
