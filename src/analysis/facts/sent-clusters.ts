import { translatedMesh } from './translated-mesh';
import { clusterName } from '../../envoy/cluster-name';
import { ClusterNotes } from '../../envoy/clusters/cluster-notes';
import { clustersAt } from '../../envoy/clusters/service-clusters';
import type { Proxy } from '../../envoy/proxy';
import type { Service } from '../../envoy/service';
import type { Cluster } from '../../envoy/xds/cluster';
import type { TrafficIndex } from '../traffic-index';

function nothingMade(): Map<string, ReadonlyMap<string, Cluster>> {
  return new Map();
}

/** The cluster that istiod sends a proxy for a service, at a port and for a subset; undefined where it sends none. */
export function sentCluster(proxy: Proxy, service: Service, port: number, subset: string | undefined,
  index: TrafficIndex): Cluster | undefined {
  const made = index.memo(nothingMade);
  const { type, namespace, labels = {} } = proxy;
  const key = `${type} ${namespace} ${JSON.stringify(labels)} ${service.namespace}/${service.host} ${port} ${service.ports.length}`;
  let clusters = made.get(key);
  if (!clusters) {
    const { registry, meshConfig, peerAuthentications, destinationRules } = translatedMesh(index);
    const notes = new ClusterNotes(proxy, []);
    const context = { proxy, proxyConfig: meshConfig.defaultConfig, registry, meshConfig, peerAuthentications, notes };
    clusters = new Map(clustersAt(port, service, destinationRules.of(proxy, service), context).map(cluster => [cluster.name, cluster]));
    made.set(key, clusters);
  }
  return clusters.get(clusterName(service.host, port, subset));
}
