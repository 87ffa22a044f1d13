import type { Authority } from './certificates';
import type { Json } from '../istiod/client';

/** The inbound configuration of a pod, as one listener of an Envoy that takes the place of many pods. */
export interface Pod {
  readonly name: string;
  /** istiod's listener `virtualInbound`. */
  readonly listener: Json;
}

/**
 * The Envoy from PyPI lacks the extensions of Istio's build. Nothing answers for an external authorizer here: the simulator is told that it
 * allows everything.
 */
const isKept = ({ name, typedConfig }: Json) =>
  typedConfig?.['@type'].startsWith('type.googleapis.com/envoy.') === true && !name.endsWith('.ext_authz');

/** The service account of the pods. */
const OWN_ID = 'spiffe://cluster.local/ns/shop/sa/web';

/** A header with the addresses of each connection takes the place of iptables, which redirect connections to the listener. */
const ADDRESSES = {
  name: 'envoy.filters.listener.proxy_protocol',
  typedConfig: { '@type': 'type.googleapis.com/envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol' },
};
const ECHO = { name: 'echo', typedConfig: { '@type': 'type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo' } };
const ROUTES = {
  name: 'accepted',
  virtualHosts: [{
    name: 'accepted',
    domains: ['*'],
    routes: [{ match: { prefix: '/' }, directResponse: { status: 200, body: { inlineString: 'accepted' } } }],
  }],
};

/** An Envoy with the inbound listeners of pods: it answers requests that their filters allow with 200, and bytes with the same bytes. */
export function inboundBootstrap(pods: readonly Pod[], authority: Authority): Json {
  return {
    node: { id: 'pods', cluster: 'conformance' },
    admin: { address: { socketAddress: { address: '127.0.0.1', portValue: 0 } } },
    staticResources: { listeners: pods.map(pod => listenerOf(pod, authority)), clusters: [] },
  };
}

function listenerOf({ name, listener }: Pod, authority: Authority): Json {
  const { useOriginalDst: _original, accessLog: _log, defaultFilterChain, listenerFilters = [], filterChains = [], ...rest } = listener;
  return {
    ...rest,
    name,
    address: { socketAddress: { address: '127.0.0.1', portValue: 0 } },
    listenerFilters: [ADDRESSES, ...listenerFilters.filter((filter: Json) => filter.name !== 'envoy.filters.listener.original_dst')],
    filterChains: filterChains.map((chain: Json) => chainOf(chain, authority)),
    ...(defaultFilterChain && { defaultFilterChain: chainOf(defaultFilterChain, authority) }),
  };
}

function chainOf({ transportSocket, filters, ...chain }: Json, authority: Authority): Json {
  return {
    ...chain,
    filters: filters.filter(isKept).map(filterOf),
    ...(transportSocket && { transportSocket: withCertificates(transportSocket, authority) }),
  };
}

function filterOf(filter: Json): Json {
  if (filter.name === 'envoy.filters.network.tcp_proxy') return ECHO;
  if (filter.name !== 'envoy.filters.network.http_connection_manager') return filter;
  const { rds: _rds, routeConfig: _config, tracing: _tracing, accessLog: _log, httpFilters, ...rest } = filter.typedConfig;
  return { ...filter, typedConfig: { ...rest, httpFilters: httpFilters.filter(isKept), routeConfig: ROUTES } };
}

function withCertificates({ name, typedConfig }: Json, authority: Authority): Json {
  const { tlsCertificateSdsSecretConfigs: _, combinedValidationContext, ...tls } = typedConfig.commonTlsContext;
  const { certificate, key } = authority.issue(OWN_ID);
  const commonTlsContext = {
    ...tls,
    tlsCertificates: [{ certificateChain: { inlineString: certificate }, privateKey: { inlineString: key } }],
    validationContext: { ...combinedValidationContext.defaultValidationContext, trustedCa: { inlineString: authority.certificate } },
  };
  return { name, typedConfig: { ...typedConfig, commonTlsContext } };
}
