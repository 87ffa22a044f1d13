import type {
  Address, Any, ConfigSource, Http1ProtocolOptions, Http2ProtocolOptions, HttpProtocolOptions, Locality, Metadata, SocketAddress,
  TcpKeepalive, TypedExtensionConfig, UpstreamHttpProtocolOptions,
} from './core';
import type { Duration, Empty, Percent, RuntimeDouble, Struct, UInt32Value, UInt64Value } from './proto-values';
import type { TransportSocketMatch, UpstreamTransportSocket } from './transport-sockets';

/** `envoy.config.cluster.v3.Cluster`. */
export interface Cluster extends LoadBalancing, DnsSettings {
  readonly name: string;
  readonly altStatName?: string;
  readonly type?: DiscoveryType;
  readonly clusterType?: TypedExtensionConfig<DynamicForwardProxyClusterConfig>;
  readonly edsClusterConfig?: { readonly edsConfig: ConfigSource; readonly serviceName?: string };
  readonly loadAssignment?: ClusterLoadAssignment;
  /** Absent: 5 seconds. */
  readonly connectTimeout?: Duration;
  readonly circuitBreakers?: CircuitBreakers;
  readonly outlierDetection?: OutlierDetection;
  readonly commonLbConfig?: CommonLbConfig;
  readonly upstreamConnectionOptions?: { readonly tcpKeepalive?: TcpKeepalive };
  readonly upstreamBindConfig?: BindConfig;
  readonly cleanupInterval?: Duration;
  readonly transportSocket?: UpstreamTransportSocket;
  readonly transportSocketMatches?: readonly TransportSocketMatch[];
  readonly typedExtensionProtocolOptions?: {
    readonly 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions'?: UpstreamsHttpProtocolOptions;
  };
  readonly filters?: readonly TypedExtensionConfig<TypedStruct>[];
  readonly metadata?: Metadata;
}

/** `envoy.config.core.v3.BindConfig`. */
export interface BindConfig { readonly sourceAddress?: SocketAddress }

/** `envoy.config.cluster.v3.Cluster.DiscoveryType`. */
export type DiscoveryType = 'STATIC' | 'STRICT_DNS' | 'LOGICAL_DNS' | 'EDS' | 'ORIGINAL_DST';

/** The fields of a cluster by which it chooses an endpoint. */
export interface LoadBalancing {
  /** Absent: `ROUND_ROBIN`. */
  readonly lbPolicy?: 'ROUND_ROBIN' | 'LEAST_REQUEST' | 'RING_HASH' | 'RANDOM' | 'MAGLEV' | 'CLUSTER_PROVIDED';
  readonly roundRobinLbConfig?: { readonly slowStartConfig?: SlowStartConfig };
  readonly leastRequestLbConfig?: { readonly slowStartConfig?: SlowStartConfig };
  readonly ringHashLbConfig?: { readonly minimumRingSize?: UInt64Value };
  readonly maglevLbConfig?: { readonly tableSize?: UInt64Value };
  readonly originalDstLbConfig?: {
    readonly upstreamPortOverride?: UInt32Value;
    /** The metadata of a connection that states another address. */
    readonly metadataKey?: { readonly key: string; readonly path: readonly { readonly key: string }[] };
  };
}

/** The fields of a cluster that looks its endpoints up by DNS. */
export interface DnsSettings {
  readonly dnsLookupFamily?: 'AUTO' | 'V4_ONLY' | 'V6_ONLY' | 'V4_PREFERRED' | 'ALL';
  readonly dnsRefreshRate?: Duration;
  readonly dnsJitter?: Duration;
  readonly respectDnsTtl?: boolean;
  readonly typedDnsResolverConfig?: TypedExtensionConfig<CaresDnsResolverConfig>;
}

/** `envoy.config.cluster.v3.Cluster.SlowStartConfig`. */
export interface SlowStartConfig {
  readonly slowStartWindow?: Duration;
  readonly aggression?: RuntimeDouble;
  readonly minWeightPercent?: Percent;
}

/** `envoy.config.cluster.v3.Cluster.CommonLbConfig`. */
export interface CommonLbConfig {
  /** Absent: 50 %. */
  readonly healthyPanicThreshold?: Percent;
  readonly localityWeightedLbConfig?: Empty;
  readonly zoneAwareLbConfig?: { readonly routingEnabled?: Percent; readonly minClusterSize?: UInt64Value };
  readonly overrideHostStatus?: { readonly statuses: readonly string[] };
  readonly updateMergeWindow?: Duration;
}

