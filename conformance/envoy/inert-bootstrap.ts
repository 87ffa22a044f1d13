import type { Json, ProxyConfig } from '../istiod/client';

/** The clusters of istio-agent's bootstrap that istiod's configuration names. */
const OF_THE_AGENT = ['xds-grpc', 'sds-grpc', 'zipkin', 'prometheus_stats', 'agent'];

/** The flags of Istio's bootstrap. */
const RUNTIME = {
  'envoy.deprecated_features:envoy.config.listener.v3.Listener.hidden_envoy_deprecated_use_original_dst': true,
  'envoy.reloadable_features.http_reject_path_with_fragment': false,
  're2.max_program_size.error_level': '32768',
};

const GRPC = { envoyGrpc: { clusterName: 'xds-grpc' } };

/**
 * A bootstrap for validation, with the unchanged configuration that istiod sends to some proxies. Nothing is bound and nothing is fetched.
 * Route configurations are inside their listeners.
 */
export function inertBootstrap(configs: readonly ProxyConfig[]): Json {
  return {
    node: { id: 'validated', cluster: 'conformance' },
    layeredRuntime: { layers: [{ name: 'static', staticLayer: RUNTIME }] },
    dynamicResources: { adsConfig: { apiType: 'GRPC', transportApiVersion: 'V3', grpcServices: [GRPC] } },
    staticResources: {
      listeners: configs.flatMap((config, i) => config.listeners.map(listener => [listener, config, i] as const))
        .map(([listener, config, i], place) => ({ ...listenerOf(listener, config, i), address: addressOf(listener, place) })),
      clusters: [
        ...OF_THE_AGENT.map(name => ({ name, type: 'STATIC', connectTimeout: '1s', typedExtensionProtocolOptions: HTTP2 })),
        ...configs.flatMap((config, i) => config.clusters.map(cluster => clusterOf(cluster, i))),
      ],
    },
  };
}

const HTTP2 = {
  'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
    '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
    'explicitHttpConfig': { http2ProtocolOptions: {} },
  },
};

/** The Envoy from PyPI lacks the extensions of Istio's build. */
const isEnvoys = (extension: Json) => extension.typedConfig?.['@type'].startsWith('type.googleapis.com/envoy.') === true;

/** Names must be unique within a bootstrap. */
const unique = (name: string, place: number) => `${place}:${name}`;

/** No two listeners of one Envoy may have the same address. */
function addressOf({ address }: Json, place: number): Json {
  if (!address?.socketAddress) return address;
  const bytes = [2, 1, 0].map(power => Math.floor(place / 256 ** power) % 256);
  return { socketAddress: { ...address.socketAddress, address: `127.${bytes.join('.')}` } };
}

function listenerOf({ bindToPort: _bind, additionalAddresses: _more, ...listener }: Json, config: ProxyConfig, place: number): Json {
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
  const { rds, routeConfig, httpFilters, tracing, ...rest } = filter.typedConfig;
  const routes = routeConfig ?? config.routes.find(({ name }) => name === rds.routeConfigName) ?? { name: rds.routeConfigName };
  const traced = tracing && { tracing: withCollector(tracing) };
  return { ...filter, typedConfig: { ...rest, ...traced, httpFilters: httpFilters.filter(isEnvoys), routeConfig: routes } };
}

/** A tracer must name an existing cluster, by its name in this bootstrap. */
function withCollector({ provider, ...tracing }: Json): Json {
  const service = provider?.typedConfig?.collectorService;
  if (service === undefined) return { ...tracing, ...provider && { provider } };
  const collectorService = { ...service, httpUri: { ...service.httpUri, cluster: 'zipkin' } };
  return { ...tracing, provider: { ...provider, typedConfig: { ...provider.typedConfig, collectorService } } };
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
