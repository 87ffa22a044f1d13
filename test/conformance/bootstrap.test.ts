import { bootstrapOf } from '../../conformance/envoy/bootstrap';
import type { Json, ProxyConfig } from '../../conformance/istiod/client';

const typed = (type: string, fields: object = {}) => ({ '@type': `type.googleapis.com/${type}`, ...fields });
const router = { name: 'envoy.filters.http.router', typedConfig: typed('envoy.extensions.filters.http.router.v3.Router') };
const manager = typed('envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager', {
  rds: { routeConfigName: '80' },
  tracing: {},
  normalizePath: true,
  httpFilters: [
    { name: 'istio.alpn', typedConfig: typed('istio.envoy.Alpn') },
    router,
  ],
});
const config: ProxyConfig = {
  name: 'web',
  listeners: [{
    name: '0.0.0.0_80',
    address: { socketAddress: { address: '0.0.0.0', portValue: 80 } },
    bindToPort: false,
    listenerFilters: [{ name: 'envoy.filters.listener.original_dst' }, { name: 'envoy.filters.listener.http_inspector' }],
    filterChains: [{ filters: [{ name: 'envoy.filters.network.http_connection_manager', typedConfig: manager }] }],
  }],
  routes: [{ name: '80', virtualHosts: [] }],
  clusters: [
    {
      name: 'outbound|80||shop',
      type: 'EDS',
      edsClusterConfig: {},
      lbPolicy: 'LEAST_REQUEST',
      transportSocketMatches: [],
      filters: [{ name: 'istio.metadata_exchange' }],
      circuitBreakers: { thresholds: [{ maxRequests: 1 }] },
    },
    { name: 'PassthroughCluster', type: 'ORIGINAL_DST', lbPolicy: 'CLUSTER_PROVIDED' },
    { name: 'inbound|8080||', type: 'ORIGINAL_DST' },
  ],
  endpoints: {},
};
const options = { listeners: ['0.0.0.0_80'], backendsOf: () => [{ host: '127.0.0.2', port: 1234 }], accessLog: '/log' };

test('listeners keep istiod\'s configuration and get a free port of the loopback interface', () => {
  const [listener]: Json[] = bootstrapOf(config, options).staticResources.listeners;
  expect(listener).toMatchObject({ name: '0.0.0.0_80', address: { socketAddress: { address: '127.0.0.1', portValue: 0 } } });
  expect(listener.bindToPort).toBeUndefined();
  expect(listener.listenerFilters.map(({ name }: Json) => name)).toEqual(['envoy.filters.listener.http_inspector']);
  const { typedConfig } = listener.filterChains[0].filters[0];
  expect(typedConfig).toMatchObject({
    normalizePath: true,
    routeConfig: { name: '80' },
    httpFilters: [router],
    accessLog: [{ typedConfig: { path: '/log' } }],
  });
  expect(typedConfig).not.toHaveProperty('rds');
  expect(typedConfig).not.toHaveProperty('tracing');
});

test('clusters keep their policies, with the given backends as their only endpoints', () => {
  const { clusters } = bootstrapOf(config, options).staticResources;
  const endpoints = [
    {
      locality: { region: 'here' },
      loadBalancingWeight: 1,
      lbEndpoints: [{ endpoint: { address: { socketAddress: { address: '127.0.0.2', portValue: 1234 } } } }],
    },
  ];
  expect(clusters).toEqual([
    {
      name: 'outbound|80||shop',
      type: 'STATIC',
      lbPolicy: 'LEAST_REQUEST',
      circuitBreakers: { thresholds: [{ maxRequests: 1 }] },
      loadAssignment: { clusterName: 'outbound|80||shop', endpoints },
    },
    { name: 'PassthroughCluster', type: 'STATIC', loadAssignment: { clusterName: 'PassthroughCluster', endpoints } },
  ]);
});

test('a listener or a route configuration that istiod does not create is an error', () => {
  expect(() => bootstrapOf(config, { ...options, listeners: ['0.0.0.0_81'] })).toThrow(
    'istiod creates no listener 0.0.0.0_81 here, but 0.0.0.0_80',
  );
  expect(() => bootstrapOf({ ...config, routes: [] }, options)).toThrow('no route configuration 80');
});
