import { describeTcpProxy } from './connection-words';
import type { Share } from './shares';
import { describeShares, sharesOf } from './shares';
import { parseClusterName } from '../envoy/cluster-name';
import type { LocalityPreference } from '../envoy/clusters/locality-load-balancer';
import { connectionManagerOf, filterChainsOf, tcpProxyOf } from '../envoy/filter-chains';
import type { ProxyConfig } from '../envoy/proxy-config';
import type { ServiceAddresses } from '../envoy/service-addresses';
import { routesSeeClaims } from '../envoy/verified-claims';
import type { Cluster } from '../envoy/xds/cluster';
import type { FilterChain, Listener } from '../envoy/xds/listener';
import type { RouteConfiguration, VirtualHost } from '../envoy/xds/route';
import { addToGroup } from '../manifest/group-by';

/** Where connections go that are not HTTP. */
export interface Connection {
  readonly host: string;
  readonly port: number;
  /** The server names (SNI) of the filter chain. Empty if it does not match on server names. */
  readonly names: readonly string[];
  readonly goesTo: string;
  /** What else the proxy does to the connections, in words; empty for nothing. */
  readonly treatment: string;
  readonly clusters: readonly string[];
  readonly shares: readonly Share[];
  /** The VirtualService that routes them, as `namespace/name`, if istiod writes it. */
  readonly virtualService?: string;
}

/** A virtual host as callers see it. */
export interface Host {
  readonly host: string;
  readonly port?: number;
  readonly virtualHost: VirtualHost;
  readonly configuration: RouteConfiguration;
  /** Whether this proxy terminates the TLS of the requests. */
  readonly isTls: boolean;
}

/** A filter chain that reads HTTP, and the port of its listener. */
export interface HttpChain {
  readonly chain: FilterChain;
  readonly port: number;
}

const NO_SERVICES: ServiceAddresses = { addresses: new Map(), assumed: new Set(), headless: new Set() };

/** What one proxy does, per host, without the names of objects, route configurations and listeners. */
export class ProxyTraffic {
  public readonly hosts = new Map<string, Host>();
  public readonly connections = new Map<string, Connection>();
  /** Where requests to unknown hosts go. */
  public readonly others: string;
  public readonly clusters: ReadonlyMap<string, Cluster>;
  public readonly listeners: readonly Listener[];
  private readonly endpoints: ProxyConfig['endpoints'];
  private readonly localities: ProxyConfig['localities'];
  /** The route configurations of the edge, which does not trust the scheme in x-forwarded-proto. */
  private edges?: ReadonlySet<string>;
  private chains?: ReadonlyMap<string, readonly HttpChain[]>;

  constructor(
    { routes, clusters, listeners, endpoints, localities }: ProxyConfig, public readonly services: ServiceAddresses = NO_SERVICES,
  ) {
    this.listeners = listeners;
    this.endpoints = endpoints;
    this.localities = localities;
    this.clusters = new Map(clusters.map(cluster => [cluster.name, cluster]));
    for (const configuration of routes) {
      for (const virtualHost of configuration.virtualHosts ?? []) if (!isFallback(virtualHost)) this.addHost(configuration, virtualHost);
    }
    for (const listener of listeners) this.addConnections(listener);
    this.others =
      fallbackCluster(listeners) ?? routes.flatMap(r => r.virtualHosts ?? []).find(isFallback)?.routes?.[0].route?.cluster ?? 'nothing';
  }

  /** Whether it is a gateway, which serves the names of its servers. A sidecar knows services by several names. */
  public get isGateway(): boolean {
    return !this.listeners.some(({ name }) => name === 'virtualOutbound');
  }

  public hasCluster(cluster: string): boolean {
    return this.clusters.has(cluster);
  }

  /** Whether the manifests hold endpoints for an EDS cluster. */
  public hasEndpoints(cluster: string): boolean {
    return (this.endpoints[cluster] ?? []).length > 0;
  }

  /** What decides among the localities of a cluster; undefined for nothing. */
  public localityPreference(cluster: string): LocalityPreference | undefined {
    return this.localities[cluster];
  }

  /** The schemes that the original callers of a host used. At the edge, this is the scheme of the connection. */
  public schemesOf({ configuration, isTls }: Host): readonly ('http' | 'https')[] {
    this.edges ??= edgesOf(this.listeners);
    if (this.edges.has(configuration.name)) return [isTls ? 'https' : 'http'];
    return isTls ? ['https', 'http'] : ['http', 'https'];
  }

  /** Whether every request to a host is redirected to HTTPS, so that none reaches a route. */
  public isRedirected(host: Host): boolean {
    return host.virtualHost.requireTls === 'ALL' && !this.schemesOf(host).includes('https');
  }

  /** The filter chains that read the requests to a host. */
  public chainsOf({ configuration }: Pick<Host, 'configuration'>): readonly HttpChain[] {
    this.chains ??= httpChainsOf(this.listeners);
    return this.chains.get(configuration.name) ?? [];
  }

