import { App, Chart } from 'cdk8s';
import * as yaml from 'js-yaml';
import type { Json, Proxy, TranslateCase } from './istiod/client';

/** A place in a proxy's configuration. */
export interface Place {
  readonly proxy: string;
  readonly what: string;
  readonly find: (answer: Json) => Json;
}

/**
 * A statement of an author, and the Envoy fields that istiod must produce. Fields that are not listed are free; a field with the value
 * undefined must be absent.
 */
export type Statement = readonly [stated: string, place: Place, envoy: Json];

/** One case: constructs, the affected proxies, and the expected result of each statement. */
export interface Case {
  readonly name: string;
  readonly build: (app: App) => void;
  /** The App to build it in, if it is not a plain one. */
  readonly newApp?: () => App;
  readonly proxies: readonly Proxy[];
  /** The namespace of manifests that state none. */
  readonly namespace?: string;
  readonly meshConfig?: string;
  readonly features?: { readonly [name: string]: string };
  /** Whether the case is about incoming calls, so the inbound listener is kept. */
  readonly inbound?: boolean;
  readonly states: readonly Statement[];
}

/** The manifests of a case, as applied. */
export function inputOf({ build, newApp = () => new App() }: Case): string {
  const app = newApp();
  build(app);
  const charts = app.node.findAll().filter(construct => Chart.isChart(construct)) as Chart[];
  const documents = charts.flatMap(chart => chart.toJson() as object[]);
  return documents.map(document => yaml.dump(document, { noRefs: true, lineWidth: 150, sortKeys: false })).join('---\n');
}

/** A case as a question to istiod. */
export function questionOf(each: Case): TranslateCase {
  const { name, namespace, proxies, meshConfig, features } = each;
  return { id: name, manifests: inputOf(each), namespace, proxies, meshConfig, features };
}

const first = (list: readonly Json[] | undefined, name: string) => list?.find(item => item.name === name);

/** The cluster of a host's port, or of a subset there. */
export function cluster(proxy: string, host: string, port: number, subset = ''): Place {
  const name = `outbound|${port}|${subset}|${host}`;
  return { proxy, what: `cluster ${name}`, find: answer => first(answer.clusters, name) };
}

/** A route of a virtual host, in its route configuration. */
export function route(proxy: string, host: string, name: string): Place {
  return { proxy, what: `route '${name}' of ${host}`, find: answer => first(findVirtualHost(answer, host)?.routes, name) };
}

/** A virtual host, such as `catalog.shop.svc.cluster.local:80`. */
export function virtualHost(proxy: string, name: string): Place {
  return { proxy, what: `virtual host ${name}`, find: answer => findVirtualHost(answer, name) };
}

function findVirtualHost(answer: Json, name: string): Json {
  return answer.routes.flatMap((r: Json) => r.virtualHosts ?? []).find((v: Json) => v.name === name);
}

/** The names of a virtual host's routes, in order. */
export function routeNames(proxy: string, name: string): Place {
  return { proxy, what: `routes of ${name} in order`, find: answer => findVirtualHost(answer, name)?.routes.map((r: Json) => r.name) };
}

/** A listener by name, such as `0.0.0.0_80`. */
export function listener(proxy: string, name: string): Place {
  return { proxy, what: `listener ${name}`, find: answer => first(answer.listeners, name) };
}

/** The connection manager of a listener's last HTTP filter chain. */
export function connectionManager(proxy: string, name: string): Place {
  return {
    proxy,
    what: `connection manager of ${name}`,
    find: answer => {
      const found = first(answer.listeners, name);
      const chains = [...found?.filterChains ?? [], ...(found?.defaultFilterChain ? [found.defaultFilterChain] : [])];
      return chains.flatMap((chain: Json) => chain.filters).find((f: Json) => f.name === 'envoy.filters.network.http_connection_manager')
        ?.typedConfig;
    },
  };
}

/** The filter chains without HTTP of a listener: what each matches, and its cluster or weighted clusters. */
export function connections(proxy: string, name: string): Place {
  return {
    proxy,
    what: `connections of ${name}`,
    find: answer => {
      const found = first(answer.listeners, name);
      const otherwise = found?.defaultFilterChain && { ...found.defaultFilterChain, filterChainMatch: undefined };
      const chains = [...found?.filterChains ?? [], ...otherwise ? [otherwise] : []];
      return found && chains.flatMap((chain: Json) => chain.filters.filter(
        (f: Json) => f.name === 'envoy.filters.network.tcp_proxy',
      ).map((f: Json) => {
        const { cluster: one, weightedClusters } = f.typedConfig;
        return { ...chain.filterChainMatch, to: one ?? weightedClusters.clusters.map((c: Json) => `${c.name} ${c.weight}`) };
      }));
    },
  };
}

/** The endpoints of a cluster, `address:port`. */
export function endpoints(proxy: string, host: string, port: number, subset = ''): Place {
  return endpointsOf(proxy, `outbound|${port}|${subset}|${host}`);
}

/** The endpoints of a cluster by its name, `address:port`. */
export function endpointsOf(proxy: string, name: string): Place {
  return { proxy, what: `endpoints of ${name}`, find: answer => answer.endpoints[name] };
}

