import type { ServedServices } from './served-services';
import { connectOriginateCluster, internalClusters } from './tunnel-clusters';
import { vipClusters } from './vip-clusters';
import { ruleForAll } from './waypoint-routes';
import type { Labels } from '../../manifest/labels';
import { ClusterNotes } from '../clusters/cluster-notes';
import { addressOf } from '../clusters/endpoint-address';
import type { EndpointAssignment } from '../clusters/endpoint-assignments';
import { endpointAssignment } from '../clusters/endpoint-assignments';
import type { LocalityPreference } from '../clusters/locality-load-balancer';
import { outboundClusters } from '../clusters/proxy-clusters';
import type { ClusterContext } from '../clusters/target';
import type { Mesh } from '../mesh';
import type { MeshProxyConfig } from '../mesh-config';
import type { Note } from '../note';
import type { ProxyConfig } from '../proxy-config';
import type { ProxyScope } from '../proxy-scope';
import type { Service } from '../service';
import type { Cluster } from '../xds/cluster';

/** The clusters of a waypoint: for the services that it serves, for others that their routes lead to, and for its tunnels. */
export function waypointClusters(
  scope: ProxyScope, served: ServedServices, proxyConfig: MeshProxyConfig, mesh: Mesh, notes: Note[],
): Pick<ProxyConfig, 'clusters' | 'endpoints' | 'subsetLabels' | 'localities'> {
  const { proxy } = scope;
  const context: ClusterContext = { ...mesh, proxy, proxyConfig, notes: new ClusterNotes(proxy, notes) };
  const outbound = outboundClusters(proxy, proxyConfig, outboundServices(scope, served, mesh), mesh, notes);
  const clusters: Cluster[] = [...outbound.clusters, ...internalClusters()];
  const endpoints: { [cluster: string]: string[] } = { ...outbound.endpoints };
  const subsetLabels: { [cluster: string]: Labels } = { ...outbound.subsetLabels };
  const localities: { [cluster: string]: LocalityPreference } = { ...outbound.localities };
  for (const service of served.all) {
    const rule = ruleForAll(scope, service, mesh);
    for (const { cluster, port, subset } of vipClusters(service, rule, context)) {
      clusters.push(cluster);
      if (cluster.type === undefined || cluster.type === 'ORIGINAL_DST') continue;
      // A service that is not exported to the waypoint's namespace, or has another port there, has clusters without endpoints.
      const seen = cluster.type === 'EDS' ? scope.service(service.host) : service;
      const seenPort = seen?.ports.find(({ number }) => number === port.number);
      const { localities: assigned, preference }: EndpointAssignment = seen && seenPort
        ? endpointAssignment(seen, seenPort, rule, subset, context)
        : { localities: [] };
      if (preference) localities[cluster.name] = preference;
      if (cluster.type !== 'EDS') continue;
      endpoints[cluster.name] = assigned.flatMap(locality => locality.endpoints.map(addressOf));
      if (subset) subsetLabels[cluster.name] = subset.labels ?? {};
    }
  }
  clusters.push(connectOriginateCluster(proxy, mesh.meshConfig));
  return { clusters, endpoints, subsetLabels, localities };
}

/** The services that a waypoint calls as a client: those that routes of its services name, and those of providers. */
function outboundServices({ services }: ProxyScope, served: ServedServices, { virtualServices, meshConfig }: Mesh): Service[] {
  const named = new Set(served.all.flatMap(({ host }) => [...virtualServices.destinationsOf(host)]));
  const external = new Set(served.all.filter(({ meshExternal }) => meshExternal).map(({ host }) => host));
  const providers = new Set(meshConfig.extensionProviders.flatMap(provider => (
    Object.values(provider).flatMap(stated => (hasService(stated) ? [stated.service] : [])))));
  return services.filter(({ host, namespace }) => (
    named.has(host) && (!served.isServed(host) || external.has(host)) || providers.has(host) || providers.has(`${namespace}/${host}`)));
}

function hasService(provider: unknown): provider is { readonly service: string } {
  return typeof provider === 'object' && provider !== null && 'service' in provider && typeof provider.service === 'string';
}