  /** Whether the routes of a configuration see the claims of tokens. */
  public seesClaims(host: Pick<Host, 'configuration'>): boolean {
    const manager = this.chainsOf(host).map(({ chain }) => connectionManagerOf(chain)).find(found => found !== undefined);
    return manager !== undefined && routesSeeClaims(manager);
  }

  private addHost(configuration: RouteConfiguration, virtualHost: VirtualHost): void {
    const [host, port] = hostAndPort(virtualHost.name);
    // A gateway names the route configuration of an HTTPS server after the server and the Gateway. Only HTTPS matters here.
    const isTls = configuration.name.startsWith('https.');
    this.hosts.set(free(this.hosts, `${isTls ? 'https' : 'http'} ${host} ${port ?? ''}`), {
      host,
      port,
      virtualHost,
      configuration,
      isTls,
    });
  }

  private addConnections(listener: Listener): void {
    if (listener.name.startsWith('virtual')) return;
    const port = listener.address?.socketAddress?.portValue ?? 0;
    for (const chain of filterChainsOf(listener)) {
      const proxy = tcpProxyOf(chain);
      if (!proxy || chain.name === 'PassthroughFilterChain') continue;
      // A waypoint names its chains after the services that they are for.
      const vip = parseClusterName(chain.name ?? '');
      if (listener.internalListener && !vip) continue;
      const shares = sharesOf(proxy);
      const { serverNames, prefixRanges } = chain.filterChainMatch ?? {};
      const ranges = (prefixRanges ?? []).map(r => `${r.addressPrefix}/${r.prefixLen ?? 0}`).sort().join(', ');
      const names = [...serverNames ?? []].sort();
      const host = vip?.host ?? (names.length > 0 ? names.join(', ') : ranges || (shares[0]?.destination.host ?? ''));
      const goesTo = describeShares(shares, cluster => this.hasCluster(cluster));
      const treatment = describeTcpProxy(proxy);
      const virtualService = virtualServiceOf(chain);
      const at = vip?.port ?? port;
      const connection = { host, port: at, names, goesTo, treatment, shares, clusters: shares.map(s => s.cluster), virtualService };
      this.connections.set(free(this.connections, `${at} ${host} ${ranges}`), connection);
    }
  }
}

/** The VirtualService of a filter chain, from the path that istiod writes into the chain's metadata. */
function virtualServiceOf({ metadata }: FilterChain): string | undefined {
  const config: unknown = metadata?.filterMetadata?.istio?.config;
  const [, namespace, name] = /\/namespaces\/([^/]+)\/virtual-service\/([^/]+)$/.exec(String(config ?? '')) ?? [];
  return name === undefined ? undefined : `${namespace}/${name}`;
}

/** The filter chains that read HTTP, by the name of their route configuration. */
function httpChainsOf(listeners: readonly Listener[]): ReadonlyMap<string, readonly HttpChain[]> {
  const chains = new Map<string, HttpChain[]>();
  for (const listener of listeners) {
    const port = listener.address?.socketAddress?.portValue ?? 0;
    for (const chain of filterChainsOf(listener)) {
      const { rds, routeConfig } = connectionManagerOf(chain) ?? {};
      const name = routeConfig?.name ?? rds?.routeConfigName;
      if (name !== undefined) addToGroup(chains, name, { chain, port });
    }
  }
  return chains;
}

function edgesOf(listeners: readonly Listener[]): Set<string> {
  const managers = listeners.flatMap(filterChainsOf).flatMap(chain => connectionManagerOf(chain) ?? []);
  const edges = managers.filter(({ useRemoteAddress, xffNumTrustedHops = 0 }) => useRemoteAddress === true && xffNumTrustedHops === 0);
  return new Set(edges.flatMap(({ rds, routeConfig }) => routeConfig?.name ?? rds?.routeConfigName ?? []));
}

/** The cluster of connections that no other listener takes. */
function fallbackCluster(listeners: readonly Listener[]): string | undefined {
  const outbound = listeners.find(l => l.name === 'virtualOutbound');
  const chains = outbound ? filterChainsOf(outbound) : [];
  const last = [...chains].reverse().find(({ name }) => name !== 'virtualOutbound-blackhole');
  return last && tcpProxyOf(last)?.cluster;
}

function isFallback({ name }: VirtualHost): boolean {
  return name === 'allow_any' || name === 'block_all';
}

function hostAndPort(name: string): [string, number | undefined] {
  const [, host, port] = /^(.*):(\d+)$/.exec(name) ?? [];
  return host === undefined ? [name, undefined] : [host, Number(port)];
}

/** A free key. Two servers may serve the same host. */
function free(taken: ReadonlyMap<string, unknown>, key: string): string {
  let result = key;
  for (let n = 2; taken.has(result); n++) result = `${key} ${n}`;
  return result;
}
