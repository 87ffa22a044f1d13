import type { UpstreamSecurity } from './upstream-security';
import { PLAINTEXT, upstreamSecurity } from './upstream-security';
import { clusterName, parseClusterName } from '../envoy/cluster-name';
import type { ProxyConfig } from '../envoy/proxy-config';
import type { Cluster } from '../envoy/xds/cluster';
import type { Address } from '../envoy/xds/core';
import { addedLabels } from '../manifest/added-labels';
import type { Labels } from '../manifest/labels';

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
  /**
   * The labels of the subset that only running endpoints have, such as `topology.kubernetes.io/zone`. Undefined if the manifests tell
   * whether it has endpoints, or have none of the whole service.
   */
  readonly addedLabels?: readonly string[];
  /** The outcome of the requests that it gets. */
  readonly reception: Reception;
  /** How Envoy encrypts connections to it. Undefined for a cluster that the proxy does not have. */
  readonly security?: UpstreamSecurity;
  /** The endpoints, as `address:port`. Empty if the manifests do not hold them. */
  readonly endpoints: readonly string[];
}

/** What is known of pods, by the full host of their service. */
export interface KnownPods {
  /** Whether a host certainly has no pod. */
  isWithoutPods(host: string): boolean;
  /** Whether a running cluster may have endpoints of a host with some labels, where the manifests have none. */
  mayServe(host: string, labels: Labels): boolean;
}

const UNKNOWN_PODS: KnownPods = { isWithoutPods: () => false, mayServe: (_, labels) => addedLabels(labels).length > 0 };

/** The clusters of a proxy, by name. */
export class Clusters {
  private readonly byName: ReadonlyMap<string, Cluster>;
  private readonly destinations = new Map<string, Destination>();

  /** `isPlaintext` says that the caller connects in plaintext, whatever its clusters say. */
  constructor(
    private readonly config: ProxyConfig,
    private readonly pods: KnownPods = UNKNOWN_PODS,
    private readonly isPlaintext = false,
  ) {
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
    const security = cluster && { security: this.isPlaintext ? PLAINTEXT : upstreamSecurity(cluster) };
    const reception = this.reception(name, cluster, endpoints);
    const added = reception === 'routed' && endpoints.length === 0 && this.hasOtherEndpoints(name) ? addedLabels(this.labelsOf(name)) : [];
    const open = added.length > 0 && { addedLabels: added };
    return { cluster: name, ...parseClusterName(name), ...open, endpoints, reception, ...security };
  }

  private reception(name: string, cluster: Cluster | undefined, endpoints: readonly string[]): Reception {
    if (name === 'BlackHoleCluster') return 'blocked';
    if (!cluster) return 'unknown cluster';
    if (name === 'PassthroughCluster') return 'passed through';
    return endpoints.length === 0 && cluster.type === 'EDS' && this.isEmpty(name) ? 'no healthy host' : 'routed';
  }

  /**
   * Whether an Envoy cluster without endpoints in the manifests certainly has none: the service has no pod, or the manifests hold its pods
   * and none of them can belong to the subset. Otherwise its pods may exist outside the manifests.
   */
  private isEmpty(name: string): boolean {
    const service = parseClusterName(name);
    if (service === undefined) return false;
    if (this.pods.isWithoutPods(service.host)) return true;
    return this.hasOtherEndpoints(name) && !this.pods.mayServe(service.host, this.labelsOf(name));
  }

  /** Whether a cluster is of a subset, and the manifests hold endpoints of its service. */
  private hasOtherEndpoints(name: string): boolean {
    const service = parseClusterName(name);
    return service?.subset !== undefined && (this.config.endpoints[clusterName(service.host, service.port)] ?? []).length > 0;
  }

  private labelsOf(subset: string): Labels {
    return this.config.subsetLabels[subset] ?? {};
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
