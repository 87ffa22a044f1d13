import { typed } from '../message';
import type {
  FilterChain,
  HttpInspector,
  ListenerFilter,
  ListenerFilterChainMatchPredicate,
  OriginalDst,
  TlsInspector,
} from '../xds/listener';

export const ORIGINAL_DESTINATION: ListenerFilter = {
  name: 'envoy.filters.listener.original_dst',
  typedConfig: typed<OriginalDst>('envoy.extensions.filters.listener.original_dst.v3.OriginalDst', {}),
};

export const TLS_INSPECTOR: ListenerFilter = {
  name: 'envoy.filters.listener.tls_inspector',
  typedConfig: typed<TlsInspector>('envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector', { initialReadBufferSize: 512 }),
};
export const HTTP_INSPECTOR: ListenerFilter = {
  name: 'envoy.filters.listener.http_inspector',
  typedConfig: typed<HttpInspector>('envoy.extensions.filters.listener.http_inspector.v3.HttpInspector', {}),
};

/** The port of chains that match every port. */
const ANY = 0;

/** The listener filters of an inbound listener, which inspect the connections to some ports alone. */
export function portInspectors(chains: readonly FilterChain[], bindsToPort: boolean): ListenerFilter[] {
  const ports = new Map<number, { tls: boolean; http: boolean }>();
  for (const { filterChainMatch: { destinationPort = ANY, transportProtocol, applicationProtocols = [] } = {} } of chains) {
    const needs = ports.get(destinationPort) ?? { tls: false, http: false };
    ports.set(destinationPort, needs);
    needs.tls ||= transportProtocol === 'tls';
    needs.http ||= applicationProtocols.some(protocol => protocol === 'http/1.1' || protocol === 'h2c');
  }
  const without = (need: 'tls' | 'http') => [...ports].filter(([, needs]) => !needs[need]).map(([port]) => port).sort((a, b) => a - b);
  return [
    ...bindsToPort ? [] : [ORIGINAL_DESTINATION],
    ...[...ports.values()].some(({ tls }) => tls) ? [tlsInspector(ports, without('tls'))] : [],
    ...[...ports.values()].some(({ http }) => http) ? [httpInspector(without('http'))] : [],
  ];
}

function tlsInspector(ports: ReadonlyMap<number, { readonly tls: boolean }>, without: readonly number[]): ListenerFilter {
  const isForAny = ports.get(ANY)?.tls ?? false;
  const inspected = [...ports].filter(([, { tls }]) => tls).map(([port]) => port).sort((a, b) => a - b);
  const listed = (isForAny ? without : inspected).filter(port => port !== ANY);
  if (listed.length === 0) return TLS_INSPECTOR;
  return { ...TLS_INSPECTOR, filterDisabled: isForAny ? anyPort(listed) : { notMatch: anyPort(listed) } };
}

function httpInspector(without: readonly number[]): ListenerFilter {
  return without.length === 0 ? HTTP_INSPECTOR : { ...HTTP_INSPECTOR, filterDisabled: anyPort(without) };
}

/** Connections to one of some ports. */
export function anyPort(ports: readonly number[]): ListenerFilterChainMatchPredicate {
  const rules = ports.map(port => ({ destinationPortRange: { ...(port === 0 ? {} : { start: port }), end: port + 1 } }));
  return rules.length === 1 ? rules[0] : { orMatch: { rules } };
}
