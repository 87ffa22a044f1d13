import type { RouteOrigin } from './proxy-config';
import type { Entry, EntryOrigin } from '../gateway-api/converted';
import { ROUTE_SEMANTICS } from '../gateway-api/converted';
import type { ExportTo } from '../manifest/export-to';
import { exportTo } from '../manifest/export-to';
import { fullHost } from '../manifest/host-name';
import type { Destination, HTTPRoute, TCPRoute, TLSRoute } from '../manifest/istio-specs.generated';
import type { ManifestOf } from '../manifest/manifest';

/** The gateway name for all sidecars. */
export const MESH = 'mesh';

/** An entry of `http` in a VirtualService with full host and gateway names, and what it is made from. */
export interface HttpRule {
  readonly spec: HTTPRoute;
  readonly origin: RouteOrigin;
  /** The index of each match in the object; undefined for a match that its origin does not have, such as one that a delegate inherits. */
  readonly matches: readonly (number | undefined)[];
}

/** A VirtualService with full host and gateway names. */
export interface VirtualService {
  /** Whether it is made from routes of the Gateway API. */
  readonly isOfGatewayApi: boolean;
  readonly object: ManifestOf<'VirtualService'>;
  readonly name: string;
  readonly namespace: string;
  readonly hosts: readonly string[];
  readonly gateways: readonly string[];
  readonly exportTo: ExportTo;
  readonly http: readonly HttpRule[];
  readonly tcp: readonly TCPRoute[];
  readonly tls: readonly TLSRoute[];
}

/** What completes short names. */
interface Names {
  readonly namespace: string;
  readonly clusterDomain: string;
}

/** What virtual services depend on in addition to their objects. */
export interface VirtualServiceOptions {
  readonly clusterDomain: string;
  readonly exportTo: readonly string[];
  /** The rules of the Gateway API from which entries are made. */
  readonly origins?: ReadonlyMap<Entry, EntryOrigin>;
}

export function virtualServiceOf(object: ManifestOf<'VirtualService'>, options: VirtualServiceOptions): VirtualService {
  const { metadata: { name, namespace = '', annotations }, spec = {} } = object;
  const { hosts = [], gateways = [], http = [], tcp = [], tls = [] } = spec;
  if (annotations?.[ROUTE_SEMANTICS] === 'gateway') return fromGatewayApi(object, options);
  const names = { namespace, clusterDomain: options.clusterDomain };
  return {
    isOfGatewayApi: false,
    object,
    name,
    namespace,
    hosts: hosts.map(host => fullHost(host, namespace, options.clusterDomain)),
    gateways: gateways.length === 0 ? [MESH] : gateways.map(gateway => fullGateway(gateway, namespace)),
    exportTo: exportTo(spec.exportTo, namespace, options.exportTo),
    http: http.map((rule, i) => (
      { spec: httpRule(rule, names), origin: { object, path: ['spec', 'http', i] }, matches: (rule.match ?? []).map((_, m) => m) })),
    tcp: tcp.map(rule => connectionRule(rule, names)),
    tls: tls.map(rule => connectionRule(rule, names)),
  };
}

/** A VirtualService that istiod makes of routes. Its names are full. */
function fromGatewayApi(object: ManifestOf<'VirtualService'>, { exportTo: byDefault, origins }: VirtualServiceOptions): VirtualService {
  const { metadata: { name, namespace = '' }, spec: { hosts = [], gateways = [], http = [], tcp = [], tls = [] } = {} } = object;
  return {
    isOfGatewayApi: true,
    object,
    name,
    namespace,
    hosts,
    gateways,
    exportTo: exportTo(undefined, namespace, byDefault),
    http: http.map((spec, i) => (
      { spec, origin: origins?.get(spec) ?? { object, path: ['spec', 'http', i] }, matches: (spec.match ?? []).map(() => undefined) })),
    tcp,
    tls,
  };
}

/** A gateway as `namespace/name`. `name.namespace` is an older form. */
function fullGateway(gateway: string, namespace: string): string {
  if (gateway === MESH) return gateway;
  const slash = gateway.indexOf('/');
  if (slash >= 0) return gateway.slice(0, slash) === '.' ? `${namespace}${gateway.slice(slash)}` : gateway;
  const [name, owner] = gateway.split('.');
  return `${owner ?? namespace}/${name}`;
}

function httpRule(rule: HTTPRoute, names: Names): HTTPRoute {
  return {
    ...connectionRule(rule, names),
    ...rule.mirror && { mirror: destination(rule.mirror, names) },
    ...rule.mirrors && { mirrors: rule.mirrors.map(mirror => withDestination(mirror, names)) },
  };
}

type WithGateways = { readonly gateways?: readonly string[] };
type WithDestination = { readonly destination?: Destination };
type Rule = { readonly match?: readonly WithGateways[]; readonly route?: readonly WithDestination[] };

function connectionRule<R extends Rule>(rule: R, names: Names): R {
  return {
    ...rule,
    ...rule.match && { match: rule.match.map(match => withGateways(match, names)) },
    ...rule.route && { route: rule.route.map(route => withDestination(route, names)) },
  };
}

function withGateways<M extends WithGateways>(match: M, { namespace }: Names): M {
  return match.gateways ? { ...match, gateways: match.gateways.map(gateway => fullGateway(gateway, namespace)) } : match;
}

function withDestination<R extends WithDestination>(route: R, names: Names): R {
  return route.destination ? { ...route, destination: destination(route.destination, names) } : route;
}

function destination(to: Destination, { namespace, clusterDomain }: Names): Destination {
  return { ...to, host: fullHost(to.host ?? '', namespace, clusterDomain) };
}

/** The destinations of a VirtualService, without entries whose `sourceNamespace` excludes a namespace. */
export function destinationsFor(vs: VirtualService, namespace: string): Destination[] {
  return destinationsOf(vs, rule => isForNamespace(rule, namespace));
}

/** The destinations of a VirtualService, of the entries for requests that a condition selects. */
export function destinationsOf({ http, tcp, tls }: VirtualService, isKept: (rule: HTTPRoute) => boolean = () => true): Destination[] {
  const ofHttp = http.map(({ spec }) => spec).filter(isKept).flatMap(rule => [
    ...(rule.route ?? []).map(route => route.destination), rule.mirror, ...(rule.mirrors ?? []).map(mirror => mirror.destination),
  ]);
  const ofConnections = [...tcp, ...tls].flatMap(rule => (rule.route ?? []).map(route => route.destination));
  return [...ofHttp, ...ofConnections].filter(to => to !== undefined);
}

function isForNamespace({ match = [] }: HTTPRoute, namespace: string): boolean {
  const stated = match.map(({ sourceNamespace }) => sourceNamespace).filter(source => source !== undefined && source !== '');
  return stated.length === 0 || stated.includes(namespace);
}
