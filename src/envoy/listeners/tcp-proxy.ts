import type { RouteDestination, TunnelSettings } from '../../manifest/istio-specs.generated';
import { clusterName, destinationCluster } from '../cluster-name';
import { dnsCache, isForwardProxy } from '../clusters/forward-proxy';
import type { DestinationRule } from '../destination-rules';
import { message, typed } from '../message';
import type { Protocol } from '../protocol';
import type { ProxyScope } from '../proxy-scope';
import { domainName } from '../routes/domains';
import type { Service } from '../service';
import type { VirtualService } from '../virtual-service';
import type { AccessLog } from '../xds/access-log';
import type { NetworkFilter } from '../xds/listener';
import type { MongoProxy, SniDynamicForwardProxy, TcpProxy, TunnelingConfig } from '../xds/network-filters';
import { durationOf } from '../xds/proto-values';

/** Envoy's TCP proxy for a cluster, with its access log. */
export function tcpProxy(cluster: string, accessLog: readonly AccessLog[], fields: Partial<TcpProxy> = {}): NetworkFilter {
  const typedConfig = typed<TcpProxy>('envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy', {
    statPrefix: cluster, cluster, accessLog, ...fields,
  });
  return { name: 'envoy.filters.network.tcp_proxy', typedConfig };
}

/** What the filters of a TCP port depend on. */
export interface ConnectionContext {
  readonly scope: ProxyScope;
  readonly accessLog: readonly AccessLog[];
  /** The port to which the caller connects. */
  readonly port: number;
  readonly protocol: Protocol;
}

/** The filter that looks up the SNI of a connection. */
export const NAME_LOOKUP = 'envoy.extensions.filters.network.sni_dynamic_forward_proxy';

/** The filters of a TCP service that no VirtualService routes. */
export function serviceFilters(service: Service, port: number, context: ConnectionContext): NetworkFilter[] {
  const cluster = clusterName(service.host, port);
  const proxy = tcpProxy(cluster, context.accessLog, policyFields(context.scope.destinationRule(service.host), ''));
  const filters = withProtocol(proxy, cluster, context.protocol);
  return isForwardProxy(service) ? [nameLookup(service, context.port), ...filters] : filters;
}

function nameLookup(service: Service, portValue: number): NetworkFilter {
  const typedConfig = typed<SniDynamicForwardProxy>('envoy.extensions.filters.network.sni_dynamic_forward_proxy.v3.FilterConfig', {
    dnsCacheConfig: dnsCache(service), portValue,
  });
  return { name: NAME_LOOKUP, typedConfig };
}

/** The filters of a TCP or TLS route. The policy of the first destination applies to all. */
export function routeFilters(
  routes: readonly RouteDestination[], { name, namespace }: VirtualService, context: ConnectionContext,
): NetworkFilter[] {
  const { scope, accessLog, port, protocol } = context;
  const clusterOf = ({ destination }: RouteDestination) => destinationCluster(destination, scope.service(destination?.host ?? ''), port);
  const [first] = routes;
  const rule = scope.destinationRule(first.destination?.host ?? '');
  if (routes.length === 1) {
    const cluster = clusterOf(first);
    return withProtocol(tcpProxy(cluster, accessLog, policyFields(rule, first.destination?.subset ?? '')), cluster, protocol);
  }
  const statPrefix = `${name}.${namespace}`;
  const clusters = routes.map(route => ({ name: clusterOf(route), weight: route.weight ?? 0 })).filter(({ weight }) => weight > 0);
  const fields = { cluster: undefined, weightedClusters: { clusters }, statPrefix, ...policyFields(rule, '') };
  return withProtocol(tcpProxy('', accessLog, fields), statPrefix, protocol);
}

/** The fields that a DestinationRule sets: timeouts of the host's policy; hash and tunnel also of a subset's. */
export function policyFields(rule: DestinationRule | undefined, subset: string): Partial<TcpProxy> {
  const policy = rule?.trafficPolicy;
  const narrow = rule?.subsets.find(({ name }) => name === subset)?.trafficPolicy;
  const hash = (narrow?.loadBalancer ?? policy?.loadBalancer)?.consistentHash;
  const tunnel = subset === '' ? policy?.tunnel : narrow?.tunnel;
  return {
    idleTimeout: durationOf(policy?.connectionPool?.tcp?.idleTimeout),
    maxDownstreamConnectionDuration: durationOf(policy?.connectionPool?.tcp?.maxConnectionDuration),
    hashPolicy: hash?.useSourceIp === true ? [{ sourceIp: {} }] : undefined,
    tunnelingConfig: tunnel && tunneling(tunnel),
  };
}

function tunneling({ targetHost = '', targetPort = 0, protocol }: TunnelSettings): TunnelingConfig {
  return message({ hostname: domainName(targetHost, targetPort), usePost: protocol === 'POST' || undefined });
}

/** The filters of a protocol. MongoDB has one more filter, for statistics. */
export function withProtocol(proxy: NetworkFilter, statPrefix: string, protocol: Protocol): NetworkFilter[] {
  if (protocol !== 'Mongo') return [proxy];
  const typedConfig = typed<MongoProxy>('envoy.extensions.filters.network.mongo_proxy.v3.MongoProxy', { statPrefix });
  return [{ name: 'envoy.filters.network.mongo_proxy', typedConfig }, proxy];
}
