import type { Json, ProxyConfig } from '../istiod/client';

/** The clusters of istio-agent's bootstrap that istiod's configuration names. */
const OF_THE_AGENT = ['xds-grpc', 'sds-grpc', 'zipkin', 'prometheus_stats', 'agent'];

const GRPC = { envoyGrpc: { clusterName: 'xds-grpc' } };

/**
 * A bootstrap with everything that istiod sends to some proxies, as istiod writes it, for a validation: nothing is bound and nothing is
 * fetched. Route configurations stand in their listeners.
 */
export function inertBootstrap(configs: readonly ProxyConfig[]): Json {
  return {
    node: { id: 'validated', cluster: 'conformance' },
    dynamicResources: { adsConfig: { apiType: 'GRPC', transportApiVersion: 'V3', grpcServices: [GRPC] } },
    staticResources: {
      listeners: configs.flatMap((config, i) => config.listeners.map(listener => listenerOf(listener, config, i))),
      clusters: [
        ...OF_THE_AGENT.map(name => ({ name, type: 'STATIC', connectTimeout: '1s', typedExtensionProtocolOptions: HTTP2 })),
        ...configs.flatMap((config, i) => config.clusters.map(cluster => clusterOf(cluster, i))),
      ],
    },
  };
}

const HTTP2 = {
  'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
    '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions', 'explicitHttpConfig': { http2ProtocolOptions: {} },
  },
};

/** The Envoy from PyPI lacks the extensions of Istio's build. */
const isEnvoys = (extension: Json) => extension.typedConfig?.['@type'].startsWith('type.googleapis.com/envoy.') === true;

/** Names in one bootstrap are unique. */
const unique = (name: string, place: number) => `${place}:${name}`;

function listenerOf({ bindToPort: _bind, ...listener }: Json, config: ProxyConfig, place: number): Json {
  const { filterChains = [], defaultFilterChain } = listener;
  return {
    ...listener,
    name: unique(listener.name, place),
    bindToPort: false,
    filterChains: filterChains.map((chain: Json) => chainOf(chain, config)),
    ...defaultFilterChain && { defaultFilterChain: chainOf(defaultFilterChain, config) },
  };
}

function chainOf(chain: Json, config: ProxyConfig): Json {
  return { ...chain, filters: (chain.filters ?? []).filter(isEnvoys).map((filter: Json) => filterOf(filter, config)) };
}

function filterOf(filter: Json, config: ProxyConfig): Json {
  if (filter.name !== 'envoy.filters.network.http_connection_manager') return filter;
  const { rds, routeConfig, httpFilters, ...rest } = filter.typedConfig;
  const routes = routeConfig ?? config.routes.find(({ name }) => name === rds.routeConfigName) ?? { name: rds.routeConfigName };
  return { ...filter, typedConfig: { ...rest, httpFilters: httpFilters.filter(isEnvoys), routeConfig: routes } };
}

function clusterOf({ filters = [], ...cluster }: Json, place: number): Json {
  const name = unique(cluster.name, place);
  return {
    ...cluster,
    name,
    filters: filters.filter(isEnvoys),
    ...cluster.loadAssignment && { loadAssignment: { ...cluster.loadAssignment, clusterName: name } },
  };
}
