import type { AccessLog } from './access-log';
import type { Address, Any, CidrRange, Metadata, TypedExtensionConfig } from './core';
import type { NetworkExtAuthz } from './ext-authz';
import type { HttpConnectionManager } from './http-connection-manager';
import type { Matcher } from './matcher-tree';
import type { MongoProxy, SniDynamicForwardProxy, TcpProxy } from './network-filters';
import type { Duration, Empty, UInt32Value } from './proto-values';
import type { NetworkRbac } from './rbac';
import type { DownstreamTransportSocket } from './transport-sockets';

/** `envoy.config.listener.v3.Listener`. */
export interface Listener {
  readonly name: string;
  readonly address?: Address;
  readonly additionalAddresses?: readonly { readonly address: Address }[];
  readonly filterChains?: readonly FilterChain[];
  readonly defaultFilterChain?: FilterChain;
  readonly listenerFilters?: readonly ListenerFilter[];
  readonly listenerFiltersTimeout?: Duration;
  readonly continueOnListenerFiltersTimeout?: boolean;
  readonly useOriginalDst?: boolean;
  readonly bindToPort?: boolean;
  readonly perConnectionBufferLimitBytes?: UInt32Value;
  readonly trafficDirection?: 'UNSPECIFIED' | 'INBOUND' | 'OUTBOUND';
  readonly accessLog?: readonly AccessLog[];
  /** Whether connections come from clusters of the proxy, and not from a socket. */
  readonly internalListener?: Empty;
  /** What chooses a filter chain by its name, in place of the conditions of the chains. */
  readonly filterChainMatcher?: Matcher;
  readonly connectionBalanceConfig?: { readonly exactBalance?: Empty };
}

/** `envoy.config.listener.v3.ListenerFilter`. */
export interface ListenerFilter extends TypedExtensionConfig<OriginalDst | TlsInspector | HttpInspector | ProxyProtocol> {
  /** The connections that it does not inspect. */
  readonly filterDisabled?: ListenerFilterChainMatchPredicate;
}

/** `envoy.config.listener.v3.ListenerFilterChainMatchPredicate`: one of its rules is set. */
export interface ListenerFilterChainMatchPredicate {
  readonly orMatch?: { readonly rules: readonly ListenerFilterChainMatchPredicate[] };
  readonly notMatch?: ListenerFilterChainMatchPredicate;
  /** From `start` to below `end`. */
  readonly destinationPortRange?: { readonly start?: number; readonly end?: number };
}

/** `envoy.config.listener.v3.FilterChain`. */
export interface FilterChain {
  readonly name?: string;
  readonly filterChainMatch?: FilterChainMatch;
  readonly filters?: readonly NetworkFilter[];
  readonly transportSocket?: DownstreamTransportSocket;
  readonly transportSocketConnectTimeout?: Duration;
  readonly metadata?: Metadata;
}

/** `envoy.config.listener.v3.FilterChainMatch`. */
export interface FilterChainMatch {
  readonly destinationPort?: UInt32Value;
  readonly prefixRanges?: readonly CidrRange[];
  readonly serverNames?: readonly string[];
  readonly transportProtocol?: string;
  readonly applicationProtocols?: readonly string[];
}

/** `envoy.config.listener.v3.Filter`, by the filter's name. */
export type NetworkFilter =
  | TypedExtensionConfig<HttpConnectionManager, 'envoy.filters.network.http_connection_manager'>
  | TypedExtensionConfig<NetworkRbac, 'envoy.filters.network.rbac'>
  | TypedExtensionConfig<NetworkExtAuthz, 'envoy.filters.network.ext_authz'>
  | TypedExtensionConfig<TcpProxy, 'envoy.filters.network.tcp_proxy'>
  | TypedExtensionConfig<MongoProxy, 'envoy.filters.network.mongo_proxy'>
  | TypedExtensionConfig<SniDynamicForwardProxy, 'envoy.extensions.filters.network.sni_dynamic_forward_proxy'>;

/** `envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol`. */
export type ProxyProtocol = Any<'envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol'>;

/** `envoy.extensions.filters.listener.original_dst.v3.OriginalDst`. */
export type OriginalDst = Any<'envoy.extensions.filters.listener.original_dst.v3.OriginalDst'>;

/** `envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector`. */
export interface TlsInspector extends Any<'envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector'> {
  readonly initialReadBufferSize?: UInt32Value;
}

/** `envoy.extensions.filters.listener.http_inspector.v3.HttpInspector`. */
export type HttpInspector = Any<'envoy.extensions.filters.listener.http_inspector.v3.HttpInspector'>;
