import { internalUpstream } from './internal-upstream';
import { vipClusterName, vipProtocols } from './waypoint-destinations';
import type { VipProtocol } from './waypoint-destinations';
import type { Subset, TrafficPolicy } from '../../manifest/istio-specs.generated';
import { clusterPolicy } from '../clusters/cluster-policy';
import { discoveryFields, discoveryOf, racesConnections } from '../clusters/discovery';
import type { HttpOptions } from '../clusters/http-options';
import { typedHttpOptions } from '../clusters/http-options';
import { balancing, isPassthrough } from '../clusters/load-balancer';
import { withProxyProtocol } from '../clusters/proxy-protocol';
import type { ClusterContext, Target } from '../clusters/target';
import type { Tls } from '../clusters/upstream-tls';
import { upstreamTls } from '../clusters/upstream-tls';
import type { DestinationRule } from '../destination-rules';
import { ADS } from '../message';
import { isHttp2 } from '../protocol';
import type { Service, ServicePort } from '../service';
import { policyOfPort, policyOfSubset } from '../traffic-policy';
import type { Cluster } from '../xds/cluster';

/** A cluster of a waypoint, with what its endpoints are chosen by. */
export interface VipCluster {
  readonly cluster: Cluster;
  readonly port: ServicePort;
  readonly subset?: Subset;
}

/** The clusters of a service that a waypoint serves: per port, protocol and subset. MeshConfig's default policy does not apply to them. */
export function vipClusters(service: Service, rule: DestinationRule | undefined, context: ClusterContext): VipCluster[] {
  return service.ports.flatMap(port => {
    const target: Target = { service, port, rule, subjectAltNames: [] };
    const policy = policyOfPort(rule?.trafficPolicy, port.number);
    return [undefined, ...rule?.subsets ?? []].flatMap(subset => {
      const own = subset === undefined ? policy : policyOfSubset(policy, subset.trafficPolicy, port.number);
      return vipProtocols(port.protocol).flatMap(protocol => {
        const cluster = vipCluster(target, protocol, subset, own, context);
        return cluster ? [{ cluster, port, ...subset && { subset } }] : [];
      });
    });
  });
}

function vipCluster(
  target: Target, protocol: VipProtocol, subset: Subset | undefined, policy: TrafficPolicy | undefined, context: ClusterContext,
): Cluster | undefined {
  const { service, port } = target;
  const name = vipClusterName(service.host, port.number, protocol, subset?.name);
  const discovery = discoveryOf(service, context.proxy);
  // For names that DNS resolves, istiod gives every subset all endpoints.
  const found = discoveryFields(name, target, undefined, discovery, policy, context);
  if (found === undefined) {
    context.notes.ofNothingToLookUp(service, name);
    return undefined;
  }
  const { fields: { filters: _, commonLbConfig, ...fields }, http: stated } = clusterPolicy(policy, target, context);
  const http = isHttp2(port.protocol) ? stated : withoutHttp2Settings(stated);
  const type = isPassthrough(policy?.loadBalancer) ? 'ORIGINAL_DST' : discovery;
  const lb = type === 'ORIGINAL_DST' ? { lbPolicy: 'CLUSTER_PROVIDED' as const } : balancing(policy?.loadBalancer);
  const eds = type === 'EDS' ? { edsClusterConfig: { edsConfig: ADS, serviceName: name } } : {};
  const tls = tlsToPods(name, target, policy, http, context);
  const options = tls.upstreamHttpProtocolOptions ? { ...http, upstreamHttpProtocolOptions: tls.upstreamHttpProtocolOptions } : http;
  return {
    name,
    type,
    ...fields,
    commonLbConfig: withStatedPanic(commonLbConfig, policy),
    ...lb,
    ...found,
    ...eds,
    transportSocket: internalUpstream(tls.transportSocket, ['envoy.filters.listener.original_dst', 'istio']),
    ...typedHttpOptions(options),
    ...racesConnections(service) && { dnsLookupFamily: 'ALL' as const },
  };
}

/** At a waypoint, `minHealthPercent` also applies to a service that prefers near endpoints. */
function withStatedPanic(stated: Cluster['commonLbConfig'], policy: TrafficPolicy | undefined): Cluster['commonLbConfig'] {
  const value = policy?.outlierDetection?.minHealthPercent;
  return value ? { ...stated, healthyPanicThreshold: { value } } : stated;
}

/** istiod applies the settings of the pool before a policy upgrades the protocol, so that those of HTTP/2 are lost. */
function withoutHttp2Settings(http: HttpOptions): HttpOptions {
  return http.explicitHttpConfig?.http2ProtocolOptions ? { ...http, explicitHttpConfig: { http2ProtocolOptions: {} } } : http;
}

/** The TLS that pods get within the tunnel: none but what a policy asks for. The tunnel itself has mutual TLS. */
function tlsToPods(
  name: string, target: Target, policy: TrafficPolicy | undefined, http: HttpOptions, context: ClusterContext,
): Tls {
  const { mode } = policy?.tls ?? {};
  const stated = mode === 'SIMPLE' || mode === 'MUTUAL' ? policy?.tls : undefined;
  if (stated) context.notes.ofTls(name, target.rule, stated);
  const tls = upstreamTls({
    stated,
    serverName: undefined,
    clusterName: name,
    subjectAltNames: [],
    isAutomatic: false,
    isOriginal: false,
    isServiceEntry: false,
    isForwardProxy: false,
    mayNameCredentials: true,
    http,
    mesh: context.meshConfig,
  });
  return policy?.proxyProtocol ? withProxyProtocol(tls, policy.proxyProtocol) : tls;
}
