import type { HttpConnectionManager } from './xds/http-connection-manager';
import type { FilterChain, Listener } from './xds/listener';
import type { TcpProxy } from './xds/network-filters';

/** All filter chains of a listener, the one for other connections last. */
export function filterChainsOf({ filterChains = [], defaultFilterChain }: Listener): readonly FilterChain[] {
  return defaultFilterChain ? [...filterChains, defaultFilterChain] : filterChains;
}

/** The connection manager of a chain that speaks HTTP. */
export function connectionManagerOf({ filters = [] }: FilterChain): HttpConnectionManager | undefined {
  return filters.find(filter => filter.name === 'envoy.filters.network.http_connection_manager')?.typedConfig;
}

/** The proxy of a chain that hands bytes on. */
export function tcpProxyOf({ filters = [] }: FilterChain): TcpProxy | undefined {
  return filters.find(filter => filter.name === 'envoy.filters.network.tcp_proxy')?.typedConfig;
}
