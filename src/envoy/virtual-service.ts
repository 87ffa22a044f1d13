import type { ExportTo } from '../manifest/export-to';
import { exportTo } from '../manifest/export-to';
import { fullHost } from '../manifest/host-name';
import type { Destination, HTTPRoute, TCPRoute, TLSRoute } from '../manifest/istio-specs.generated';
import type { ManifestOf } from '../manifest/manifest';

/** The gateway name for all sidecars. */
export const MESH = 'mesh';

/** An entry of `http` in a VirtualService with full host and gateway names, and its position. */
export interface HttpRule {
  readonly spec: HTTPRoute;
  readonly object: ManifestOf<'VirtualService'>;
  readonly rule: number;
  /** The index of each match in the object; undefined for a match that a delegate inherits from its root. */
  readonly matches: readonly (number | undefined)[];
}

/** A VirtualService with full host and gateway names. */
export interface VirtualService {
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

export function virtualServiceOf(
  object: ManifestOf<'VirtualService'>, options: { clusterDomain: string; exportTo: readonly string[] },
): VirtualService {
  const { metadata: { name, namespace = '' }, spec = {} } = object;
  const { hosts = [], gateways = [], http = [], tcp = [], tls = [] } = spec;
  const names = { namespace, clusterDomain: options.clusterDomain };
  return {
    object,
    name,
    namespace,
    hosts: hosts.map(host => fullHost(host, namespace, options.clusterDomain)),
    gateways: gateways.length === 0 ? [MESH] : gateways.map(gateway => fullGateway(gateway, namespace)),
    exportTo: exportTo(spec.exportTo, namespace, options.exportTo),
    http: http.map((rule, i) => ({ spec: httpRule(rule, names), object, rule: i, matches: (rule.match ?? []).map((_, m) => m) })),
    tcp: tcp.map(rule => connectionRule(rule, names)),
    tls: tls.map(rule => connectionRule(rule, names)),
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
export function destinationsFor({ http, tcp, tls }: VirtualService, namespace: string): Destination[] {
  const ofHttp = http.map(({ spec }) => spec).filter(rule => isForNamespace(rule, namespace)).flatMap(rule => [
    ...(rule.route ?? []).map(route => route.destination), rule.mirror, ...(rule.mirrors ?? []).map(mirror => mirror.destination),
  ]);
  const ofConnections = [...tcp, ...tls].flatMap(rule => (rule.route ?? []).map(route => route.destination));
  return [...ofHttp, ...ofConnections].filter(to => to !== undefined);
}

function isForNamespace({ match = [] }: HTTPRoute, namespace: string): boolean {
  const stated = match.map(({ sourceNamespace }) => sourceNamespace).filter(source => source !== undefined && source !== '');
  return stated.length === 0 || stated.includes(namespace);
}
