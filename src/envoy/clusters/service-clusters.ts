import type { ClusterPolicy } from './cluster-policy';
import { clusterPolicy, withMeshDefaults } from './cluster-policy';
import { clusterTls } from './cluster-tls';
import type { Discovery } from './discovery';
import { discoveryFields, discoveryOf } from './discovery';
import { forwardProxyType, isForwardProxy, mayForward } from './forward-proxy';
import { typedHttpOptions } from './http-options';
import { balancing, isPassthrough } from './load-balancer';
import type { ClusterContext, Target } from './target';
import type { Tls } from './upstream-tls';
import type { Subset } from '../../manifest/istio-specs.generated';
import { clusterName } from '../cluster-name';
import type { DestinationRule } from '../destination-rules';
import { ADS } from '../message';
import type { Service } from '../service';
import { policyOfPort, policyOfSubset } from '../traffic-policy';
import type { Cluster, LoadBalancing } from '../xds/cluster';

const CLUSTER_PROVIDED: LoadBalancing = Object.freeze({ lbPolicy: 'CLUSTER_PROVIDED' });

const DRAINING_TOO = Object.freeze({ statuses: Object.freeze(['HEALTHY', 'DRAINING', 'UNKNOWN', 'DEGRADED']) });

/** The clusters of a service: one per port, and one per subset and port. */
export function serviceClusters(service: Service, rule: DestinationRule | undefined, context: ClusterContext): Cluster[] {
  if (service.resolution === 'ALIAS') return [];
  const subjectAltNames = context.registry.subjectAltNames(service);
  return service.ports.filter(({ protocol }) => protocol !== 'UDP')
    .flatMap(port => portClusters({ service, port, rule, subjectAltNames }, context));
}

/** The clusters of one port of a service: its own, and one per subset. */
export function clustersAt(number: number, service: Service, rule: DestinationRule | undefined, context: ClusterContext): Cluster[] {
  const { resolution, ports } = service;
  const port = resolution === 'ALIAS' ? undefined : ports.find(each => each.number === number && each.protocol !== 'UDP');
  return port ? portClusters({ service, port, rule, subjectAltNames: context.registry.subjectAltNames(service) }, context) : [];
}

function portClusters(target: Target, context: ClusterContext): Cluster[] {
  const { service, port, rule } = target;
  const policy = withMeshDefaults(policyOfPort(rule?.trafficPolicy, port.number), context.meshConfig);
  const portPolicy = clusterPolicy(policy, target, context);
  if (isForwardProxy(service)) return mayForward(port) ? [forwardCluster(target, portPolicy, context)] : [];
  const discovery = discoveryOf(service, context.proxy);
  const whole = endpointCluster(target, undefined, discovery, portPolicy, context);
  if (whole === undefined) return [];
  const sticky = { ...whole, commonLbConfig: { ...whole.commonLbConfig, overrideHostStatus: DRAINING_TOO } };
  const clusters = [keepsSessions(service) ? sticky : whole];
  for (const subset of rule?.subsets ?? []) {
    const own = policyOfSubset(policy, subset.trafficPolicy, port.number);
    const passes = isPassthrough(policy?.loadBalancer) || isPassthrough(subset.trafficPolicy?.loadBalancer);
    const subsetPolicy = own === policy ? portPolicy : clusterPolicy(own, target, context);
    const cluster = endpointCluster(target, subset, passes ? 'ORIGINAL_DST' : discovery, subsetPolicy, context);
    if (cluster) clusters.push(cluster);
  }
  return clusters;
}

/** Whether requests of a session still reach an endpoint that is draining. */
function keepsSessions({ labels }: Service): boolean {
  return Boolean(labels['istio.io/persistent-session'] || labels['istio.io/persistent-session-header']);
}

function endpointCluster(
  target: Target, subset: Subset | undefined, discovery: Discovery, portPolicy: ClusterPolicy, context: ClusterContext,
): Cluster | undefined {
  const { policy } = portPolicy;
  const name = clusterName(target.service.host, target.port.number, subset?.name);
  const found = discoveryFields(name, target, subset, discovery, policy, context);
  if (found === undefined) {
    context.notes.ofNothingToLookUp(target.service, name);
    return undefined;
  }
  const type = isPassthrough(policy?.loadBalancer) ? 'ORIGINAL_DST' : discovery;
  const isOriginal = type === 'ORIGINAL_DST';
  const lb = isOriginal ? CLUSTER_PROVIDED : balancing(policy?.loadBalancer);
  const eds = type === 'EDS' ? { edsClusterConfig: { edsConfig: ADS, serviceName: name } } : undefined;
  const tls = clusterTls(name, target, subset, portPolicy, isOriginal, context);
  return { name, type, ...portPolicy.fields, ...lb, ...found, ...eds, ...transport(tls, portPolicy) };
}

function forwardCluster(target: Target, portPolicy: ClusterPolicy, context: ClusterContext): Cluster {
  const name = clusterName(target.service.host, target.port.number);
  context.notes.ofForwardProxy(target.service, target.rule, portPolicy.policy);
  const tls = clusterTls(name, target, undefined, portPolicy, false, context);
  const clusterType = forwardProxyType(target.service, tls);
  return { name, clusterType, ...portPolicy.fields, ...CLUSTER_PROVIDED, ...transport(tls, portPolicy) };
}

/** The fields of a cluster that set the protocols of its connections. */
type Transport = Pick<Cluster, 'transportSocket' | 'transportSocketMatches' | 'typedExtensionProtocolOptions'>;

function transport({ transportSocket, transportSocketMatches, upstreamHttpProtocolOptions }: Tls, { http }: ClusterPolicy): Transport {
  return {
    ...(transportSocket ? { transportSocket } : {}),
    ...(transportSocketMatches ? { transportSocketMatches } : {}),
    ...typedHttpOptions(upstreamHttpProtocolOptions ? { ...http, upstreamHttpProtocolOptions } : http),
  };
}
