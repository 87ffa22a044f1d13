import { asProtoDuration } from '../../manifest/duration';
import { clusterName, destinationCluster } from '../cluster-name';
import { dnsCache, isForwardProxy } from '../clusters/forward-proxy';
import { message, typed } from '../message';
import type { Protocol } from '../protocol';
import type { Json } from '../proxy-config';
import type { ProxyScope } from '../proxy-scope';
import { domainName } from '../routes/domains';
import type { Service } from '../service';
import type { VirtualService } from '../virtual-service';

const TYPE = 'envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy';

/** What sends connections on, with the access log of them. */
export function tcpProxy(cluster: string, accessLog: readonly Json[], fields: Json = {}): Json {
  return { name: 'envoy.filters.network.tcp_proxy', typedConfig: typed(TYPE, { statPrefix: cluster, cluster, accessLog, ...fields }) };
}

/** What a listener's connections are made of, beside where they go. */
export interface ConnectionContext {
  readonly scope: ProxyScope;
  readonly accessLog: readonly Json[];
  /** The port that the proxy listens on, as its caller means it. */
  readonly port: number;
  readonly protocol: Protocol;
}

/** What looks up the server name that a connection asks for. */
export const NAME_LOOKUP = 'envoy.extensions.filters.network.sni_dynamic_forward_proxy';

/** The filters of a service's connections, where no VirtualService routes them. */
export function serviceFilters(service: Service, port: number, context: ConnectionContext): Json[] {
  const cluster = clusterName(service.host, port);
  const proxy = tcpProxy(cluster, context.accessLog, policyFields(context.scope.destinationRule(service.host), ''));
  const filters = withProtocol(proxy, cluster, context.protocol);
  return isForwardProxy(service) ? [nameLookup(service, context.port), ...filters] : filters;
}

function nameLookup(service: Service, portValue: number): Json {
  const type = 'envoy.extensions.filters.network.sni_dynamic_forward_proxy.v3.FilterConfig';
  return { name: NAME_LOOKUP, typedConfig: typed(type, { dnsCacheConfig: dnsCache(service), portValue }) };
}

/** The filters of a route's connections. The policy of its first destination holds for all. */
export function routeFilters(routes: readonly Json[], { name, namespace }: VirtualService, context: ConnectionContext): Json[] {
  const { scope, accessLog, port, protocol } = context;
  const clusterOf = ({ destination }: Json) => destinationCluster(destination, scope.service(destination?.host), port);
  const [first] = routes;
  const rule = scope.service(first.destination?.host) && scope.destinationRule(first.destination.host);
  if (routes.length === 1) {
    const cluster = clusterOf(first);
    return withProtocol(tcpProxy(cluster, accessLog, policyFields(rule, first.destination?.subset ?? '')), cluster, protocol);
  }
  const statPrefix = `${name}.${namespace}`;
  const clusters = routes.filter(({ weight }) => weight > 0).map(route => ({ name: clusterOf(route), weight: Number(route.weight) }));
  const fields = { cluster: undefined, weightedClusters: { clusters }, statPrefix, ...policyFields(rule, '') };
  return withProtocol(tcpProxy('', accessLog, fields), statPrefix, protocol);
}

/** What a DestinationRule says of connections themselves: timeouts of the whole, hash and tunnel of a subset too. */
function policyFields(rule: Json | undefined, subset: string): Json {
  const policy = rule?.trafficPolicy;
  const narrow = rule?.subsets?.find(({ name }: Json) => name === subset)?.trafficPolicy;
  const hash = (narrow?.loadBalancer ?? policy?.loadBalancer)?.consistentHash;
  const tunnel = subset === '' ? policy?.tunnel : narrow?.tunnel;
  return {
    idleTimeout: asProtoDuration(policy?.connectionPool?.tcp?.idleTimeout),
    maxDownstreamConnectionDuration: asProtoDuration(policy?.connectionPool?.tcp?.maxConnectionDuration),
    hashPolicy: hash?.useSourceIp === true ? [{ sourceIp: {} }] : undefined,
    tunnelingConfig: tunnel && message({ hostname: domainName(tunnel.targetHost, tunnel.targetPort), usePost: tunnel.protocol === 'POST' || undefined }),
  };
}

/** MongoDB's connections are also looked into, for statistics. */
function withProtocol(proxy: Json, statPrefix: string, protocol: Protocol): Json[] {
  if (protocol !== 'Mongo') return [proxy];
  return [{ name: 'envoy.filters.network.mongo_proxy', typedConfig: typed('envoy.extensions.filters.network.mongo_proxy.v3.MongoProxy', { statPrefix }) }, proxy];
}
