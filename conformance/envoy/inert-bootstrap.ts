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

/** The listeners or the clusters with one name, which Envoy accepts or rejects independently of the rest. */
export interface Resource {
  readonly listeners: readonly Json[];
  readonly clusters: readonly Json[];
}

/** The unchanged configuration that istiod sends to a proxy, in resources. Route configurations are inside their listeners. */
export function resourcesOf(config: ProxyConfig): Resource[] {
  return [
    ...byName(config.listeners).map(named => ({ listeners: named.map(listener => listenerOf(listener, config)), clusters: [] })),
    ...byName(config.clusters).map(named => ({ listeners: [], clusters: named })),
  ];
}

function byName(items: readonly Json[]): Json[][] {
  const named = new Map<string, Json[]>();
  for (const item of items) named.set(item.name, [...named.get(item.name) ?? [], item]);
  return [...named.values()];
}

/** A bootstrap for validation. Nothing is bound and nothing is fetched. */
export function inertBootstrap(resources: readonly Resource[]): Json {
  return {
    node: { id: 'validated', cluster: 'conformance' },
    layeredRuntime: { layers: [{ name: 'static', staticLayer: RUNTIME }] },
    dynamicResources: { adsConfig: { apiType: 'GRPC', transportApiVersion: 'V3', grpcServices: [GRPC] } },
    staticResources: {
      listeners: resources.flatMap(({ listeners }, i) => listeners.map(listener => ({ ...listener, name: unique(listener.name, i) })))
        .map((listener, place) => ({ ...listener, address: addressOf(listener, place) })),
      clusters: [
        ...OF_THE_AGENT.map(name => ({ name, type: 'STATIC', connectTimeout: '1s', typedExtensionProtocolOptions: HTTP2 })),
        ...resources.flatMap(({ clusters }, i) => clusters.map(cluster => clusterOf(cluster, i))),
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

function listenerOf({ bindToPort: _bind, additionalAddresses: _more, ...listener }: Json, config: ProxyConfig): Json {
  const { filterChains = [], defaultFilterChain } = listener;
  return {
    ...listener,
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
