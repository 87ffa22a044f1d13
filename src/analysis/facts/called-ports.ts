import { delegationsTo } from './delegations';
import { gatewaysOf } from './gateways';
import { wildcardsOver } from './host-lookup';
import type { RegisteredHost } from './registry';
import type { Block, VirtualService } from './virtual-services';
import { isDelegate, isForMesh, MESH, routesIn } from './virtual-services';
import { scopesOf } from './visibility';
import type { Protocol } from '../../envoy/protocol';
import { isHttp, isHttpOrGuessed, isTls, parseProtocol } from '../../envoy/protocol';
import { groupBy } from '../../manifest/group-by';
import { isWildcard } from '../../manifest/host-name';
import type { HTTPMatchRequest, HTTPRoute, TCPRoute, TLSRoute } from '../../manifest/istio-specs.generated';
import type { TrafficIndex } from '../traffic-index';

/** The registered hosts under each wildcard that a VirtualService has. */
function hostsUnder(index: TrafficIndex): ReadonlyMap<string, readonly RegisteredHost[]> {
  const wildcards = new Set(index.of('VirtualService').flatMap(({ spec }) => (spec?.hosts ?? []).filter(isWildcard)));
  if (wildcards.size === 0) return new Map();
  const held = index.registry.hosts.flatMap(registered => (
    wildcardsOver(registered.host).filter(wildcard => wildcards.has(wildcard)).map(wildcard => ({ wildcard, registered }))));
  return new Map([...groupBy(held, ({ wildcard }) => wildcard)].map(([wildcard, found]) => [wildcard,
    found.map(({ registered }) => registered)]));
}

/** The ports of the services that a VirtualService is for, and 80 for a name that does not exist: sidecars listen there. */
function portsOfHosts(object: VirtualService, suits: (protocol: Protocol) => boolean, index: TrafficIndex): readonly number[] {
  const scopes = scopesOf(object, index);
  const hosts = (object.spec?.hosts ?? []).map(host => (
    isWildcard(host) ? index.memo(hostsUnder).get(host) ?? []
      : index.registry.findAll(index.fullHost(host, index.namespaceOf(object)), scopes)));
  const ports = hosts.flat().flatMap(host => host.ports).filter(({ protocol }) => suits(protocol)).map(({ number }) => number);
  return [...new Set([...ports, ...suits('HTTP') && hosts.some(found => found.length === 0) ? [80] : []])];
}

const SUITABLE: { readonly [block in Block]: (protocol: Protocol) => boolean } = {
  http: isHttpOrGuessed,
  tls: isTls,
  tcp: protocol => !isHttp(protocol) && protocol !== 'UDP',
};

/**
 * The ports of the servers of the Gateways, in the input, that a VirtualService is bound to; a server that redirects all requests has no
 * routes.
 */
function portsOfServers(object: VirtualService, block: Block, index: TrafficIndex, serves?: ReadonlySet<string>): readonly number[] {
  const gateways = gatewaysOf(object, index).filter(({ key }) => serves?.has(key) ?? true);
  return gateways.flatMap(({ gateway }) => gateway?.spec?.servers ?? []).flatMap(({ port, tls }) => {
    const protocol = parseProtocol(port?.protocol ?? '');
    const isForBlock = block === 'http' ? isHttp(protocol) || (protocol === 'HTTPS' && tls?.mode !== 'PASSTHROUGH') : !isHttp(protocol);
    return port?.number === undefined || tls?.httpsRedirect || !isForBlock ? [] : [port.number];
  });
}

function portsOfRoot(object: VirtualService, block: Block, index: TrafficIndex): readonly number[] {
  return [...isForMesh(object) ? portsOfHosts(object, SUITABLE[block], index) : [], ...portsOfServers(object, block, index)];
}

/** The ports at which one proxy takes requests for a block of a VirtualService: a sidecar, or a gateway that serves some Gateways. */
export function portsFor(object: VirtualService, block: Block, serves: ReadonlySet<string>, index: TrafficIndex): readonly number[] {
  return serves.has(MESH) ? portsOfHosts(object, SUITABLE[block], index) : portsOfServers(object, block, index, serves);
}

/** The ports at which sidecars take requests for an HTTP route. */
export function meshPorts(object: VirtualService, place: number, index: TrafficIndex): readonly number[] {
  return matched(index.memoOf(object, portsOfMesh), routesIn(object, 'http')[place]);
}

function portsOfMesh(object: VirtualService, index: TrafficIndex): readonly number[] {
  return portsOfHosts(object, SUITABLE.http, index);
}

/** The ports at which proxies take requests for a route, as far as the input tells. */
export function calledPorts(object: VirtualService, block: Block, place: number, index: TrafficIndex): readonly number[] {
  const roots = isDelegate(object) ? delegationsTo(object, index).map(({ root }) => root) : [object];
  const ports = [...new Set(roots.flatMap(root => portsOfRoot(root, block, index)))];
  return matched(ports, routesIn(object, block)[place]);
}

/** Those of some ports at which the matches of a route take requests. */
export function matched(ports: readonly number[], { match = [] }: HTTPRoute | TLSRoute | TCPRoute): readonly number[] {
  const stated = (match as readonly Pick<HTTPMatchRequest, 'port'>[]).map(({ port }) => port);
  return stated.length === 0 || stated.some(port => !port) ? ports : ports.filter(port => stated.includes(port));
}
