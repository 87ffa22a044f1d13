import type { ClusterPolicy } from './cluster-policy';
import { isForwardProxy } from './forward-proxy';
import { isPassthrough } from './load-balancer';
import { withProxyProtocol } from './proxy-protocol';
import type { ClusterContext, Target } from './target';
import { orTunnel } from './tunnel-matches';
import type { Tls } from './upstream-tls';
import { upstreamTls } from './upstream-tls';
import type { Subset, TrafficPolicy } from '../../manifest/istio-specs.generated';

/** The transport of one cluster: the policy's TLS, else mutual TLS to the endpoints that accept it. */
export function clusterTls(
  name: string, target: Target, subset: Subset | undefined, { policy, http }: ClusterPolicy, isOriginal: boolean, context: ClusterContext,
): Tls {
  const { service, port, rule } = target;
  const isForward = isForwardProxy(service);
  context.notes.ofTls(name, rule, policy?.tls);
  const tls = upstreamTls({
    stated: policy?.tls,
    serverName: isForward ? undefined : `outbound_.${port.number}_.${subset?.name ?? ''}_.${service.host}`,
    clusterName: name,
    subjectAltNames: isForward ? [] : target.subjectAltNames, // istiod leaves them out there
    isAutomatic: policy?.tls === undefined && isAutomatic(target, subset ? subset.trafficPolicy : rule?.trafficPolicy, context),
    isOriginal,
    isServiceEntry: service.registry === 'External',
    isForwardProxy: isForward,
    mayNameCredentials: context.proxy.type !== 'sidecar' || rule?.selector !== undefined,
    http,
    mesh: context.meshConfig,
  });
  const own = context.proxy.type === 'waypoint' ? orTunnel(tls, policy?.tls, isOriginal) : tls;
  return policy?.proxyProtocol ? withProxyProtocol(own, policy.proxyProtocol) : own;
}

/** Whether istiod sets mutual TLS by itself. Where connections keep their original destination, every endpoint must accept it. */
function isAutomatic({ service, port }: Target, policy: TrafficPolicy | undefined, context: ClusterContext): boolean {
  const { meshConfig, registry, peerAuthentications } = context;
  if (service.meshExternal || !meshConfig.enableAutoMtls) return false;
  if (service.resolution === 'NONE' || isPassthrough(policy?.loadBalancer)) {
    const endpoints = registry.endpointsAt(service, port.number);
    if (endpoints.length === 0 || endpoints.some(({ mutualTls }) => !mutualTls)) return false;
  }
  return peerAuthentications.mode(service.namespace) !== 'DISABLE';
}
