import type { Case } from '../case';
import { cluster, route, routeNames, virtualHost } from '../case';
import { World, gateway, stranger, web } from '../world';
import { HOST, twoPorts } from './catalog';
import {
  Audience, CanaryRelease, CircuitBreakerPolicy, DarkLaunch, IngressGateway, Listener, MeshService, MirroredService, PublicHost,
  StringMatch, TrafficRoute,
} from 'cdk8s-istio';

/** Public hosts that services share, and services on ports other than 80. */
export const hostsAndPorts: readonly Case[] = [
  {
    name: 'host-shared-by-path',
    proxies: [gateway],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog();
      const webapp = MeshService.fromService(world.traffic, 'Web', world.service('web', { ports: [{ name: 'http', port: 8080 }] }));
      const host = world.publicHost();
      webapp.exposeVia(host);
      catalog.exposeVia(host, { pathPrefix: '/api', rewrite: '/' });
      catalog.exposeVia(host, { pathPrefix: '/api/raw', subset: catalog.subset('v2') });
      new TrafficRoute(world.traffic, 'Items', {
        service: catalog,
        matches: [{ uri: StringMatch.prefix('/items') }],
        target: catalog.subset('v3'),
      });
    },
    states: [
      ['the narrower path first', routeNames('gateway', 'shop.example.com:80'),
        [
          'catalog-api-raw.default',
          'catalog-api-raw.default',
          'catalog-api.items',
          'catalog-api.default',
          'catalog-api.default',
          'web.default',
        ]],
      [
        '/api/items becomes /items for the service',
        route('gateway', 'shop.example.com:80', 'catalog-api.items'),
        { match: { prefix: '/api/items' }, route: { cluster: `outbound|80|v3|${HOST}`, prefixRewrite: '/items' } },
      ],
      [
        'the exact prefix becomes its root',
        route('gateway', 'shop.example.com:80', 'catalog-api.default'),
        { match: { path: '/api' }, route: { prefixRewrite: '/' } },
      ],
      [
        'a subset for one exposure, without a rewrite',
        route('gateway', 'shop.example.com:80', 'catalog-api-raw.default'),
        { match: { path: '/api/raw' }, route: { cluster: `outbound|80|v2|${HOST}`, prefixRewrite: undefined } },
      ],
      [
        'the rest goes to web, at its own port',
        route('gateway', 'shop.example.com:80', 'web.default'),
        { match: { prefix: '/' }, route: { cluster: 'outbound|8080||web.shop.svc.cluster.local' } },
      ],
    ],
  },
  {
    name: 'host-without-root',
    proxies: [gateway],
    build: app => {
      const world = new World(app);
      world.catalog().exposeVia(world.publicHost(), { pathPrefix: '/api' });
    },
    states: [
      [
        'only /api and what is below it',
        virtualHost('gateway', 'shop.example.com:80'),
        { domains: ['shop.example.com'], routes: [{ match: { path: '/api' } }, { match: { prefix: '/api/' } }] },
      ],
    ],
  },
  {
    name: 'wildcard-host-and-https',
    proxies: [gateway],
    build: app => {
      const world = new World(app);
      world
        .catalog()
        .exposeVia(world.publicHost('*.example.com', [Listener.http(80), Listener.https(443, { credentialName: 'example-cert' })]));
    },
    states: [
      [
        'plain HTTP',
        virtualHost('gateway', '*.example.com:80'),
        { domains: ['*.example.com'], routes: [{ route: { cluster: `outbound|80||${HOST}` } }] },
      ],
      [
        'and HTTPS',
        virtualHost('gateway', '*.example.com:443'),
        { domains: ['*.example.com'], routes: [{ route: { cluster: `outbound|80||${HOST}` } }] },
      ],
    ],
  },
  {
    name: 'https-redirect',
    proxies: [gateway],
    build: app => {
      const world = new World(app);
      world
        .catalog()
        .exposeVia(
          world.publicHost('shop.example.com', [
            Listener.http(80, { httpsRedirect: true }),
            Listener.https(443, { credentialName: 'example-cert' }),
          ]),
        );
    },
    states: [['plain HTTP is redirected to HTTPS', virtualHost('gateway', 'shop.example.com:80'), { requireTls: 'ALL' }]],
  },
  {
    name: 'gateway-in-another-namespace',
    proxies: [gateway],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog();
      world.ingress();
      const host = new PublicHost(world.traffic, 'Host', {
        gateway: new IngressGateway(world.traffic, 'Edge', { namespace: 'edge' }),
        host: 'shop.example.com',
      });
      catalog.exposeVia(host);
      new CanaryRelease(world.traffic, 'Canary', {
        service: catalog,
        stable: catalog.subset('v1'),
        canary: catalog.subset('v2'),
        canaryPercent: 50,
      });
    },
    states: [
      [
        'the subsets in the namespace of the service apply there',
        route('gateway', 'shop.example.com:80', 'catalog.default'),
        { route: { weightedClusters: { clusters: [{ weight: 50 }, { weight: 50 }] } } },
      ],
    ],
  },
  {
    name: 'port-other-than-80',
    proxies: [web, stranger, gateway],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog([{ name: 'http', port: 8080, targetPort: 3000 }]);
      catalog.routeDefaultTo(catalog.subset('v1'));
      new DarkLaunch(world.traffic, 'Staff', {
        service: catalog,
        target: catalog.subset('v2'),
        matches: [{ headers: { 'x-staff': StringMatch.present() } }],
      });
      new CircuitBreakerPolicy(world.traffic, 'Breaker', { service: catalog, connectionPool: { maxConnections: 3 } });
      catalog.exposeVia(world.publicHost());
    },
    states: [
      ['the routes apply on 8080', routeNames('web', `${HOST}:8080`), ['default.staff', 'default']],
      ['also for other namespaces', route('stranger', `${HOST}:8080`, 'default'), { route: { cluster: `outbound|8080|v1|${HOST}` } }],
      ['no dead virtual host on 80', virtualHost('web', `${HOST}:80`), undefined],
      [
        'port 80 of the gateway routes to 8080',
        route('gateway', 'shop.example.com:80', 'catalog.default'),
        { route: { cluster: `outbound|8080|v1|${HOST}` } },
      ],
      [
        'the circuit breaker applies there',
        cluster('gateway', HOST, 8080, 'v1'),
        { circuitBreakers: { thresholds: [{ maxConnections: 3 }] } },
      ],
    ],
  },
  {
    name: 'two-http-ports',
    proxies: [web, gateway],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog(twoPorts);
      new CanaryRelease(world.traffic, 'Canary', {
        service: catalog,
        stable: catalog.subset('v1'),
        canary: catalog.subset('v2'),
        canaryPercent: 10,
      });
      new TrafficRoute(world.traffic, 'Debug', {
        service: catalog,
        target: catalog.subset('v3'),
        matches: [{ port: 8080, uri: StringMatch.prefix('/debug') }],
      });
      new MirroredService(world.traffic, 'Shadow', { service: catalog, mirror: catalog.subset('v3') });
      new CircuitBreakerPolicy(world.traffic, 'Breaker', { service: catalog, connectionPool: { maxConnections: 100 } });
      new CircuitBreakerPolicy(world.traffic, 'AdminBreaker', {
        service: catalog,
        port: 8080,
        connectionPool: { http1MaxPendingRequests: 1 },
      });
      catalog.exposeVia(world.publicHost(), { port: 8080, pathPrefix: '/admin', rewrite: '/' });
    },
    states: [
      [
        'each port has the split at its own port',
        route('web', `${HOST}:80`, 'default-80'),
        { route: { weightedClusters: { clusters: [{ name: `outbound|80|v1|${HOST}` }, { name: `outbound|80|v2|${HOST}` }] } } },
      ],
      [
        '8080 likewise',
        route('web', `${HOST}:8080`, 'default-8080'),
        {
          route: {
            weightedClusters: { clusters: [{ name: `outbound|8080|v1|${HOST}` }, {}] },
            requestMirrorPolicies: [{ cluster: `outbound|8080|v3|${HOST}` }],
          },
        },
      ],
      ['a route for one port is on that port', routeNames('web', `${HOST}:8080`), ['debug-8080', 'default-8080']],
      ['and not on the other', routeNames('web', `${HOST}:80`), ['default-80']],
      [
        'the public host routes to 8080',
        route('gateway', 'shop.example.com:80', 'catalog.default'),
        { match: { path: '/admin' }, route: { weightedClusters: { clusters: [{ name: `outbound|8080|v1|${HOST}` }, {}] } } },
      ],
      [
        'the circuit breaker of a port inherits that of the service',
        cluster('web', HOST, 8080, 'v1'),
        { circuitBreakers: { thresholds: [{ maxConnections: 100, maxPendingRequests: 1 }] } },
      ],
      [
        'the other port has only that of the service',
        cluster('web', HOST, 80, 'v1'),
        { circuitBreakers: { thresholds: [{ maxConnections: 100, maxPendingRequests: 4294967295 }] } },
      ],
    ],
  },
  {
    name: 'grpc-and-http2-ports',
    proxies: [web],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog([{ name: 'grpc', port: 9090 }, { name: 'http2-web', port: 80 }]);
      catalog.routeDefaultTo(catalog.subset('v1'));
    },
    states: [
      ['gRPC is routed as HTTP', route('web', `${HOST}:9090`, 'default-9090'), { route: { cluster: `outbound|9090|v1|${HOST}` } }],
      [
        'over HTTP/2',
        cluster('web', HOST, 9090, 'v1'),
        {
          typedExtensionProtocolOptions: {
            'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': { explicitHttpConfig: { http2ProtocolOptions: {} } },
          },
        },
      ],
    ],
  },
  {
    name: 'conditions-of-the-mesh-alone',
    proxies: [web, gateway],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog();
      catalog.routeDefaultTo(catalog.subset('v1'));
      new DarkLaunch(world.traffic, 'Web', { service: catalog, target: catalog.subset('v2'), matches: [{ sourceLabels: { app: 'web' } }] });
      catalog.exposeVia(world.publicHost());
    },
    states: [
      [
        'the caller with the label goes to v2',
        route('web', `${HOST}:80`, 'default.web'),
        { match: { prefix: '/' }, route: { cluster: `outbound|80|v2|${HOST}` } },
      ],
      ['the gateway does not have the cohort', routeNames('gateway', 'shop.example.com:80'), ['catalog.default']],
    ],
  },
  {
    name: 'cohort-at-the-gateway-alone',
    proxies: [web, gateway],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog();
      const host = world.publicHost();
      const audiences = [Audience.publicHost(host)];
      catalog.exposeVia(host);
      catalog.routeDefaultTo(catalog.subset('v1'), { audiences });
      new DarkLaunch(world.traffic, 'Staff', {
        service: catalog,
        target: catalog.subset('v2'),
        matches: [{ headers: { 'x-staff': StringMatch.exact('1') } }],
        audiences,
      });
    },
    states: [
      ['the gateway has the cohort', routeNames('gateway', 'shop.example.com:80'), ['catalog.default.staff', 'catalog.default']],
      ['the mesh keeps the default of Istio', route('web', `${HOST}:80`, 'default'), { route: { cluster: `outbound|80||${HOST}` } }],
    ],
  },
];
