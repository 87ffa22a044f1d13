import { groupBy } from '../../../manifest/group-by';
import { isWildcard } from '../../../manifest/host-name';
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
  return ports.filter(({ protocol }) => protocol === 'HTTPS' || protocol === 'TLS').map(({ number }) => ({ host, number }));
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

function tlsPortsFor(host: string, index: TrafficIndex): readonly TlsPort[] {
  return isWildcard(host) ? index.memo(tlsPortsUnder).get(host) ?? [] : index.registry.named(host).flatMap(tlsPortsOf);
}

/** `host port` of the ports to which a route sends plaintext requests: there the proxy's TLS is the only layer. */
function routedPorts(index: TrafficIndex): ReadonlySet<string> {
  return new Set(index.of('VirtualService').flatMap(object => destinationsOf(object, index)
    .filter(({ block, port }) => block === 'http' && port !== undefined).map(({ host, port }) => `${host} ${port}`)));
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
      const meant = tlsPortsFor(host, index).filter(port => port.number === entry.port?.number
        && !index.memo(routedPorts).has(`${port.host} ${port.number}`));
      if (meant.length === 0) return;
      report(`spec.trafficPolicy.portLevelSettings[${e}].tls`, causeOf(meant),
        'set tls for the plaintext port, or route plaintext requests to this port with a VirtualService');
    });
  },
});
