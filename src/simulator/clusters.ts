import type { UpstreamSecurity } from './upstream-security';
import { upstreamSecurity } from './upstream-security';
import { clusterName, parseClusterName } from '../envoy/cluster-name';
import type { ProxyConfig } from '../envoy/proxy-config';
import type { Cluster } from '../envoy/xds/cluster';
import type { Address } from '../envoy/xds/core';

/** The outcome of the requests to a cluster, as far as the cluster decides it. */
export type Reception =
  | 'routed' | 'passed through' | 'blocked' | 'unknown cluster' | 'no healthy host'
  /** The pods take no such request. */
  | 'denied' | 'unauthenticated' | 'reset' | 'undecided';

/** A cluster that a route or a listener names. The proxy may not have it. */
export interface Destination {
  /** Envoy's name of the cluster. */
  readonly cluster: string;
  /** The full host of the service. Undefined if the cluster does not belong to a service. */
  readonly host?: string;
  /** The subset. Undefined for the whole service. */
  readonly subset?: string;
  /** The port of the service. */
  readonly port?: number;
  /** The outcome of the requests that it gets. */
  readonly reception: Reception;
  /** How Envoy encrypts connections to it. Undefined for a cluster that the proxy does not have. */
  readonly security?: UpstreamSecurity;
  /** The endpoints, as `address:port`. Empty if the manifests do not hold them. */
  readonly endpoints: readonly string[];
}

/** The clusters of a proxy, by name. */
export class Clusters {
  private readonly byName: ReadonlyMap<string, Cluster>;
  private readonly destinations = new Map<string, Destination>();

  /** `isWithoutPods` tells whether a host, given by its full name, certainly has no pod. */
  constructor(private readonly config: ProxyConfig, private readonly isWithoutPods: (host: string) => boolean = () => false) {
    this.byName = new Map(config.clusters.map(cluster => [cluster.name, cluster]));
  }

  public get(name: string): Cluster | undefined {
    return this.byName.get(name);
  }

  public destination(name: string): Destination {
    let found = this.destinations.get(name);
    if (!found) {
      found = this.destinationOf(name);
      this.destinations.set(name, found);
    }
    return found;
  }

  private destinationOf(name: string): Destination {
    const cluster = this.byName.get(name);
    const endpoints = cluster ? this.endpointsOf(cluster) : [];
    const security = cluster && { security: upstreamSecurity(cluster) };
    return { cluster: name, ...parseClusterName(name), endpoints, reception: this.reception(name, cluster, endpoints), ...security };
  }

  private reception(name: string, cluster: Cluster | undefined, endpoints: readonly string[]): Reception {
    if (name === 'BlackHoleCluster') return 'blocked';
    if (!cluster) return 'unknown cluster';
    if (name === 'PassthroughCluster') return 'passed through';
    return endpoints.length === 0 && cluster.type === 'EDS' && this.isEmpty(name) ? 'no healthy host' : 'routed';
  }

  /**
   * Whether an Envoy cluster without endpoints in the manifests certainly has none: the service has no pod, or the manifests hold its pods
   * and none of them belongs to the subset. Otherwise its pods may exist outside the manifests.
   */
  private isEmpty(name: string): boolean {
    const service = parseClusterName(name);
    if (service === undefined) return false;
    if (this.isWithoutPods(service.host)) return true;
    return service.subset !== undefined && (this.config.endpoints[clusterName(service.host, service.port)] ?? []).length > 0;
  }

  private endpointsOf(cluster: Cluster): readonly string[] {
    if (cluster.loadAssignment === undefined) return this.config.endpoints[cluster.name] ?? [];
    const { endpoints: localities = [] } = cluster.loadAssignment;
    return localities.flatMap(({ lbEndpoints = [] }) => lbEndpoints).map(({ endpoint: { address } }) => addressText(address));
  }
}

function addressText({ socketAddress, pipe }: Address): string {
  return socketAddress ? `${socketAddress.address}:${socketAddress.portValue}` : `unix://${pipe?.path ?? ''}`;
}

/** A destination in words: `version-v1 of catalog.shop.svc.cluster.local, port 80`. */
export function describeDestination({ cluster, host, subset, port }: Pick<Destination, 'cluster' | 'host' | 'subset' | 'port'>): string {
  if (host === undefined) return cluster;
  return `${subset === undefined ? '' : `${subset} of `}${host}, port ${port}`;
}
