import type { ChainPlan } from './filter-chain';
import { NAME_LOOKUP } from './tcp-proxy';
import type { MeshProxyConfig, PathNormalization } from '../mesh-config';
import { typed } from '../message';
import type { ProxyScope } from '../proxy-scope';
import type { AccessLog } from '../xds/access-log';
import type { Address } from '../xds/core';
import type { HttpFilter } from '../xds/http-connection-manager';
import type { HttpInspector, ListenerFilter, NetworkFilter, TlsInspector } from '../xds/listener';
import type { Tracing } from '../xds/tracing';

export const WILDCARD = '0.0.0.0';
/** The application protocols of plaintext HTTP. */
export const PLAIN_HTTP = ['http/1.1', 'h2c'];

/** The filters of one proxy that decide who may call. */
export interface AccessFilters {
  readonly http: readonly HttpFilter[];
  readonly network: readonly NetworkFilter[];
}

/** What the listeners of one proxy are made of. */
export interface ListenerSettings {
  readonly scope: ProxyScope;
  readonly accessLog: readonly AccessLog[];
  readonly tracing?: Tracing;
  readonly proxyConfig: MeshProxyConfig;
  readonly pathNormalization?: PathNormalization;
  /** The filters that decide who may call. Outbound listeners have none. */
  readonly access: AccessFilters;
  /** The names by which callers may reach a host. */
  readonly names: (host: string) => readonly string[];
}

const TLS_INSPECTOR: ListenerFilter = {
  name: 'envoy.filters.listener.tls_inspector',
  typedConfig: typed<TlsInspector>('envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector', { initialReadBufferSize: 512 }),
};
const HTTP_INSPECTOR: ListenerFilter = {
  name: 'envoy.filters.listener.http_inspector',
  typedConfig: typed<HttpInspector>('envoy.extensions.filters.listener.http_inspector.v3.HttpInspector', {}),
};

/** An address to bind to: an IP address and a port, or the path of a Unix socket. */
export function socketAddress(address: string, portValue: number): Address {
  return address.startsWith('unix://') ? { pipe: { path: address.slice('unix://'.length) } } : { socketAddress: { address, portValue } };
}

/** The listener filters that inspect a connection before its chain is chosen. */
export function inspectors(chains: readonly ChainPlan[]): ListenerFilter[] {
  return [
    ...chains.some(needsServerName) ? [TLS_INSPECTOR] : [],
    ...chains.some(({ applicationProtocols = [] }) => applicationProtocols.length > 0) ? [HTTP_INSPECTOR] : [],
  ];
}

function needsServerName({ serverNames = [], transportSocket, filters }: ChainPlan): boolean {
  return serverNames.length > 0 || transportSocket !== undefined || filters.some(({ name }) => name === NAME_LOOKUP);
}
