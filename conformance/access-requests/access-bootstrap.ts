import type { Answer, Authorizers } from './authorizer';
import { asking } from './authorizer';
import type { Authority } from './certificates';
import type { Json } from '../istiod/client';

/** A listener of a pod or a gateway, in an Envoy that takes the place of many. */
export interface Place {
  readonly name: string;
  /** istiod's listener: `virtualInbound`, or one of a gateway. */
  readonly listener: Json;
  /** istiod's route configurations. @default every request is answered alike */
  readonly routes?: readonly Json[];
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

/** The status of the answer that stands for a route, by its place in the virtual host. */
export function statusOfRoute(place: number): number {
  return 210 + place;
}

/** istiod's routes with their matches; each answers with a status of its own. */
function answering(name: string, routes: readonly Json[]): Json {
  const found = routes.find(configuration => configuration.name === name);
  const virtualHosts = (found?.virtualHosts ?? []).map(({ name: host, domains, routes: all = [] }: Json) => ({
    name: host,
    domains,
    routes: all.map(({ match }: Json, place: number) => ({ match, directResponse: { status: statusOfRoute(place) } })),
  }));
  return { name, ignorePortInHostMatching: found?.ignorePortInHostMatching ?? false, virtualHosts };
}

/** An Envoy with the listeners of pods and gateways: it answers what their filters allow with 200, and bytes with the same bytes. */
export function accessBootstrap(places: readonly Place[], authority: Authority, authorizers?: Authorizers): Json {
  return {
    node: { id: 'pods', cluster: 'conformance' },
    admin: { address: { socketAddress: { address: '127.0.0.1', portValue: 0 } } },
    staticResources: { listeners: places.map(place => listenerOf(place, authority)), clusters: authorizers?.clusters ?? [] },
  };
}

function listenerOf(place: Place, authority: Authority): Json {
  const { name, listener } = place;
  const { useOriginalDst: _original, accessLog: _log, defaultFilterChain, listenerFilters = [], filterChains = [], ...rest } = listener;
  return {
    ...rest,
    name,
    address: { socketAddress: { address: '127.0.0.1', portValue: 0 } },
    listenerFilters: [ADDRESSES, ...listenerFilters.filter((filter: Json) => !INSTEAD.has(filter.name))],
    filterChains: filterChains.map((chain: Json) => chainOf(chain, authority, place)),
    ...(defaultFilterChain && { defaultFilterChain: chainOf(defaultFilterChain, authority, place) }),
  };
}

function chainOf({ transportSocket, filters, ...chain }: Json, authority: Authority, place: Place): Json {
  return {
    ...chain,
    filters: kept(filters, place.answer).map(filter => filterOf(filter, place)),
    ...(transportSocket && { transportSocket: withCertificates(transportSocket, authority) }),
  };
}

function filterOf(filter: Json, { answer, routes }: Place): Json {
  if (filter.name === 'envoy.filters.network.tcp_proxy') return ECHO;
  if (filter.name !== 'envoy.filters.network.http_connection_manager') return filter;
  const { rds, routeConfig: _config, tracing: _tracing, accessLog: _log, httpFilters, ...rest } = filter.typedConfig;
  const routeConfig = routes && rds ? answering(rds.routeConfigName, routes) : ROUTES;
  return { ...filter, typedConfig: { ...rest, httpFilters: kept(httpFilters, answer), routeConfig } };
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
