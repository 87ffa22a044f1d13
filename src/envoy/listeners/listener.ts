import type { FilterChain } from './filter-chain';
import { catchAllChain, filterChain, takesAll } from './filter-chain';
import type { OutboundEntry } from './outbound-listeners';
import { NAME_LOOKUP } from './tcp-proxy';
import { message, typed } from '../message';
import type { Json, Listener } from '../proxy-config';
import type { ProxyScope } from '../proxy-scope';

export const WILDCARD = '0.0.0.0';
/** What a connection says of itself when it carries requests in clear text. */
export const PLAIN_HTTP = ['http/1.1', 'h2c'];

/** What all listeners of a proxy are made with. */
export interface ListenerSettings {
  readonly scope: ProxyScope;
  readonly accessLog: readonly Json[];
  readonly tracing?: Json;
  /** ProxyConfig of the mesh. */
  readonly proxyConfig: Json;
  /** The names that callers may use for a host. */
  readonly names: (host: string) => readonly string[];
}

const TLS_INSPECTOR = {
  name: 'envoy.filters.listener.tls_inspector',
  typedConfig: typed('envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector', { initialReadBufferSize: 512 }),
};
const HTTP_INSPECTOR = {
  name: 'envoy.filters.listener.http_inspector', typedConfig: typed('envoy.extensions.filters.listener.http_inspector.v3.HttpInspector'),
};

/** An address to listen at: an IP address, or the path of a Unix socket. */
export function socketAddress(address: string, portValue: number): Json {
  return address.startsWith('unix://') ? { pipe: { path: address.slice('unix://'.length) } } : { socketAddress: { address, portValue } };
}

/** What looks into a connection before its chain is chosen. */
export function inspectors(chains: readonly FilterChain[]): Json[] {
  return [
    ...chains.some(needsServerName) ? [TLS_INSPECTOR] : [],
    ...chains.some(({ applicationProtocols = [] }) => applicationProtocols.length > 0) ? [HTTP_INSPECTOR] : [],
  ];
}

function needsServerName({ serverNames = [], transportSocket, filters }: FilterChain): boolean {
  return serverNames.length > 0 || transportSocket !== undefined || filters.some(({ name }) => name === NAME_LOOKUP);
}

/** An outbound listener of a sidecar; connections that no chain is for go on as those to unknown hosts do. */
export function outboundListener({ binds, bindToPort, port, chains }: OutboundEntry, catchAll: readonly Json[]): Listener {
  const last = chains.find(takesAll);
  const others = chains.filter(chain => !takesAll(chain));
  const [address, ...more] = binds;
  return message({
    name: `${address}_${port}`,
    address: socketAddress(address, port),
    additionalAddresses: more.map(each => ({ address: socketAddress(each, port) })),
    bindToPort: bindToPort ? undefined : false,
    filterChains: last && others.length === 0 ? [filterChain(last)] : others.map(filterChain),
    defaultFilterChain: last ? others.length === 0 ? undefined : filterChain(last) : catchAllChain(catchAll),
    listenerFilters: inspectors(chains),
    continueOnListenerFiltersTimeout: true,
    listenerFiltersTimeout: '0s',
    trafficDirection: 'OUTBOUND',
  });
}
