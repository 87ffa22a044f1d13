import type { Answer, Authorizers } from './authorizer';
import { asking } from './authorizer';
import type { Authority } from './certificates';
import type { Json } from '../istiod/client';

/** A listener of a pod or a gateway, in an Envoy that takes the place of many. */
export interface Place {
  readonly name: string;
  /** istiod's listener: `virtualInbound`, or one of a gateway. */
  readonly listener: Json;
  /** What the external authorizers of the place answer. @default they are not asked, which is as if they allowed everything */
  readonly answer?: Answer;
}

/** The Envoy from PyPI lacks the extensions of Istio's build. */
function kept(filters: readonly Json[], answer: Answer | undefined): readonly Json[] {
  const known = filters.filter(({ typedConfig }) => typedConfig?.['@type'].startsWith('type.googleapis.com/envoy.') === true);
  return known.flatMap(filter => (!filter.name.endsWith('.ext_authz') ? [filter] : answer === undefined ? [] : [asking(filter, answer)]));
}

/** The service account of the pods and gateways. */
const OWN_ID = 'spiffe://cluster.local/ns/shop/sa/web';

/** A header with the addresses of each connection takes the place of iptables, which redirect connections to the listener. */
const ADDRESSES = {
  name: 'envoy.filters.listener.proxy_protocol',
  typedConfig: { '@type': 'type.googleapis.com/envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol' },
};
/** The filters in whose place it stands. */
const INSTEAD: ReadonlySet<string> = new Set(['envoy.filters.listener.original_dst', ADDRESSES.name]);
const ECHO = { name: 'echo', typedConfig: { '@type': 'type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo' } };
const ROUTES = {
  name: 'accepted',
  virtualHosts: [{
    name: 'accepted',
    domains: ['*'],
    routes: [{ match: { prefix: '/' }, directResponse: { status: 200, body: { inlineString: 'accepted' } } }],
  }],
};

/** An Envoy with the listeners of pods and gateways: it answers what their filters allow with 200, and bytes with the same bytes. */
export function accessBootstrap(places: readonly Place[], authority: Authority, authorizers?: Authorizers): Json {
  return {
    node: { id: 'pods', cluster: 'conformance' },
    admin: { address: { socketAddress: { address: '127.0.0.1', portValue: 0 } } },
    staticResources: { listeners: places.map(place => listenerOf(place, authority)), clusters: authorizers?.clusters ?? [] },
  };
}

function listenerOf({ name, listener, answer }: Place, authority: Authority): Json {
  const { useOriginalDst: _original, accessLog: _log, defaultFilterChain, listenerFilters = [], filterChains = [], ...rest } = listener;
  return {
    ...rest,
    name,
    address: { socketAddress: { address: '127.0.0.1', portValue: 0 } },
    listenerFilters: [ADDRESSES, ...listenerFilters.filter((filter: Json) => !INSTEAD.has(filter.name))],
    filterChains: filterChains.map((chain: Json) => chainOf(chain, authority, answer)),
    ...(defaultFilterChain && { defaultFilterChain: chainOf(defaultFilterChain, authority, answer) }),
  };
}

function chainOf({ transportSocket, filters, ...chain }: Json, authority: Authority, answer: Answer | undefined): Json {
  return {
    ...chain,
    filters: kept(filters, answer).map(filter => filterOf(filter, answer)),
    ...(transportSocket && { transportSocket: withCertificates(transportSocket, authority) }),
  };
}

function filterOf(filter: Json, answer: Answer | undefined): Json {
  if (filter.name === 'envoy.filters.network.tcp_proxy') return ECHO;
  if (filter.name !== 'envoy.filters.network.http_connection_manager') return filter;
  const { rds: _rds, routeConfig: _config, tracing: _tracing, accessLog: _log, httpFilters, ...rest } = filter.typedConfig;
  return { ...filter, typedConfig: { ...rest, httpFilters: kept(httpFilters, answer), routeConfig: ROUTES } };
}

function withCertificates({ name, typedConfig }: Json, authority: Authority): Json {
  const { tlsCertificateSdsSecretConfigs: _, combinedValidationContext, ...tls } = typedConfig.commonTlsContext;
  const { certificate, key } = authority.issue(OWN_ID);
  const commonTlsContext = {
    ...tls,
    tlsCertificates: [{ certificateChain: { inlineString: certificate }, privateKey: { inlineString: key } }],
    ...(combinedValidationContext && {
      validationContext: { ...combinedValidationContext.defaultValidationContext, trustedCa: { inlineString: authority.certificate } },
    }),
  };
  return { name, typedConfig: { ...typedConfig, commonTlsContext } };
}
