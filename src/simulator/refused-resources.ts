import { Refusal } from './refusal';
import type { ResourceRefusal } from '../envoy/refusals/resource-refusals';
import { clusterRefusal, describeRefusal, listenerRefusal, routeConfigurationRefusal } from '../envoy/refusals/resource-refusals';
import type { Cluster } from '../envoy/xds/cluster';
import type { Listener } from '../envoy/xds/listener';
import type { RouteConfiguration } from '../envoy/xds/route';

/**
 * Throws for the resources of a proxy that Envoy would reject, because Envoy keeps an unknown older version instead. Each is checked once.
 */
export class RefusedResources {
  private readonly taken = new WeakSet<object>();

  public requireListener(listener: Listener): void {
    this.require(listener, listenerRefusal);
  }

  public requireRoutes(configuration: RouteConfiguration): void {
    this.require(configuration, routeConfigurationRefusal);
  }

  public requireCluster(cluster: Cluster | undefined): void {
    if (cluster) this.require(cluster, clusterRefusal);
  }

  private require<T extends object>(resource: T, refusalOf: (resource: T) => ResourceRefusal | undefined): void {
    if (this.taken.has(resource)) return;
    const refusal = refusalOf(resource);
    if (refusal) throw new Refusal(describeRefusal(refusal));
    this.taken.add(resource);
  }
}
