import { isTls } from '../../../envoy/protocol';
import { groupBy } from '../../../manifest/group-by';
import { isWildcard } from '../../../manifest/host-name';
import { calledPorts } from '../../facts/called-ports';
import { originatesTls, tlsSettingsOf } from '../../facts/client-tls';
import { destinationsOf } from '../../facts/destinations';
import { hostAndWildcards } from '../../facts/host-lookup';
import { hostPolicies, hostPolicyOf } from '../../facts/host-policies';
import type { RegisteredHost } from '../../facts/registry';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

/** A port at which callers speak TLS. */
interface TlsPort {
  readonly host: string;
  readonly number: number;
}

function tlsPortsOf({ host, ports }: RegisteredHost): TlsPort[] {
  return ports.filter(({ protocol }) => isTls(protocol)).map(({ number }) => ({ host, number }));
}

/** The TLS ports of all hosts under each wildcard that has a policy. */
function tlsPortsUnder(index: TrafficIndex): ReadonlyMap<string, readonly TlsPort[]> {
  const wildcards = new Set(hostPolicies(index).map(({ host }) => host).filter(isWildcard));
  if (wildcards.size === 0) return new Map();
  const held = index.registry.hosts.flatMap(registered => (
    hostAndWildcards(registered.host).filter(name => wildcards.has(name))
      .flatMap(wildcard => tlsPortsOf(registered).map(port => ({ wildcard, port })))));
  return new Map([...groupBy(held, ({ wildcard }) => wildcard)].map(([wildcard, found]) => [wildcard, found.map(({ port }) => port)]));
}

/** The ports at which callers of a host speak TLS themselves: sidecars pass it on, and no HTTP route leads there. */
function tlsPortsFor(host: string, index: TrafficIndex): readonly TlsPort[] {
  const ports = isWildcard(host) ? index.memo(tlsPortsUnder).get(host) ?? [] : index.registry.named(host).flatMap(tlsPortsOf);
  return ports.filter(port => !index.memo(routedPorts).has(`${port.host} ${port.number}`));
}

/**
 * `host port` of the ports to which HTTP routes send requests: there the proxy's TLS is the only layer. A destination without a port takes
 * the only one of the host, or the one at which proxies listen.
 */
function routedPorts(index: TrafficIndex): ReadonlySet<string> {
  return new Set(index.of('VirtualService').flatMap(object => destinationsOf(object, index).filter(({ block }) => block === 'http')
    .flatMap(({ block, route, host, port }) => {
      const known = index.registry.named(host).flatMap(({ ports }) => ports);
      // Of hosts without TLS nothing is asked.
      if (!known.some(({ protocol }) => isTls(protocol))) return [];
      const numbers = port !== undefined ? [port] : known.length === 1 ? [known[0].number] : calledPorts(object, block, route, index);
      return numbers.map(number => `${host} ${number}`);
    })));
}

const MOST_NAMED = 3;

function causeOf(ports: readonly TlsPort[]): string {
  const hosts = [...groupBy(ports, ({ host }) => host)];
  const text = hosts.slice(0, MOST_NAMED).map(([host, own]) => `port ${[...new Set(own.map(({ number }) => number))].join(', ')} `
    + `of '${host}'`).join(' and ');
  return `${text}${hosts.length > MOST_NAMED ? ` and of ${hosts.length - MOST_NAMED} more hosts` : ''} carries the callers' own TLS, and `
    + 'the proxy adds a second layer: handshakes fail';
}

export const rule = defineRule({
  id: 'tls-over-tls-port',
  codes: [],
  severity: 'warning',
  subjects: ['DestinationRule'],
  title: 'The proxy adds TLS to connections on which callers speak TLS already',
  effect: 'Envoy encrypts what the caller has encrypted, and the server sees TLS within TLS.',
  check(object, report, index) {
    const stated = hostPolicyOf(object, index);
    if (!stated || !tlsSettingsOf(stated).some(({ tls }) => originatesTls(tls))) return;
    const { host, policy: { tls, portLevelSettings = [] } = {} } = stated;
    const ownEntries = new Set(portLevelSettings.map(entry => entry.port?.number));
    const served = originatesTls(tls) ? tlsPortsFor(host, index).filter(({ number }) => !ownEntries.has(number)) : [];
    if (served.length > 0) report('spec.trafficPolicy.tls', causeOf(served), 'set tls in portLevelSettings for the plaintext port alone');
    portLevelSettings.forEach((entry, e) => {
      if (!originatesTls(entry.tls)) return;
      const meant = tlsPortsFor(host, index).filter(port => port.number === entry.port?.number);
      if (meant.length === 0) return;
      report(`spec.trafficPolicy.portLevelSettings[${e}].tls`, causeOf(meant),
        'set tls for the plaintext port, or route plaintext requests to this port with a VirtualService');
    });
  },
});
