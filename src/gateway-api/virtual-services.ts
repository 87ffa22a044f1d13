import type { BackendContext } from './backends';
import { tcpEntries, tlsEntries } from './connection-rules';
import type { Entry, GeneratedVirtualService, Route } from './converted';
import { GENERATED, PARENTS, ROUTE_SEMANTICS, generated } from './converted';
import type { ConvertedEntry, OnRuleProblem } from './converted-rules';
import { grpcEntries } from './grpc-rules';
import { httpEntries } from './http-rules';
import type { Problem } from './problem';
import type { Attachment, RouteParent } from './route-parents';
import { servesHost } from './route-parents';
import { hostsOverlap, isHostWithin } from '../manifest/host-name';
import type { HTTPRoute, TCPRoute, TLSRoute, VirtualServiceSpec } from '../manifest/istio-specs.generated';
import type { ManifestOf } from '../manifest/manifest';
import type { FieldPath } from '../manifest/provenance';

/** The entries of a route for its parents: for services, and for listeners, where backends in other namespaces need grants. */
interface EntriesBySide<E> {
  readonly mesh: readonly ConvertedEntry<E>[];
  readonly gateway: readonly ConvertedEntry<E>[];
}

export type RouteContext = Omit<BackendContext, 'kind' | 'namespace' | 'needsGrants'>;

/** A part of a VirtualService: what one route contributes to one host of one parent. */
export interface HttpPart {
  /** Parts with the same key become one VirtualService. */
  readonly key: string;
  readonly name: string;
  readonly route: ManifestOf<'HTTPRoute'> | ManifestOf<'GRPCRoute'>;
  readonly host: string;
  readonly gatewayName: string;
  readonly entries: readonly ConvertedEntry<HTTPRoute>[];
}

/** Records what an entry is made from. */
export type OnEntry = (entry: Entry, route: Route, converted: ConvertedEntry<Entry>) => void;

/** Called with each problem of a rule, once for services and once for listeners. */
export type OnRouteProblem = (path: FieldPath, why: Problem, details: { readonly isInvalid: boolean; readonly isOfMesh: boolean }) => void;

function entriesBySide<E>(
  route: Route, { refersToMesh, refersToGateway }: Attachment, context: RouteContext, onProblem: OnRouteProblem,
  convert: (backends: BackendContext, onRuleProblem: OnRuleProblem) => readonly ConvertedEntry<E>[],
): EntriesBySide<E> {
  const { kind, metadata: { namespace = '' } } = route;
  const backends = { ...context, kind, namespace };
  const tell = (isOfMesh: boolean): OnRuleProblem => (path, why, isInvalid) => onProblem(path, why, { isInvalid, isOfMesh });
  return {
    mesh: refersToMesh ? convert({ ...backends, needsGrants: false }, tell(true)) : [],
    gateway: refersToGateway ? convert({ ...backends, needsGrants: true }, tell(false)) : [],
  };
}

/** What an HTTPRoute or a GRPCRoute contributes to VirtualServices, by parent and host. */
export function httpParts(
  route: ManifestOf<'HTTPRoute'> | ManifestOf<'GRPCRoute'>, attachment: Attachment, context: RouteContext, onProblem: OnRouteProblem,
): HttpPart[] {
  const sides = entriesBySide(route, attachment, context, onProblem, (backends, onRule) => (
    route.kind === 'HTTPRoute' ? httpEntries(route, backends, onRule) : grpcEntries(route, backends, onRule)));
  const { metadata: { namespace = '', name }, spec: { hostnames = [] } = {} } = route;
  const parts: HttpPart[] = [];
  for (const parent of attachment.parents) {
    const { port } = parent.reference;
    const entries = !parent.isMesh ? sides.gateway : port === undefined ? sides.mesh : sides.mesh.map(each => atPort(each, port));
    if (entries.length === 0) continue;
    const scope = parent.isMesh ? `${namespace}${port === undefined ? '' : `/${port}`}` : parent.gatewayName;
    for (const host of parent.isMesh ? parent.serviceHosts : hostnames.length === 0 ? ['*'] : hostnames) {
      if (!servesHost(parent, host)) continue;
      const { gatewayName } = parent;
      parts.push({ key: `${scope}/${host}`, name: `${name}~${parts.length}~${GENERATED}`, route, host, gatewayName, entries });
    }
  }
  return parts;
}

