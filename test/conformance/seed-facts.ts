import type { Place } from '../../conformance/case';
import { cluster, connectionManager, endpoints, listener, route, routeNames, virtualHost } from '../../conformance/case';
import type { Json } from '../../conformance/istiod/client';

/** What the walk-through prints or says about Envoy (Istio 1.17.8) at one of its steps. */
export interface SeedFact {
  readonly step: string;
  readonly fact: string;
  readonly place: Place;
  readonly envoy: Json;
}

const NAMESPACE = 'istioinaction.svc.cluster.local';
const CATALOG = `catalog.${NAMESPACE}`;
const MESH_CATALOG = `${CATALOG}:80`;
const PUBLIC_CATALOG = 'catalog.istioinaction.io:80';
const V1 = `outbound|80|version-v1|${CATALOG}`;
const V2 = `outbound|80|version-v2|${CATALOG}`;
const BACKEND = `simple-backend.${NAMESPACE}`;

/** The printed cluster of the circuit breaker, with the limits of a step. */
const breaker = (limits: object) => ({
  name: `outbound|80||${BACKEND}`,
  type: 'EDS',
  edsClusterConfig: { edsConfig: { ads: {} }, serviceName: `outbound|80||${BACKEND}` },
  connectTimeout: '10s',
  lbPolicy: 'LEAST_REQUEST',
  circuitBreakers: {
    thresholds: [{ maxConnections: 1, maxPendingRequests: 1, maxRequests: 1, maxRetries: 1, trackRemaining: true, ...limits }],
  },
  typedExtensionProtocolOptions: {
    'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
      '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
      'commonHttpProtocolOptions': { maxRequestsPerConnection: 1 },
      'explicitHttpConfig': { httpProtocolOptions: {} },
    },
  },
  commonLbConfig: { localityWeightedLbConfig: {} },
});

const printedRetries = {
  retryOn: 'connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes',
  numRetries: 2,
  retryHostPredicate: [{
    name: 'envoy.retry_host_predicates.previous_hosts',
    typedConfig: { '@type': 'type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate' },
  }],
  hostSelectionRetryMaxAttempts: '5',
  retriableStatusCodes: [503],
};

