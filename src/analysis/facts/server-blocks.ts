import type { Gateway } from './gateways';
import { gatewaysOf } from './gateways';
import type { Block, VirtualService } from './virtual-services';
import { BLOCKS, isDelegate, isForMesh, routesIn } from './virtual-services';
import { isHttp, parseProtocol } from '../../envoy/protocol';
import { hostsForNamespace, hostsOverlap } from '../../manifest/host-name';
import type { Server } from '../../manifest/istio-specs.generated';
import type { TrafficIndex } from '../traffic-index';

/** Entries of a VirtualService that the servers of its Gateways do not take. */
export interface DroppedEntries {
  readonly block: Block;
  /** The servers for its hosts, in words. */
  readonly servers: string;
  /** The blocks that they take instead. */
  readonly taken: readonly Block[];
  /** What becomes of traffic for the entries. */
  readonly outcome: string;
}

/** Whether a server passes TLS on as it is. */
export function passesTls({ tls }: Server): boolean {
  return tls !== undefined && (tls.mode === undefined || tls.mode === 'PASSTHROUGH' || tls.mode === 'AUTO_PASSTHROUGH');
}

/** The one block of VirtualServices that a server takes. */
export function blockOf(server: Server): Block {
  const protocol = parseProtocol(server.port?.protocol ?? '');
  if (isHttp(protocol) || (protocol === 'HTTPS' && server.tls !== undefined && !passesTls(server))) return 'http';
  return passesTls(server) ? 'tls' : 'tcp';
}

/** The hosts of a server for which VirtualServices of a namespace may state routes. */
export function hostsAt({ hosts = [] }: Server, gateway: Gateway, namespace: string, index: TrafficIndex): readonly string[] {
  const own = index.namespaceOf(gateway);
  return hostsForNamespace(hosts.map(host => (host.startsWith('./') ? `${own}/${host.slice(2)}` : host)), namespace);
}

/** The servers that serve some hosts of a VirtualService; none if one of its Gateways is not in the input, or says not what it speaks. */
function serversFor(object: VirtualService, index: TrafficIndex): readonly Server[] {
  const references = gatewaysOf(object, index);
  if (references.length === 0 || references.some(({ gateway }) => !gateway)) return [];
  const { hosts = [] } = object.spec ?? {};
  const servers = references.flatMap(({ gateway }) => (gateway!.spec?.servers ?? []).filter(server => (
    hostsAt(server, gateway!, index.namespaceOf(object), index).some(offered => hosts.some(host => hostsOverlap(offered, host))))));
  return servers.every(({ port }) => port?.number !== undefined && port.protocol !== undefined) ? servers : [];
}

function describeServer({ port: { number, protocol } = {}, tls }: Server): string {
  return `port ${number} is ${protocol}${tls?.mode === undefined ? '' : ` with mode ${tls.mode}`}`;
}

/** Whether the input has alternatives of an object, or of its Gateways, of which a cluster has one. */
function isStatedTwice(object: VirtualService, index: TrafficIndex): boolean {
  const repeated = index.memo(repeatedNames);
  return (
    repeated.has(`VirtualService ${index.nameOf(object)}`) || gatewaysOf(object, index).some(({ key }) => repeated.has(`Gateway ${key}`))
  );
}

function repeatedNames(index: TrafficIndex): ReadonlySet<string> {
  const names = [...index.of('VirtualService'), ...index.of('Gateway')].map(object => `${object.kind} ${index.nameOf(object)}`);
  const known = new Set<string>();
  return new Set(names.filter(name => known.has(name) || !known.add(name)));
}

/** The entries of a VirtualService that none of its Gateways takes. */
export function droppedEntries(object: VirtualService, index: TrafficIndex): readonly DroppedEntries[] {
  return index.memoOf(object, findDropped);
}

function findDropped(object: VirtualService, index: TrafficIndex): readonly DroppedEntries[] {
  if (isForMesh(object) || isDelegate(object) || isStatedTwice(object, index)) return [];
  const servers = serversFor(object, index);
  const taken = [...new Set(servers.map(blockOf))];
  if (taken.length === 0) return [];
  const outcome = taken.includes('http') ? 'requests get 404' : 'connections are closed';
  const words = [...new Set(servers.map(describeServer))].join(', ');
  return BLOCKS.filter(block => routesIn(object, block).length > 0 && !taken.includes(block))
    .map(block => ({ block, servers: words, taken, outcome }));
}

/** Whether its Gateways take some entries of a VirtualService. */
export function hasTakenEntries(object: VirtualService, index: TrafficIndex): boolean {
  const stated = BLOCKS.filter(block => routesIn(object, block).length > 0);
  return droppedEntries(object, index).length < stated.length;
}