/** The VirtualServices of a TLSRoute. */
export function tlsVirtualServices(
  route: ManifestOf<'TLSRoute'>, attachment: Attachment, context: RouteContext, onProblem: OnRouteProblem, onEntry: OnEntry,
): GeneratedVirtualService[] {
  const sides = entriesBySide(route, attachment, context, onProblem, (backends, onRule) => tlsEntries(route, backends, onRule));
  const { hostnames = [] } = route.spec ?? {};
  const stated = hostnames.length === 0 ? ['*'] : hostnames;
  const all = attachment.parents.flatMap(parent => {
    if (parent.isMesh) {
      const entries = sides.mesh.map(each => atServicePort(each, parent));
      return parent.serviceHosts.map(host => ({ parent, host, entries: entries.map(each => ofHost(each, host)) }));
    }
    if (parent.hostname === '') return stated.map(host => ({ parent, host, entries: sides.gateway }));
    const entries = sides.gateway.flatMap(each => within(each, parent.hostname));
    return intersection(stated, parent.hostname).map(host => ({ parent, host, entries }));
  });
  return all.map(({ parent, host, entries }, i) => {
    const tls = entries.map(({ entry }) => entry);
    for (const each of entries) onEntry(each.entry, route, each);
    return virtualService(route, `tls~${i}`, { hosts: [host], gateways: [parent.gatewayName], ...tls.length > 0 && { tls } });
  });
}

/** The VirtualServices of a TCPRoute. */
export function tcpVirtualServices(
  route: ManifestOf<'TCPRoute'>, attachment: Attachment, context: RouteContext, onProblem: OnRouteProblem, onEntry: OnEntry,
): GeneratedVirtualService[] {
  const sides = entriesBySide(route, attachment, context, onProblem, (backends, onRule) => tcpEntries(route, backends, onRule));
  const all = attachment.parents.flatMap(parent => {
    const { port } = parent.reference;
    const entries = !parent.isMesh ? sides.gateway : port === undefined ? sides.mesh : sides.mesh.map(each => atPort(each, port));
    return (parent.isMesh ? parent.serviceHosts : ['*']).map(host => ({ parent, host, entries }));
  });
  return all.map(({ parent, host, entries }, i) => {
    const tcp = entries.map(({ entry }) => entry);
    for (const each of entries) onEntry(each.entry, route, each);
    return virtualService(route, `tcp~${i}`, { hosts: [host], gateways: [parent.gatewayName], ...tcp.length > 0 && { tcp } });
  });
}

function virtualService(route: Route, place: string, spec: VirtualServiceSpec): GeneratedVirtualService {
  const name = `${route.metadata.name}~${place}~${GENERATED}`;
  return generated('VirtualService', { name, spec, from: route, annotations: annotationsOf([route]) });
}

/** The annotations of what is made from routes. */
export function annotationsOf(routes: readonly Route[]): { readonly [name: string]: string } {
  const parents = routes.map(({ kind, metadata: { name, namespace = '' } }) => `${kind}/${name}.${namespace}`);
  return { [PARENTS]: parents.join(','), [ROUTE_SEMANTICS]: 'gateway' };
}

type Matched<M> = { readonly match?: readonly M[] };

/** An entry that counts for one port of a service. */
function atPort<E extends HTTPRoute | TCPRoute>({ entry, path }: ConvertedEntry<E>, port: number): ConvertedEntry<E> {
  const { match = [{}] } = entry as Matched<object>;
  return { entry: { ...entry, match: match.map(each => ({ ...each, port })) }, path };
}

/** Without hostnames, the server names of a service are its hosts. */
function atServicePort(
  { entry, path }: ConvertedEntry<TLSRoute>, { reference: { port }, serviceHosts }: RouteParent,
): ConvertedEntry<TLSRoute> {
  if (entry.match === undefined) return { entry, path };
  const match = entry.match.map(({ sniHosts = [] }) => (
    { sniHosts: isAny(sniHosts) ? serviceHosts : sniHosts, ...port !== undefined && { port } }));
  return { entry: { ...entry, match }, path };
}

const isAny = (hosts: readonly string[]) => hosts.length === 1 && hosts[0] === '*';

/** An entry with several server names keeps those that a host of a service may have. */
function ofHost({ entry, path }: ConvertedEntry<TLSRoute>, host: string): ConvertedEntry<TLSRoute> {
  const match = entry.match?.map(({ sniHosts = [], ...rest }) => (
    { ...rest, sniHosts: sniHosts.length > 1 ? sniHosts.filter(name => hostsOverlap(host, name)) : sniHosts }));
  return { entry: { ...entry, ...match && { match } }, path };
}

/** The part of an entry that belongs to a listener with a hostname. */
function within({ entry, path }: ConvertedEntry<TLSRoute>, hostname: string): ConvertedEntry<TLSRoute>[] {
  if (entry.match === undefined) return [{ entry, path }];
  const match = entry.match.map(({ sniHosts = [] }) => ({ sniHosts: intersection(sniHosts, hostname) }));
  return match.every(({ sniHosts }) => sniHosts.length === 0) ? [] : [{ entry: { ...entry, match }, path }];
}

/** The hosts that hostnames and the hostname of a listener have in common. */
function intersection(hosts: readonly string[], hostname: string): string[] {
  const common = hosts.flatMap(host => (isHostWithin(host, hostname) ? [host] : isHostWithin(hostname, host) ? [hostname] : []));
  return [...new Set(common)];
}
