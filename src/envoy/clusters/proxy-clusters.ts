import { ClusterNotes } from './cluster-notes';
import { addressOf } from './endpoint-address';
import { endpointAssignment } from './endpoint-assignments';
import { blackHoleCluster, passthroughCluster } from './fixed-clusters';
import type { LocalityPreference } from './locality-load-balancer';
import { serviceClusters } from './service-clusters';
import type { ClusterContext } from './target';
import type { Labels } from '../../manifest/labels';
import { clusterName } from '../cluster-name';
import type { DestinationRule } from '../destination-rules';
import type { MeshConfig, MeshProxyConfig } from '../mesh-config';
import type { Note } from '../note';
import type { PeerAuthentications } from '../peer-authentications';
import type { Proxy } from '../proxy';
import type { ProxyConfig } from '../proxy-config';
import type { Service } from '../service';
import type { ServiceRegistry } from '../service-registry';
import type { Cluster } from '../xds/cluster';

/** What the clusters of any proxy are made of. */
export interface ClusterMesh {
  readonly meshConfig: MeshConfig;
  readonly registry: ServiceRegistry;
  readonly peerAuthentications: PeerAuthentications;
  readonly destinationRules: { readonly of: (proxy: Proxy, service: Service) => DestinationRule | undefined };
}

/** The clusters of a proxy, and what is known of their endpoints. */
type Clusters = Pick<ProxyConfig, 'clusters' | 'endpoints' | 'subsetLabels' | 'localities'>;

/** The outbound clusters of a sidecar or a gateway, and the endpoints of those that use EDS. */
export function proxyClusters(
  proxy: Proxy, proxyConfig: MeshProxyConfig, services: readonly Service[], mesh: ClusterMesh, notes: Note[],
): Clusters {
  const made = outboundClusters(proxy, proxyConfig, services, mesh, notes);
  const { meshConfig } = mesh;
  made.clusters.push(blackHoleCluster(meshConfig));
  if (proxy.type === 'sidecar') made.clusters.push(passthroughCluster({ meshConfig, proxyConfig, proxy }));
  return made;
}

/** The clusters of services that a proxy calls. */
export function outboundClusters(
  proxy: Proxy, proxyConfig: MeshProxyConfig, services: readonly Service[], mesh: ClusterMesh, notes: Note[],
): Clusters {
  const context: ClusterContext = { ...mesh, proxy, proxyConfig, notes: new ClusterNotes(proxy, notes) };
  const clusters: Cluster[] = [];
  const endpoints: { [cluster: string]: string[] } = {};
  const subsetLabels: { [cluster: string]: Labels } = {};
  const localities: { [cluster: string]: LocalityPreference } = {};
  for (const service of services) {
    const rule = mesh.destinationRules.of(proxy, service);
    const made = serviceClusters(service, rule, context);
    for (const cluster of made) clusters.push(cluster);
    addEndpoints({ endpoints, subsetLabels, localities }, made, service, rule, context);
  }
  return { clusters, endpoints, subsetLabels, localities };
}

/** What is known of the clusters with endpoints. */
interface Assignments {
  readonly endpoints: { [cluster: string]: string[] };
  readonly subsetLabels: { [cluster: string]: Labels };
  readonly localities: { [cluster: string]: LocalityPreference };
}

function addEndpoints(
  { endpoints, subsetLabels, localities }: Assignments,
  made: readonly Cluster[], service: Service, rule: DestinationRule | undefined, context: ClusterContext,
): void {
  const types = new Map(made.filter(({ type }) => type !== undefined && type !== 'ORIGINAL_DST').map(({ name, type }) => [name, type]));
  if (types.size === 0) return;
  for (const port of service.ports) {
    for (const subset of [undefined, ...rule?.subsets ?? []]) {
      const name = clusterName(service.host, port.number, subset?.name);
      const type = types.get(name);
      if (!types.delete(name)) continue;
      const assignment = endpointAssignment(service, port, rule, subset, context);
      if (assignment.preference) localities[name] = assignment.preference;
      if (type !== 'EDS') continue;
      endpoints[name] = assignment.localities.flatMap(locality => locality.endpoints.map(addressOf));
      if (subset) subsetLabels[name] = subset.labels ?? {};
    }
  }
}