export const seedFacts: readonly SeedFact[] = [
  {
    step: '01-ingress',
    fact: 'the gateway leads to the whole of catalog',
    place: route('gateway', PUBLIC_CATALOG, 'catalog.default'),
    envoy: { route: { cluster: `outbound|80||${CATALOG}` } },
  },
  {
    step: '02-subsets',
    fact: 'a cluster for each subset, beside that of the service',
    place: cluster('gateway', CATALOG, 80, 'version-v1'),
    envoy: { type: 'EDS' },
  },
  { step: '02-subsets', fact: 'a cluster for version v2', place: cluster('gateway', CATALOG, 80, 'version-v2'), envoy: { type: 'EDS' } },
  {
    step: '02-subsets',
    fact: 'the domains of the public host',
    place: virtualHost('gateway', PUBLIC_CATALOG),
    envoy: { domains: ['catalog.istioinaction.io'] },
  },
  {
    step: '02-subsets',
    fact: 'every request goes to v1',
    place: route('gateway', PUBLIC_CATALOG, 'catalog.default'),
    envoy: { match: { prefix: '/' }, route: { cluster: V1, timeout: '0s' } },
  },
  {
    step: '03-dark-launch',
    fact: 'the cohort is tried first',
    place: routeNames('gateway', PUBLIC_CATALOG),
    envoy: ['catalog.default.internal', 'catalog.default'],
  },
  {
    step: '03-dark-launch',
    fact: 'requests with the header go to v2',
    place: route('gateway', PUBLIC_CATALOG, 'catalog.default.internal'),
    envoy: {
      match: { prefix: '/', caseSensitive: true, headers: [{ name: 'x-istio-cohort', stringMatch: { exact: 'internal' } }] },
      route: { cluster: V2, timeout: '0s' },
    },
  },
  {
    step: '03-dark-launch',
    fact: 'the others go to v1',
    place: route('gateway', PUBLIC_CATALOG, 'catalog.default'),
    envoy: { match: { prefix: '/' }, route: { cluster: V1, timeout: '0s' } },
  },
  {
    step: '03-dark-launch',
    fact: 'in the mesh nothing has changed',
    place: virtualHost('webapp', MESH_CATALOG),
    envoy: {
      domains: [CATALOG, 'catalog', 'catalog.istioinaction.svc', 'catalog.istioinaction', '10.200.0.2'],
      routes: [
        {
          name: 'default',
          match: { prefix: '/' },
          route: { cluster: `outbound|80||${CATALOG}`, timeout: '0s', retryPolicy: printedRetries, maxGrpcTimeout: '0s' },
        },
      ],
      includeRequestAttemptCount: true,
    },
  },
  {
    step: '04-mesh-routing',
    fact: 'in the mesh every request goes to v1',
    place: route('webapp', MESH_CATALOG, 'default'),
    envoy: { match: { prefix: '/' }, route: { cluster: V1, timeout: '0s' } },
  },
  {
    step: '05-access-logging',
    fact: 'webapp logs its requests',
    place: connectionManager('webapp', '0.0.0.0_80'),
    envoy: { accessLog: [{ name: 'envoy.access_loggers.file' }] },
  },
  {
    step: '06-traffic-shifting',
    fact: '90 % to v1 and 10 % to v2',
    place: route('webapp', MESH_CATALOG, 'default'),
    envoy: { route: { weightedClusters: { clusters: [{ name: V1, weight: 90 }, { name: V2, weight: 10 }] } } },
  },
  {
    step: '07-mirroring',
    fact: 'all requests go to v1 and are copied to v2',
    place: route('webapp', MESH_CATALOG, 'default'),
    envoy: {
      route: {
        cluster: V1,
        timeout: '0s',
        requestMirrorPolicies: [
          {
            cluster: V2,
            runtimeFraction: { defaultValue: { numerator: 100 } },
            traceSampled: false,
            disableShadowHostSuffixAppend: undefined,
          },
        ],
        maxGrpcTimeout: '0s',
      },
    },
  },
  {
    step: '08-egress-lockdown',
    fact: 'an undeclared HTTP host is answered with 502',
    place: route('webapp', 'block_all', 'block_all'),
    envoy: { directResponse: { status: 502 } },
  },
  {
    step: '08-egress-lockdown',
    fact: 'connections to an undeclared TLS host are reset',
    place: listener('webapp', 'virtualOutbound'),
    envoy: {
      filterChains: [
        { name: 'virtualOutbound-blackhole' },
        {
          name: 'virtualOutbound-catchall-tcp',
          filters: [{ name: 'envoy.filters.network.tcp_proxy', typedConfig: { cluster: 'BlackHoleCluster' } }],
        },
      ],
    },
  },
  {
    step: '09-external-dependency',
    fact: 'the declared host has its own cluster, resolved by DNS',
    place: cluster('webapp', 'jsonplaceholder.typicode.com', 80),
    envoy: { type: 'STRICT_DNS' },
  },
  {
    step: '09-external-dependency',
    fact: 'calls of the declared host pass',
    place: virtualHost('webapp', 'jsonplaceholder.typicode.com:80'),
    envoy: { routes: [{ name: 'default', route: { cluster: 'outbound|80||jsonplaceholder.typicode.com' } }] },
  },
  {
    step: '10-tracing',
    fact: 'every request is traced',
    place: connectionManager('webapp', '0.0.0.0_80'),
    envoy: { tracing: { randomSampling: { value: 100 } } },
  },
  {
    step: '11-circuit-breaker',
    fact: 'the circuit breaker with all limits 1',
    place: cluster('simple-web', BACKEND, 80),
    envoy: breaker({}),
  },
  {
    step: '12-circuit-breaker-relaxed',
    fact: 'two requests at once, two waiting',
    place: cluster('simple-web', BACKEND, 80),
    envoy: breaker({ maxRequests: 2, maxPendingRequests: 2 }),
  },
  {
    step: '13-outlier-detection',
    fact: 'three endpoints',
    place: endpoints('simple-web', BACKEND, 80),
    envoy: ['10.10.0.7:8080', '10.10.0.8:8080', '10.10.0.9:8080'],
  },
  {
    step: '13-outlier-detection',
    fact: 'one error ejects for five seconds',
    place: cluster('simple-web', BACKEND, 80),
    envoy: { outlierDetection: { consecutive5xx: 1, interval: '5s', baseEjectionTime: '5s', maxEjectionPercent: 100 } },
  },
];
