import { clusterName } from '../../envoy/cluster-name';
import type { Translator } from '../../envoy/translator';
import type { Cluster } from '../../envoy/xds/cluster';
import type { Transport } from '../access/connection-transport';
import { transportOf } from '../access/connection-transport';

/** How sidecars connect to the services of a mesh, by the DestinationRules that a namespace sees. */
export class TransportsOfMesh {
  private readonly clusters = new Map<string, ReadonlyMap<string, Cluster>>();

  constructor(private readonly translator: Translator) {}

  /** @param namespace That of the callers. @default - that of the service */
  public of(host: string, port: number, namespace = host.split('.')[1]): Transport {
    const cluster = this.clustersOf(namespace).get(clusterName(host, port));
    return cluster ? transportOf(cluster) : 'automatic';
  }

  private clustersOf(namespace: string): ReadonlyMap<string, Cluster> {
    let found = this.clusters.get(namespace);
    if (!found) {
      const { clusters } = this.translator.translate({ type: 'sidecar', namespace });
      this.clusters.set(namespace, found = new Map(clusters.map(cluster => [cluster.name, cluster])));
    }
    return found;
  }
}