/** `envoy.config.cluster.v3.CircuitBreakers`. */
export interface CircuitBreakers { readonly thresholds?: readonly Thresholds[] }

/** `envoy.config.cluster.v3.CircuitBreakers.Thresholds`. */
export interface Thresholds {
  /** Absent: `DEFAULT`. */
  readonly priority?: 'DEFAULT' | 'HIGH';
  readonly maxConnections?: UInt32Value;
  readonly maxPendingRequests?: UInt32Value;
  readonly maxRequests?: UInt32Value;
  readonly maxRetries?: UInt32Value;
  readonly retryBudget?: RetryBudget;
  readonly trackRemaining?: boolean;
}

/** `envoy.config.cluster.v3.CircuitBreakers.Thresholds.RetryBudget`. */
export interface RetryBudget {
  /** Absent: 20 %. */
  readonly budgetPercent?: Percent;
  readonly budgetInterval?: Duration;
  /** Absent: 3. */
  readonly minRetryConcurrency?: UInt32Value;
}

/** `envoy.config.cluster.v3.OutlierDetection`. */
export interface OutlierDetection {
  readonly consecutive5xx?: UInt32Value;
  readonly enforcingConsecutive5xx?: UInt32Value;
  readonly consecutiveGatewayFailure?: UInt32Value;
  readonly enforcingConsecutiveGatewayFailure?: UInt32Value;
  readonly splitExternalLocalOriginErrors?: boolean;
  readonly consecutiveLocalOriginFailure?: UInt32Value;
  readonly enforcingConsecutiveLocalOriginFailure?: UInt32Value;
  readonly enforcingLocalOriginSuccessRate?: UInt32Value;
  readonly enforcingSuccessRate?: UInt32Value;
  readonly interval?: Duration;
  readonly baseEjectionTime?: Duration;
  readonly maxEjectionTime?: Duration;
  readonly maxEjectionPercent?: UInt32Value;
}

/** `envoy.config.endpoint.v3.ClusterLoadAssignment`. */
export interface ClusterLoadAssignment {
  readonly clusterName: string;
  readonly endpoints?: readonly LocalityLbEndpoints[];
}

/** `envoy.config.endpoint.v3.LocalityLbEndpoints`. */
export interface LocalityLbEndpoints {
  readonly locality?: Locality;
  readonly lbEndpoints?: readonly LbEndpoint[];
  readonly loadBalancingWeight?: UInt32Value;
  readonly priority?: number;
}

/** `envoy.config.endpoint.v3.LbEndpoint`. */
export interface LbEndpoint {
  readonly endpoint: { readonly address: Address };
  readonly loadBalancingWeight?: UInt32Value;
}

/** `envoy.extensions.upstreams.http.v3.HttpProtocolOptions`. */
export interface UpstreamsHttpProtocolOptions extends Any<'envoy.extensions.upstreams.http.v3.HttpProtocolOptions'>, HttpVersions {
  readonly commonHttpProtocolOptions?: HttpProtocolOptions;
  readonly upstreamHttpProtocolOptions?: UpstreamHttpProtocolOptions;
}

/** The fields of `envoy.extensions.upstreams.http.v3.HttpProtocolOptions` that choose a version of HTTP. */
export interface HttpVersions {
  readonly explicitHttpConfig?: VersionOptions;
  readonly useDownstreamProtocolConfig?: VersionOptions;
}

interface VersionOptions {
  readonly httpProtocolOptions?: Http1ProtocolOptions;
  readonly http2ProtocolOptions?: Http2ProtocolOptions;
}

/** `envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig`. */
export interface DynamicForwardProxyClusterConfig extends Any<'envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig'> {
  readonly dnsCacheConfig: DnsCacheConfig;
  readonly allowInsecureClusterOptions?: boolean;
}

/** `envoy.extensions.common.dynamic_forward_proxy.v3.DnsCacheConfig`. */
export interface DnsCacheConfig {
  readonly name: string;
  readonly dnsLookupFamily: 'V4_ONLY';
}

/** `envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig`. */
export interface CaresDnsResolverConfig extends Any<'envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig'> {
  readonly udpMaxQueries?: UInt32Value;
}

/** `udpa.type.v1.TypedStruct`. */
export interface TypedStruct extends Any<'udpa.type.v1.TypedStruct'> {
  readonly typeUrl: string;
  readonly value: Struct;
}