/** The filter chain of a waypoint for a port of a service. */
function waypointChain(answer: Json, host: string, port: number, protocol: 'http' | 'tcp'): Json {
  return first(first(answer.listeners, 'main_internal')?.filterChains, `inbound-vip|${port}|${protocol}|${host}`);
}

/** The clusters of a waypoint's routes for a port of a service, in order; for a route without a cluster its name. */
export function waypointRoutes(proxy: string, host: string, port = 80): Place {
  return {
    proxy,
    what: `routes of the waypoint for ${host}:${port}`,
    find: answer => {
      const manager = waypointChain(answer, host, port, 'http')?.filters.at(-1).typedConfig;
      return manager?.routeConfig.virtualHosts[0].routes.map(({ name, route: to }: Json) => (
        to?.cluster ?? to?.weightedClusters?.clusters.map((c: Json) => `${c.name} ${c.weight}`).join() ?? name));
    },
  };
}

/** The access filters of a waypoint's requests for a service, by name. */
export function waypointAccess(proxy: string, host: string, port = 80): Place {
  return {
    proxy,
    what: `access filters of the waypoint for ${host}`,
    find: answer => waypointChain(answer, host, port, 'http')?.filters.at(-1).typedConfig.httpFilters
      .filter((f: Json) => /\.(rbac|jwt_authn|ext_authz)$/.test(f.name)).map((f: Json) => f.name),
  };
}

/** The access rules of a waypoint's requests for a service, in the order of its filters. */
export function waypointRules(proxy: string, host: string, port = 80): Place {
  return {
    proxy,
    what: `rules of who may call ${host} at the waypoint`,
    find: answer => waypointChain(answer, host, port, 'http')?.filters.at(-1).typedConfig.httpFilters
      .filter((f: Json) => f.name === 'envoy.filters.http.rbac').map((f: Json) => f.typedConfig.rules),
  };
}

/** The cluster of a waypoint's connections to a port of a service, or its weighted clusters. */
export function waypointConnections(proxy: string, host: string, port: number): Place {
  return {
    proxy,
    what: `connections of the waypoint to ${host}:${port}`,
    find: answer => {
      const { cluster: one, weightedClusters } = waypointChain(answer, host, port, 'tcp')?.filters.at(-1).typedConfig ?? {};
      return one ?? weightedClusters?.clusters.map((c: Json) => `${c.name} ${c.weight}`);
    },
  };
}

/** The names of a waypoint's filter chains. */
export function waypointChains(proxy: string): Place {
  return {
    proxy,
    what: 'filter chains of the waypoint',
    find: answer => first(answer.listeners, 'main_internal')?.filterChains.map((c: Json) => c.name),
  };
}

/** A cluster of any name. */
export function namedCluster(proxy: string, name: string): Place {
  return { proxy, what: `cluster ${name}`, find: answer => first(answer.clusters, name) };
}

/** A filter chain of the inbound listener, by port of the pod: for mutual TLS or for plaintext. */
export function inboundChain(proxy: string, port: number, transport: 'tls' | 'raw_buffer'): Place {
  return {
    proxy,
    what: `inbound chain of port ${port}, ${transport}`,
    find: answer => first(answer.listeners, 'virtualInbound')?.filterChains
      .find((c: Json) => c.filterChainMatch?.destinationPort === port && (c.filterChainMatch.transportProtocol ?? 'tls') === transport),
  };
}

/** The access rules of a pod's port: for requests, or for connections where Envoy sees no requests. */
export function inboundRules(proxy: string, port: number): Place {
  const chain = inboundChain(proxy, port, 'tls');
  return {
    proxy,
    what: `rules of who may call port ${port}`,
    find: answer => {
      const filters: Json[] = chain.find(answer)?.filters ?? [];
      const manager = filters.find(f => f.name === 'envoy.filters.network.http_connection_manager');
      const all = manager ? manager.typedConfig.httpFilters : filters;
      return all.find((f: Json) => /\.rbac$/.test(f.name))?.typedConfig.rules;
    },
  };
}

/** The access filters of requests at a port of a pod, in their order: what each does, and its settings. */
export function inboundAccess(proxy: string, port: number): Place {
  const chain = inboundChain(proxy, port, 'tls');
  return {
    proxy,
    what: `access filters of port ${port}`,
    find: answer => {
      const filters: Json[] = chain.find(answer)?.filters ?? [];
      const manager = filters.find(f => f.name === 'envoy.filters.network.http_connection_manager');
      return manager?.typedConfig.httpFilters.filter((f: Json) => /\.(rbac|jwt_authn|ext_authz)$/.test(f.name)).map((f: Json) => f.typedConfig);
    },
  };
}

/** The access rules of requests at a listener of a gateway. */
export function gatewayRules(proxy: string, name: string): Place {
  const manager = connectionManager(proxy, name);
  return {
    proxy,
    what: `rules of who may call ${name}`,
    find: answer => manager.find(answer)?.httpFilters.find((f: Json) => f.name === 'envoy.filters.http.rbac')?.typedConfig.rules,
  };
}
