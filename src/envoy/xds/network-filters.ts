import type { AccessLog } from './access-log';
import type { DnsCacheConfig } from './cluster';
import type { Any } from './core';
import type { Duration, Empty, UInt32Value } from './proto-values';

/** `envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy`: a cluster, or weighted ones. */
export interface TcpProxy extends Any<'envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy'> {
  readonly statPrefix: string;
  readonly cluster?: string;
  readonly weightedClusters?: { readonly clusters: readonly TcpClusterWeight[] };
  readonly accessLog?: readonly AccessLog[];
  readonly idleTimeout?: Duration;
  readonly maxDownstreamConnectionDuration?: Duration;
  readonly hashPolicy?: readonly { readonly sourceIp?: Empty }[];
  readonly tunnelingConfig?: TunnelingConfig;
}

/** `envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy.WeightedCluster.ClusterWeight`. */
export interface TcpClusterWeight {
  readonly name: string;
  readonly weight: number;
}

/** `envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy.TunnelingConfig`. */
export interface TunnelingConfig {
  readonly hostname: string;
  readonly usePost?: boolean;
}

/** `envoy.extensions.filters.network.mongo_proxy.v3.MongoProxy`. */
export interface MongoProxy extends Any<'envoy.extensions.filters.network.mongo_proxy.v3.MongoProxy'> {
  readonly statPrefix: string;
}

/** `envoy.extensions.filters.network.sni_dynamic_forward_proxy.v3.FilterConfig`. */
export interface SniDynamicForwardProxy extends Any<'envoy.extensions.filters.network.sni_dynamic_forward_proxy.v3.FilterConfig'> {
  readonly dnsCacheConfig: DnsCacheConfig;
  readonly portValue?: UInt32Value;
}
