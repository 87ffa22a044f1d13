import type { HttpConnectionManager } from './xds/http-connection-manager';
import type { FilterChain, Listener } from './xds/listener';
import type { TcpProxy } from './xds/network-filters';

/** All filter chains of a listener, the default chain last. */
export function filterChainsOf({ filterChains = [], defaultFilterChain }: Listener): readonly FilterChain[] {
  return defaultFilterChain ? [...filterChains, defaultFilterChain] : filterChains;
}

/** The HTTP connection manager of a chain; undefined if the chain reads no HTTP. */
export function connectionManagerOf({ filters = [] }: FilterChain): HttpConnectionManager | undefined {
  return filters.find(filter => filter.name === 'envoy.filters.network.http_connection_manager')?.typedConfig;
}

/** The TCP proxy of a chain; undefined if the chain reads HTTP. */
export function tcpProxyOf({ filters = [] }: FilterChain): TcpProxy | undefined {
  return filters.find(filter => filter.name === 'envoy.filters.network.tcp_proxy')?.typedConfig;
}
