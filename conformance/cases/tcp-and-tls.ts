import { Duration } from 'cdk8s';
import type { Case } from '../case';
import { cluster, connections, route, routeNames, virtualHost } from '../case';
import { World, gateway, stranger, web } from '../world';
import { canary, HOST, http, IP, spec, tcp, tls, to } from './catalog';
import {
  CircuitBreakerPolicy, ExternalDependency, MeshService, RequestPolicy, Resolution, ServicePort, StringMatch, TcpRoute,
  TlsRoute, TrafficRoute,
} from 'cdk8s-istio';

const NAMES = [HOST, 'catalog', 'catalog.shop', 'catalog.shop.svc'];

/** Ports without HTTP, and services with several ports. */
export const tcpAndTls: readonly Case[] = [
  {
    name: 'three-http-ports',
    proxies: [web, gateway],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog([http, { name: 'http-admin', port: 8080 }, { name: 'grpc-api', port: 9090 }]);
      canary(world, catalog);
      new TrafficRoute(world.traffic, 'Items', {
        service: catalog,
        target: catalog.subset('v3'),
        matches: [{ uri: StringMatch.prefix('/items') }],
      });
      const host = world.publicHost();
      catalog.exposeVia(host, { port: 80 });
      catalog.exposeVia(host, { port: 8080, pathPrefix: '/admin', rewrite: '/' });
      catalog.exposeVia(host, { port: 9090, pathPrefix: '/api.v1.Catalog' });
    },
    states: [
      ...[80, 8080, 9090].flatMap((port): Case['states'] => [
        [`the routes apply on ${port}`, routeNames('web', `${HOST}:${port}`), [`items-${port}`, `default-${port}`]],
        [
          `with the split at ${port}`,
          route('web', `${HOST}:${port}`, `default-${port}`),
          {
            route: {
              weightedClusters: {
                clusters: [
                  { name: to(port, 'v1'), weight: 90 },
                  { name: to(port, 'v2'), weight: 10 },
                ],
              },
            },
          },
        ],
      ]),
      ['each path of the host routes to its port', routeNames('gateway', 'shop.example.com:80'), [
        'catalog-api-v1-Catalog.default', 'catalog-api-v1-Catalog.default', 'catalog-admin.items', 'catalog-admin.default',
        'catalog-admin.default', 'catalog.items', 'catalog.default',
      ]],
      [
        '/admin routes to 8080',
        route('gateway', 'shop.example.com:80', 'catalog-admin.items'),
        { match: { prefix: '/admin/items' }, route: { cluster: to(8080, 'v3'), prefixRewrite: '/items' } },
      ],
      [
        'gRPC routes to 9090',
        route('gateway', 'shop.example.com:80', 'catalog-api-v1-Catalog.default'),
        { route: { weightedClusters: { clusters: [{ name: to(9090, 'v1') }, {}] } } },
      ],
    ],
  },
  {
    name: 'tcp-canary',
    proxies: [web, stranger],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog([tcp, { name: 'redis-cache', port: 6379 }], spec);
      canary(world, catalog, 0.5);
      new CircuitBreakerPolicy(world.traffic, 'Breaker', { service: catalog, connectionPool: { maxConnections: 9 } });
    },
    states: [
      [
        'connections split by the configured weights',
        connections('web', `${IP}_5432`),
        [{ to: [`${to(5432, 'v1')} 995`, `${to(5432, 'v2')} 5`] }],
      ],
      ['for every caller', connections('stranger', `${IP}_5432`), [{ to: [`${to(5432, 'v1')} 995`, `${to(5432, 'v2')} 5`] }]],
      [
        'each TCP port routes to the same port',
        connections('web', `${IP}_6379`),
        [{ to: [`${to(6379, 'v1')} 995`, `${to(6379, 'v2')} 5`] }],
      ],
      [
        'the circuit breaker applies to the versions',
        cluster('web', HOST, 5432, 'v2'),
        { circuitBreakers: { thresholds: [{ maxConnections: 9 }] } },
      ],
    ],
  },
  {
    name: 'tcp-by-caller',
    proxies: [web, stranger],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog([tcp], spec);
      catalog.routeDefaultTo(catalog.subset('v1'));
      new TcpRoute(world.traffic, 'Web', { service: catalog, matches: [{ sourceLabels: { app: 'web' } }], target: catalog.subset('v2') });
      new TcpRoute(world.traffic, 'Tests', {
        service: catalog,
        matches: [{ sourceLabels: { app: 'web', stage: 'test' } }],
        target: catalog.subset('v3'),
      });
    },
    states: [
      ['callers with the label reach v2', connections('web', `${IP}_5432`), [{ to: to(5432, 'v2') }]],
      ['the others reach the default', connections('stranger', `${IP}_5432`), [{ to: to(5432, 'v1') }]],
    ],
  },
  {
    name: 'tcp-by-address',
    proxies: [web, stranger],
    build: app => {
      const world = new World(app);
      const fallback = MeshService.fromService(
        world.traffic,
        'Fallback',
        world.service('fallback', { ports: [tcp], spec: { clusterIP: '10.96.0.11' } }),
      );
      const data = new ExternalDependency(world.traffic, 'Data', {
        hosts: ['data.example.net'],
        ports: [ServicePort.tcp(5432)],
        resolution: Resolution.NONE,
        addresses: ['10.20.0.0/16'],
      });
      new TcpRoute(world.traffic, 'East', { service: data, matches: [{ destinationSubnets: ['10.20.1.0/24'] }], target: fallback });
      new TcpRoute(world.traffic, 'Web', { service: data, matches: [{ sourceLabels: { app: 'web' } }], target: fallback, priority: 2 });
      new TcpRoute(world.traffic, 'Far', { service: data, matches: [{ destinationSubnets: ['10.20.2.0/24'] }], target: data, priority: 1 });
    },
    states: [
      ['the address blocks first, then the route for all addresses', connections('web', '0.0.0.0_5432'), [
        { prefixRanges: [{ addressPrefix: '10.20.1.0', prefixLen: 24 }], to: 'outbound|5432||fallback.shop.svc.cluster.local' },
        { prefixRanges: [{ addressPrefix: '10.20.2.0', prefixLen: 24 }], to: 'outbound|5432||data.example.net' },
        { prefixRanges: [{ addressPrefix: '10.20.0.0', prefixLen: 16 }], to: 'outbound|5432||fallback.shop.svc.cluster.local' },
        { to: 'PassthroughCluster' },
      ]],
      ['callers without the label keep the default', connections('stranger', '0.0.0.0_5432'), [
        {}, {}, {
          prefixRanges: [{ addressPrefix: '10.20.0.0', prefixLen: 16 }],
          to: 'outbound|5432||data.example.net',
        }, { to: 'PassthroughCluster' },
      ]],
    ],
  },
  {
    name: 'tls-canary-and-names',
    proxies: [web, stranger],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog([tls, http], spec);
      canary(world, catalog);
      new TlsRoute(world.traffic, 'Web', {
        service: catalog,
        matches: [{ sniHosts: ['catalog'], sourceLabels: { app: 'web' } }],
        target: catalog.subset('v3'),
      });
    },
    states: [
      ['one caller by a short name', connections('web', `${IP}_8443`), [
        { serverNames: ['catalog'], to: to(8443, 'v3') },
        ...NAMES.filter(name => name !== 'catalog').map(
          name => ({ serverNames: [name], to: [`${to(8443, 'v1')} 90`, `${to(8443, 'v2')} 10`] }),
        ),
        { to: 'PassthroughCluster' },
      ]],
      ['all names have the split', connections('stranger', `${IP}_8443`), [
        ...NAMES.map(name => ({ serverNames: [name], to: [`${to(8443, 'v1')} 90`, `${to(8443, 'v2')} 10`] })), { to: 'PassthroughCluster' },
      ]],
      [
        'HTTP to the full name has its own routes',
        route('web', `${HOST}:80`, 'default'),
        { route: { weightedClusters: { clusters: [{ name: to(80, 'v1'), weight: 90 }, {}] } } },
      ],
      [
        'and to the other names',
        virtualHost('web', 'catalog.shop:80'),
        { domains: ['catalog.shop'], routes: [{ route: { weightedClusters: { clusters: [{ name: to(80, 'v1'), weight: 90 }, {}] } } }] },
      ],
    ],
  },
  {
    name: 'tls-other-names-blocked',
    proxies: [web],
    meshConfig: 'outboundTrafficPolicy: { mode: REGISTRY_ONLY }',
    build: app => {
      const world = new World(app);
      const catalog = world.catalog([tls], spec);
      catalog.routeDefaultTo(catalog.subset('v1'));
    },
    states: [
      [
        'an unknown server name reaches nothing',
        connections('web', `${IP}_8443`),
        [...NAMES.map(name => ({ serverNames: [name], to: to(8443, 'v1') })), { to: 'BlackHoleCluster' }],
      ],
    ],
  },
  {
    name: 'statement-for-http-alone',
    proxies: [web],
    build: app => {
      const world = new World(app);
      new RequestPolicy(world.traffic, 'Timeout', { service: world.catalog([http, tcp, tls], spec), timeout: Duration.seconds(3) });
    },
    states: [
      ['requests have the route', route('web', `${HOST}:80`, 'default'), { route: { timeout: '3s', cluster: to(80) } }],
      ['TCP is unchanged', connections('web', `${IP}_5432`), [{ to: to(5432) }]],
      ['TLS accepts every server name', connections('web', `${IP}_8443`), [{ serverNames: undefined, to: to(8443) }]],
    ],
  },
  {
    name: 'statement-for-tcp-alone',
    proxies: [web],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog([http, tcp, tls], spec);
      new TcpRoute(world.traffic, 'All', {
        service: catalog,
        targets: [
          { target: catalog.subset('v1'), weight: 3 },
          { target: catalog.subset('v2'), weight: 1 },
        ],
      });
    },
    states: [
      ['TCP has the route', connections('web', `${IP}_5432`), [{ to: [`${to(5432, 'v1')} 3`, `${to(5432, 'v2')} 1`] }]],
      ['requests keep the default of Istio', route('web', `${HOST}:80`, 'default'), { route: { cluster: to(80) } }],
      ['TLS accepts every server name', connections('web', `${IP}_8443`), [{ serverNames: undefined, to: to(8443) }]],
    ],
  },
];
