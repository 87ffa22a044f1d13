import type { Json } from './proxy-config';
import type { ExportTo } from '../manifest/export-to';
import { exportTo } from '../manifest/export-to';
import { fullHost } from '../manifest/host-name';
import type { KubernetesObject } from '../manifest/kubernetes-object';

/** The gateway that stands for all sidecars. */
export const MESH = 'mesh';

/** A rule of a VirtualService's HTTP routes, hosts and gateways in full, and where it stands. */
export interface HttpRule {
  readonly spec: Json;
  readonly object: KubernetesObject;
  readonly rule: number;
  /** For each match its place in the object; undefined for one that a delegate has from its root alone. */
  readonly matches: readonly (number | undefined)[];
}

/** A VirtualService with hosts and gateways in full. */
export interface VirtualService {
  readonly object: KubernetesObject;
  readonly name: string;
  readonly namespace: string;
  readonly hosts: readonly string[];
  readonly gateways: readonly string[];
  readonly exportTo: ExportTo;
  readonly http: readonly HttpRule[];
  readonly tcp: readonly Json[];
  readonly tls: readonly Json[];
}

/** What short names are completed with. */
interface Names {
  readonly namespace: string;
  readonly clusterDomain: string;
}

export function virtualServiceOf(object: KubernetesObject, options: { clusterDomain: string; exportTo: readonly string[] }): VirtualService {
  const { metadata: { name }, spec = {} } = object;
  const namespace = object.metadata.namespace ?? '';
  const names = { namespace, clusterDomain: options.clusterDomain };
  return {
    object,
    name,
    namespace,
    hosts: list(spec.hosts).map(host => fullHost(String(host), namespace, options.clusterDomain)),
    gateways: list(spec.gateways).length === 0 ? [MESH] : spec.gateways.map((gateway: string) => fullGateway(gateway, namespace)),
    exportTo: exportTo(spec.exportTo, namespace, options.exportTo),
    http: list(spec.http).map((rule, i) => ({ spec: httpRule(rule, names), object, rule: i, matches: list(rule.match).map((_, m) => m) })),
    tcp: list(spec.tcp).map(rule => connectionRule(rule, names)),
    tls: list(spec.tls).map(rule => connectionRule(rule, names)),
  };
}

/** A repeated field; absent is empty. */
export function list(value: Json): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** A gateway as `namespace/name`; a name with dots is the old way to say `name.namespace`. */
function fullGateway(gateway: string, namespace: string): string {
  if (gateway === MESH) return gateway;
  const slash = gateway.indexOf('/');
  if (slash >= 0) return gateway.slice(0, slash) === '.' ? `${namespace}${gateway.slice(slash)}` : gateway;
  const [name, owner] = gateway.split('.');
  return `${owner ?? namespace}/${name}`;
}

function httpRule(rule: Json, names: Names): Json {
  return {
    ...connectionRule(rule, names),
    ...rule.mirror && { mirror: destination(rule.mirror, names) },
    ...rule.mirrors && { mirrors: rule.mirrors.map((mirror: Json) => withDestination(mirror, names)) },
  };
}

function connectionRule(rule: Json, names: Names): Json {
  return {
    ...rule,
    ...rule.match && { match: rule.match.map((match: Json) => withGateways(match, names)) },
    ...rule.route && { route: rule.route.map((route: Json) => withDestination(route, names)) },
  };
}

function withGateways(match: Json, { namespace }: Names): Json {
  return match?.gateways ? { ...match, gateways: match.gateways.map((gateway: string) => fullGateway(gateway, namespace)) } : match ?? {};
}

function withDestination(route: Json, names: Names): Json {
  return route.destination ? { ...route, destination: destination(route.destination, names) } : route;
}

function destination(to: Json, { namespace, clusterDomain }: Names): Json {
  return { ...to, host: fullHost(String(to.host ?? ''), namespace, clusterDomain) };
}

/** Every destination of a VirtualService, with what of it is kept for a namespace alone. */
export function destinationsFor({ http, tcp, tls }: VirtualService, namespace: string): Json[] {
  const ofHttp = http.map(({ spec }) => spec).filter(rule => isForNamespace(rule, namespace)).flatMap(rule => [
    ...list(rule.route).map(route => route.destination), rule.mirror, ...list(rule.mirrors).map(mirror => mirror.destination),
  ]);
  return [...ofHttp, ...[...tcp, ...tls].flatMap(rule => list(rule.route).map(route => route.destination))].filter(to => to !== undefined);
}

function isForNamespace(rule: Json, namespace: string): boolean {
  const stated = list(rule.match).map(match => match.sourceNamespace).filter(source => source !== undefined && source !== '');
  return stated.length === 0 || stated.includes(namespace);
}
