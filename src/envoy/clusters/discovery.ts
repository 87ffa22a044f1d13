import { byLocality, loadAssignment } from './load-assignment';
import { isPassthrough } from './load-balancer';
import { applyLocalities, goesByLabels, localityBalancingOf } from './locality-load-balancer';
import type { ClusterContext, Target } from './target';
import type { Subset, TrafficPolicy } from '../../manifest/istio-specs.generated';
import { selects } from '../../manifest/labels';
import type { Proxy } from '../proxy';
import type { Service } from '../service';
import type { Cluster, DiscoveryType, DnsSettings } from '../xds/cluster';
import { durationOf } from '../xds/proto-values';

/** How a cluster finds its endpoints. */
export type Discovery = Exclude<DiscoveryType, 'STATIC'>;

/** How the clusters of a service find endpoints, unless a policy is PASSTHROUGH. Connections of a gateway have no original destination. */
export function discoveryOf(service: Service, proxy: Proxy): Discovery {
  switch (service.resolution) {
    case 'DNS': return racesConnections(service) ? 'LOGICAL_DNS' : 'STRICT_DNS';
    case 'DNS_ROUND_ROBIN': return 'LOGICAL_DNS';
    case 'NONE': return proxy.type === 'gateway' ? 'EDS' : 'ORIGINAL_DST';
    default: return 'EDS';
  }
}

/** Whether Envoy connects to the first address that answers, of all that DNS returns. */
export function racesConnections({ object: { metadata: { annotations = {} } } }: Service): boolean {
  return annotations['istio.io/connect-strategy']?.toUpperCase() === 'RACE_FIRST_TCP_CONNECT';
}

const RESOLVER: DnsSettings['typedDnsResolverConfig'] = Object.freeze({
  name: 'envoy.network.dns_resolver.cares',
  typedConfig: Object.freeze({
    '@type': 'type.googleapis.com/envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig', 'udpMaxQueries': 100,
  } as const),
});

/** The fields of a cluster that locate its endpoints. */
type FoundEndpoints = DnsSettings & Pick<Cluster, 'loadAssignment' | 'originalDstLbConfig'>;

/** The endpoints of a cluster, or how to find them. Undefined if DNS has no name to look up: istiod leaves out such a cluster. */
export function discoveryFields(
  name: string, target: Target, subset: Subset | undefined, discovery: Discovery, policy: TrafficPolicy | undefined,
  context: ClusterContext,
): FoundEndpoints | undefined {
  const { service, port } = target;
  if (discovery === 'ORIGINAL_DST') {
    const upstreamPortOverride = service.targetPorts?.get(port.number);
    return upstreamPortOverride === undefined ? {} : { originalDstLbConfig: { upstreamPortOverride } };
  }
  if (discovery === 'EDS') return {};
  const all = context.registry.endpoints(service, port);
  const labels = subset?.labels ?? {};
  const found = byLocality(Object.keys(labels).length === 0 ? all : all.filter(endpoint => selects(labels, endpoint.labels)));
  if (found.length === 0) return undefined;
  const balancing = localityBalancingOf(context.proxy, policy?.loadBalancer, service, context.meshConfig);
  const detects = policy?.outlierDetection !== undefined;
  if (subset === undefined && found.length > 1 && goesByLabels(balancing, detects)) {
    context.notes.ofLabelsInSeveralLocalities(service, target.rule);
  }
  // istiod keeps the labels of endpoints only for whole services.
  const localities = applyLocalities(found, balancing, detects, context.proxy, subset === undefined ? found : []);
  return {
    dnsLookupFamily: racesConnections(service) ? 'ALL' : 'V4_ONLY',
    dnsRefreshRate: durationOf(context.meshConfig.dnsRefreshRate),
    dnsJitter: '0.100s',
    respectDnsTtl: true,
    typedDnsResolverConfig: RESOLVER,
    ...(isPassthrough(policy?.loadBalancer) ? {} : { loadAssignment: loadAssignment(name, localities) }),
  };
}
