import type { Gateway } from './gateways';
import { podsOf, selectorOf } from './gateways';
import { isHttp, parseProtocol } from '../../envoy/protocol';
import { hostsForNamespace } from '../../manifest/host-name';
import { HostTable } from '../../manifest/host-table';
import type { ServerTLSSettings } from '../../manifest/istio-specs.generated';
import type { Labels } from '../../manifest/labels';
import { selectorText } from '../../manifest/labels';
import type { TrafficIndex } from '../traffic-index';

/**
 * What Istio makes of a server: one of several with TLS, told apart by their hosts, or the one plain server of its port, of HTTP or TCP.
 */
export type Layer = 'http' | 'tls' | 'tcp';

/** A server of a Gateway, as look-ups compare it. */
export interface GatewayServer {
  readonly object: Gateway;
  readonly path: string;
  readonly selector: Labels;
  readonly hosts: readonly string[];
  readonly port: number | undefined;
  /** The port and the bind, as text. */
  readonly address: string;
  readonly layer: Layer;
  readonly tls?: ServerTLSSettings;
}

/** The servers of all Gateways. */
export function allServers(index: TrafficIndex): readonly GatewayServer[] {
  return index.memo(findServers);
}

function findServers(index: TrafficIndex): readonly GatewayServer[] {
  return index.of('Gateway').flatMap(object => serversOf(object, index));
}

/** The servers of a Gateway. */
export function serversOf(object: Gateway, index: TrafficIndex): readonly GatewayServer[] {
  return index.memoOf(object, readServers);
}

function readServers(object: Gateway): readonly GatewayServer[] {
  return (object.spec?.servers ?? []).map(({ port: { number, protocol = '' } = {}, bind = '', hosts = [], tls }, s) => ({
    object,
    path: `spec.servers[${s}]`,
    selector: selectorOf(object),
    hosts,
    port: number,
    address: `${number} ${bind}`,
    layer: isHttp(parseProtocol(protocol)) ? 'http' : tls ? 'tls' : 'tcp',
    ...(tls && { tls }),
  }));
}

/** The proxies that serve a Gateway, by name; where the manifests have none of its pods, its selector stands for them. */
export function proxiesOf(gateway: Gateway, index: TrafficIndex): readonly string[] {
  const pods = podsOf(gateway, index);
  return pods.length === 0 ? [selectorText(selectorOf(gateway))] : pods.map(({ object }) => `${object.kind} ${index.nameOf(object)}`);
}

/** The hosts of a Gateway's servers that a namespace may use, as Istio's analyzers read them. */
export function hostsOffered(gateway: Gateway, namespace: string, index: TrafficIndex): readonly string[] {
  const known = index.memoOf(gateway, offeredHosts);
  let hosts = known.get(namespace);
  if (!hosts) known.set(namespace, hosts = hostsForNamespace(statedHosts(gateway, index), namespace));
  return hosts;
}

/** What a Gateway offers, by namespace, as far as it was asked for. */
function offeredHosts(): Map<string, readonly string[]> {
  return new Map();
}

/** Whether a Gateway offers a namespace a host that has a name in common with another host. */
export function offers(gateway: Gateway, namespace: string, host: string, index: TrafficIndex): boolean {
  const scopes = index.memoOf(gateway, hostsByScope);
  return [namespace, '*'].some(scope => scopes.get(scope)?.overlaps(host));
}

function hostsByScope(gateway: Gateway, index: TrafficIndex): ReadonlyMap<string, HostTable<true>> {
  const tables = new Map<string, HostTable<true>>();
  for (const stated of statedHosts(gateway, index)) {
    const slash = stated.indexOf('/');
    const scope = slash < 0 ? '*' : stated.slice(0, slash);
    const table = tables.get(scope) ?? new HostTable<true>();
    table.add(stated.slice(slash + 1), true);
    tables.set(scope, table);
  }
  return tables;
}

function statedHosts(gateway: Gateway, index: TrafficIndex): string[] {
  const own = index.namespaceOf(gateway);
  return (gateway.spec?.servers ?? []).flatMap(server => server.hosts ?? [])
    .map(host => (host.startsWith('./') ? `${own}/${host.slice(2)}` : host));
}
