import { Duration } from 'cdk8s';
import type { Case } from '../case';
import { cluster, route } from '../case';
import { World, gateway, stranger, web } from '../world';
import { HOST, twoPorts } from './catalog';
import { CircuitBreakerPolicy, H2UpgradePolicy, MeshService, RequestPolicy } from 'cdk8s-istio';
import type { ConnectionPool } from 'cdk8s-istio';

const OPTIONS = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
const NONE = 4294967295;
const at = (subset?: string, port = 80) => cluster('web', HOST, port, subset);
const limits = (thresholds: object) => ({ circuitBreakers: { thresholds: [thresholds] } });
const http = (options: object) => ({ typedExtensionProtocolOptions: { [OPTIONS]: options } });

/** A case of one connection pool for the whole service. */
function pool(name: string, connectionPool: ConnectionPool, states: Case['states']): Case {
  return {
    name,
    proxies: [web],
    build: app => {
      const world = new World(app);
      new CircuitBreakerPolicy(world.traffic, 'Breaker', { service: world.catalog(), connectionPool });
    },
    states,
  };
}

/** Limits, ejection and retry budgets, at every level. */
export const circuitBreakers: readonly Case[] = [
  pool('breaker-limits', {
    maxConnections: 1,
    http1MaxPendingRequests: 2,
    http2MaxRequests: 3,
    maxRetries: 4,
    maxRequestsPerConnection: 5,
    connectTimeout: Duration.millis(250),
    maxConnectionDuration: Duration.minutes(6),
    idleTimeout: Duration.seconds(7),
    tcpIdleTimeout: Duration.seconds(8),
    tcpKeepalive: { probes: 9, time: Duration.seconds(10), interval: Duration.seconds(11) },
  }, [
    [
      '1 connection, 2 pending requests, 3 active requests, 4 retries',
      at(),
      limits({ maxConnections: 1, maxPendingRequests: 2, maxRequests: 3, maxRetries: 4 }),
    ],
    ['the full limits for a subset as well', at('v1'), limits({ maxConnections: 1, maxPendingRequests: 2, maxRequests: 3, maxRetries: 4 })],
    [
      '5 requests per connection, which lasts at most 6 minutes',
      at(),
      http({ commonHttpProtocolOptions: { maxRequestsPerConnection: 5, maxConnectionDuration: '360s' } }),
    ],
    ['a quarter of a second to connect', at(), { connectTimeout: '0.250s' }],
    ['the HTTP idle timeout if both are set', at(), http({ commonHttpProtocolOptions: { idleTimeout: '7s' } })],
    [
      'keep-alive probes',
      at(),
      { upstreamConnectionOptions: { tcpKeepalive: { keepaliveProbes: 9, keepaliveTime: 10, keepaliveInterval: 11 } } },
    ],
    ['HTTP/1.1 unchanged', at(), http({ explicitHttpConfig: { httpProtocolOptions: {} }, useDownstreamProtocolConfig: undefined })],
  ]),
  pool('breaker-http2', {
    h2UpgradePolicy: H2UpgradePolicy.UPGRADE,
    maxConcurrentStreams: 12,
    http2KeepAlive: { interval: Duration.seconds(13), timeout: Duration.seconds(14) },
  }, [
    ['HTTP/2 with 12 streams per connection and pings', at(), http({
      explicitHttpConfig: { http2ProtocolOptions: { maxConcurrentStreams: 12, connectionKeepalive: { interval: '13s', timeout: '14s' } } },
    })],
    ['no limits that are not set', at(), limits({ maxConnections: NONE, maxPendingRequests: NONE, maxRequests: NONE, maxRetries: NONE })],
  ]),
  pool('breaker-no-upgrade', { h2UpgradePolicy: H2UpgradePolicy.DO_NOT_UPGRADE }, [
    ['HTTP/1.1 stays unchanged', at(), { typedExtensionProtocolOptions: undefined }],
  ]),
  pool('breaker-client-protocol', { useClientProtocol: true, tcpIdleTimeout: Duration.seconds(15) }, [
    ['the protocol of the caller', at(), http({ useDownstreamProtocolConfig: {}, explicitHttpConfig: undefined })],
    // As documented for `tcpIdleTimeout`: on a cluster, it is the idle timeout of connections.
    ['idle connections are closed', at(), http({ commonHttpProtocolOptions: { idleTimeout: '15s' } })],
  ]),
  {
    name: 'breaker-ejection',
    proxies: [web],
    build: app => {
      const world = new World(app);
      new CircuitBreakerPolicy(world.traffic, 'Breaker', {
        service: world.catalog(),
        outlierDetection: {
          consecutive5xxErrors: 1,
          consecutiveGatewayErrors: 2,
          consecutiveLocalOriginFailures: 3,
          splitExternalLocalOriginErrors: true,
          interval: Duration.seconds(4),
          baseEjectionTime: Duration.seconds(5),
          maxEjectionPercent: 60,
          minHealthPercent: 7,
        },
      });
    },
    states: [
      ['after one error, two gateway errors or three connection errors', at(), {
        outlierDetection: {
          consecutive5xx: 1,
          enforcingConsecutive5xx: 100,
          consecutiveGatewayFailure: 2,
          enforcingConsecutiveGatewayFailure: 100,
          consecutiveLocalOriginFailure: 3,
          enforcingConsecutiveLocalOriginFailure: 100,
          splitExternalLocalOriginErrors: true,
        },
      }],
      [
        'for at least 5 s, checked every 4 s, at most 60 % ejected',
        at(),
        { outlierDetection: { baseEjectionTime: '5s', interval: '4s', maxEjectionPercent: 60 } },
      ],
      ['never by success rate', at(), { outlierDetection: { enforcingSuccessRate: 0, enforcingLocalOriginSuccessRate: 0 } }],
      ['disabled below 7 % healthy endpoints', at(), { commonLbConfig: { healthyPanicThreshold: { value: 7 } } }],
      ['the same for a subset', at('v2'), { outlierDetection: { consecutive5xx: 1, maxEjectionPercent: 60 } }],
    ],
  },
  {
    name: 'breaker-ejection-switched-off',
    proxies: [web],
    build: app => {
      const world = new World(app);
      new CircuitBreakerPolicy(world.traffic, 'Breaker', {
        service: world.catalog(), outlierDetection: { consecutive5xxErrors: 0, consecutiveGatewayErrors: 3, maxEjectionPercent: 100 },
      });
    },
    states: [
      ['0 disables a check, others stay', at(), {
        outlierDetection: {
          consecutive5xx: 0,
          enforcingConsecutive5xx: 0,
          consecutiveGatewayFailure: 3,
          enforcingConsecutiveGatewayFailure: 100,
        },
      }],
    ],
  },
  {
    name: 'breaker-levels',
    proxies: [web],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog(twoPorts);
      type At = { readonly subset?: string; readonly port?: number };
      const breaker = (id: string, connectionPool: ConnectionPool, options: At = {}) => new CircuitBreakerPolicy(world.traffic, id, {
        service: catalog,
        connectionPool,
        port: options.port,
        subset: options.subset === undefined ? undefined : catalog.subset(options.subset),
      });
      breaker('Service', { maxConnections: 1, http1MaxPendingRequests: 1, http2MaxRequests: 1 });
      breaker('Port', { http1MaxPendingRequests: 2 }, { port: 8080 });
      breaker('Subset', { http2MaxRequests: 3 }, { subset: 'v2' });
      breaker('SubsetPort', { maxRetries: 4 }, { subset: 'v2', port: 8080 });
      breaker('OtherSubsetPort', { maxConnections: 5 }, { subset: 'v3', port: 80 });
      new CircuitBreakerPolicy(world.traffic, 'Ejection', {
        service: catalog,
        outlierDetection: { consecutive5xxErrors: 6, maxEjectionPercent: 100 },
      });
    },
    states: [
      ['the limits of the service', at(), limits({ maxConnections: 1, maxPendingRequests: 1, maxRequests: 1, maxRetries: NONE })],
      [
        'the limits of a port, the rest from the service',
        at('', 8080),
        limits({ maxConnections: 1, maxPendingRequests: 2, maxRequests: 1, maxRetries: NONE }),
      ],
      [
        'a subset without limits inherits those of the service',
        at('v1'),
        limits({ maxConnections: 1, maxPendingRequests: 1, maxRequests: 1, maxRetries: NONE }),
      ],
      ['and those of the port', at('v1', 8080), limits({ maxConnections: 1, maxPendingRequests: 2, maxRequests: 1, maxRetries: NONE })],
      [
        'the limits of a subset, the rest from the service',
        at('v2'),
        limits({ maxConnections: 1, maxPendingRequests: 1, maxRequests: 3, maxRetries: NONE }),
      ],
      [
        'a subset at a port: its own limits, then those of the subset, the port and the service',
        at('v2', 8080),
        limits({ maxConnections: 1, maxPendingRequests: 2, maxRequests: 3, maxRetries: 4 }),
      ],
      ['a subset at one port', at('v3'), limits({ maxConnections: 5, maxPendingRequests: 1, maxRequests: 1, maxRetries: NONE })],
      ['and the other port of it', at('v3', 8080), limits({ maxConnections: 1, maxPendingRequests: 2, maxRequests: 1, maxRetries: NONE })],
      ...['', 'v1', 'v2', 'v3'].flatMap(subset => [80, 8080].map(port =>
        [
          `ejection everywhere, ${subset || 'the service'} at ${port}`,
          at(subset, port),
          { outlierDetection: { consecutive5xx: 6 } },
        ] as const)),
    ],
  },
  {
    name: 'service-for-one-namespace',
    proxies: [web, stranger],
    build: app => {
      const world = new World(app);
      const catalog = MeshService.fromService(world.traffic, 'Catalog', world.service('catalog'), { exportTo: ['.'] });
      new CircuitBreakerPolicy(world.traffic, 'Breaker', { service: catalog, connectionPool: { maxConnections: 2 } });
      new RequestPolicy(world.traffic, 'Timeout', { service: catalog, timeout: Duration.seconds(3) });
      catalog.routeDefaultTo(catalog.addSubset('v1', { labels: { version: 'v1' } }));
    },
    states: [
      ['limits in the namespace of the service', at(), limits({ maxConnections: 2 })],
      ['and its subset', at('v1'), limits({ maxConnections: 2 })],
      ['and the timeout', route('web', `${HOST}:80`, 'default'), { route: { timeout: '3s' } }],
      ['none elsewhere', cluster('stranger', HOST, 80), limits({ maxConnections: NONE })],
      ['no subset there', cluster('stranger', HOST, 80, 'v1'), undefined],
      [
        'the default route of Istio',
        route('stranger', `${HOST}:80`, 'default'),
        { route: { cluster: `outbound|80||${HOST}`, timeout: '0s' } },
      ],
    ],
  },
  {
    name: 'service-for-its-gateway-too',
    proxies: [gateway, stranger],
    build: app => {
      const world = new World(app);
      const catalog = MeshService.fromService(world.traffic, 'Catalog', world.service('catalog'), { exportTo: ['.', 'istio-system'] });
      new CircuitBreakerPolicy(world.traffic, 'Breaker', { service: catalog, connectionPool: { maxConnections: 2 } });
      catalog.routeDefaultTo(catalog.addSubset('v1', { labels: { version: 'v1' } }));
      catalog.exposeVia(world.publicHost());
    },
    states: [
      ['the gateway finds the subset and its limits', cluster('gateway', HOST, 80, 'v1'), limits({ maxConnections: 2 })],
      ['none elsewhere', cluster('stranger', HOST, 80), limits({ maxConnections: NONE })],
    ],
  },
  {
    name: 'retry-budget',
    proxies: [web],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog();
      new CircuitBreakerPolicy(world.traffic, 'Budget', {
        service: catalog,
        retryBudget: { percent: 12.5, budgetInterval: Duration.millis(500) },
      });
      new CircuitBreakerPolicy(world.traffic, 'Canary', {
        service: catalog,
        subset: catalog.subset('v2'),
        retryBudget: { minRetryConcurrency: 7 },
      });
      new CircuitBreakerPolicy(world.traffic, 'Limits', {
        service: catalog,
        subset: catalog.subset('v3'),
        connectionPool: { maxConnections: 8 },
      });
    },
    states: [
      [
        'an eighth of the requests of half a second, and at least 3',
        at(),
        limits({ retryBudget: { budgetPercent: { value: 12.5 }, budgetInterval: '0.500s', minRetryConcurrency: 3 } }),
      ],
      [
        'a subset: at least 7, the rest inherited',
        at('v2'),
        limits({ retryBudget: { budgetPercent: { value: 12.5 }, budgetInterval: '0.500s', minRetryConcurrency: 7 } }),
      ],
      [
        'together with limits of a subset',
        at('v3'),
        limits({ maxConnections: 8, retryBudget: { budgetPercent: { value: 12.5 }, budgetInterval: '0.500s', minRetryConcurrency: 3 } }),
      ],
    ],
  },
];
