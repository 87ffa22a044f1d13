import { describeShares, sharesOf } from './shares';
import { filterChainsOf, tcpProxyOf } from '../envoy/filter-chains';
import type { ProxyConfig } from '../envoy/proxy-config';
import type { Cluster } from '../envoy/xds/cluster';
import type { Listener } from '../envoy/xds/listener';
import type { VirtualHost } from '../envoy/xds/route';

/** Where connections that hold no HTTP go. */
export interface Connection {
  readonly host: string;
  readonly port: number;
  readonly goesTo: string;
  readonly clusters: readonly string[];
}

/** A virtual host by what callers know of it. */
export interface Host {
  readonly host: string;
  readonly port?: number;
  readonly virtualHost: VirtualHost;
}

/** What one proxy does, by hosts: without the names of objects, route configurations and listeners. */
export class ProxyTraffic {
  public readonly hosts = new Map<string, Host>();
  public readonly connections = new Map<string, Connection>();
  /** Where requests go whose host the proxy does not know. */
  public readonly others: string;
  public readonly clusters: ReadonlyMap<string, Cluster>;

  constructor({ routes, clusters, listeners }: ProxyConfig) {
    this.clusters = new Map(clusters.map(cluster => [cluster.name, cluster]));
    for (const { name, virtualHosts = [] } of routes) {
      for (const virtualHost of virtualHosts) if (!isFallback(virtualHost)) this.addHost(name, virtualHost);
    }
    for (const listener of listeners) this.addConnections(listener);
    this.others = fallbackCluster(listeners) ?? routes.flatMap(r => r.virtualHosts ?? []).find(isFallback)?.routes?.[0].route?.cluster ?? 'nothing';
  }

  public hasCluster(cluster: string): boolean {
    return this.clusters.has(cluster);
  }

  private addHost(configuration: string, virtualHost: VirtualHost): void {
    const [host, port] = hostAndPort(virtualHost.name);
    // A gateway's configuration of an HTTPS server is named after the server and the Gateway; what counts is that it is HTTPS.
    const scheme = configuration.startsWith('https.') ? 'https' : 'http';
    this.hosts.set(free(this.hosts, `${scheme} ${host} ${port ?? ''}`), { host, port, virtualHost });
  }

  private addConnections(listener: Listener): void {
    if (listener.name.startsWith('virtual')) return;
    const port = listener.address?.socketAddress?.portValue ?? 0;
    for (const chain of filterChainsOf(listener)) {
      const proxy = tcpProxyOf(chain);
      if (!proxy || chain.name === 'PassthroughFilterChain') continue;
      const shares = sharesOf(proxy);
      const { serverNames, prefixRanges } = chain.filterChainMatch ?? {};
      const ranges = (prefixRanges ?? []).map(r => `${r.addressPrefix}/${r.prefixLen ?? 0}`).sort().join(', ');
      const host = serverNames ? [...serverNames].sort().join(', ') : ranges || (shares[0]?.destination.host ?? '');
      const goesTo = describeShares(shares, cluster => this.hasCluster(cluster));
      this.connections.set(free(this.connections, `${port} ${host} ${ranges}`), { host, port, goesTo, clusters: shares.map(s => s.cluster) });
    }
  }
}

/** The cluster of connections that no listener knows. */
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

/** A key that is not taken yet: the same host may be served by two servers. */
function free(taken: ReadonlyMap<string, unknown>, key: string): string {
  let result = key;
  for (let n = 2; taken.has(result); n++) result = `${key} ${n}`;
  return result;
}
