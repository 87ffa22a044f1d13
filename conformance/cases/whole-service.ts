import { Duration } from 'cdk8s';
import type { Case } from '../case';
import { cluster, route, routeNames, virtualHost } from '../case';
import { World, gateway, stranger, web } from '../world';
import { HOST, of, staff, VHOST } from './catalog';
import {
  Audience, CanaryRelease, CircuitBreakerPolicy, DarkLaunch, MeshService, MirroredService, RequestPolicy, StringMatch, TrafficRoute,
} from 'cdk8s-istio';

/** Statements about a whole service: default subset, mirror, dark launch, retries, and all of them together. */
export const wholeService: readonly Case[] = [
  {
    name: 'default-an-audience',
    proxies: [web, gateway],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog();
      const host = world.publicHost();
      catalog.exposeVia(host);
      catalog.routeDefaultTo(catalog.subset('v1'), { audiences: [Audience.publicHost(host)] });
      catalog.routeDefaultTo(catalog.subset('v2'), { audiences: [Audience.mesh()] });
      new TrafficRoute(world.traffic, 'Batch', {
        service: catalog,
        target: catalog.subset('v3'),
        matches: [{ uri: StringMatch.prefix('/batch') }],
        audiences: [Audience.mesh()],
      });
    },
    states: [
      ['the mesh goes to v2', route('web', VHOST, 'default'), { route: { cluster: of('v2') } }],
      ['and has its own route', routeNames('web', VHOST), ['batch', 'default']],
      ['the public host goes to v1', route('gateway', 'shop.example.com:80', 'catalog.default'), { route: { cluster: of('v1') } }],
      ['and has only this route', routeNames('gateway', 'shop.example.com:80'), ['catalog.default']],
      ['no sidecar has the public host', virtualHost('web', 'shop.example.com:80'), undefined],
    ],
  },
  {
    name: 'mirror-to-another-service',
    proxies: [web],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog();
      const audit = MeshService.fromService(world.traffic, 'Audit', world.service('audit', { ports: [{ name: 'http', port: 8080 }] }));
      catalog.routeDefaultTo(catalog.subset('v1'));
      new MirroredService(world.traffic, 'Shadow', { service: catalog, mirror: audit });
      new MirroredService(world.traffic, 'Second', { service: catalog, mirror: catalog.subset('v3'), percent: 50 });
    },
    states: [
      ['mirrored requests go to the port of the service, and to v3', route('web', VHOST, 'default'), {
        route: {
          cluster: of('v1'),
          requestMirrorPolicies: [
            { cluster: 'outbound|8080||audit.shop.svc.cluster.local', runtimeFraction: { defaultValue: { numerator: 100 } } },
            { cluster: of('v3'), runtimeFraction: { defaultValue: { numerator: 500000, denominator: 'MILLION' } } },
          ],
        },
      }],
      ['its cluster exists', cluster('web', 'audit.shop.svc.cluster.local', 8080), { type: 'EDS' }],
    ],
  },
  {
    name: 'dark-launch-in-another-service',
    proxies: [web, stranger],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog();
      const next = MeshService.fromService(
        world.traffic,
        'Next',
        world.service('catalog-next', { namespace: 'lab', ports: [{ name: 'http', port: 8080 }] }),
      );
      new DarkLaunch(world.traffic, 'Lab', { service: catalog, target: next, matches: staff });
    },
    states: [
      [
        'the cohort goes to the other service at its port',
        route('web', VHOST, 'default.lab'),
        { route: { cluster: 'outbound|8080||catalog-next.lab.svc.cluster.local' } },
      ],
      [
        'also for callers in other namespaces',
        route('stranger', VHOST, 'default.lab'),
        { route: { cluster: 'outbound|8080||catalog-next.lab.svc.cluster.local' } },
      ],
      ['the others to the service', route('web', VHOST, 'default'), { route: { cluster: `outbound|80||${HOST}` } }],
    ],
  },
  {
    name: 'retries-every-field',
    proxies: [web],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog();
      const off = new TrafficRoute(world.traffic, 'Off', { service: catalog, matches: [{ method: StringMatch.exact('POST') }] });
      new RequestPolicy(world.traffic, 'Never', { service: catalog, route: off, retries: { attempts: 0 } });
      new RequestPolicy(world.traffic, 'Often', {
        service: catalog,
        timeout: Duration.seconds(10),
        retries: {
          attempts: 4,
          perTryTimeout: Duration.millis(500),
          retryOn: ['gateway-error', '429'],
          retryRemoteLocalities: true,
          retryIgnorePreviousHosts: false,
          backoff: Duration.millis(100),
        },
      });
    },
    states: [
      ['four retries with all configured fields', route('web', VHOST, 'default'), {
        route: {
          timeout: '10s',
          retryPolicy: {
            numRetries: 4,
            perTryTimeout: '0.500s',
            retryOn: 'gateway-error,retriable-status-codes',
            retriableStatusCodes: [429],
            retryHostPredicate: undefined,
            retryPriority: { name: 'envoy.retry_priorities.previous_priorities' },
            retryBackOff: { baseInterval: '0.100s' },
          },
        },
      }],
      ['none for POST', route('web', VHOST, 'off'), { route: { retryPolicy: undefined, timeout: '10s' } }],
    ],
  },
  {
    name: 'retired-subset',
    proxies: [web],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog();
      catalog.routeDefaultTo(catalog.subset('v2'));
      catalog.retireSubset('v1');
    },
    states: [
      ['the retired subset still exists for proxies with old routes', cluster('web', HOST, 80, 'v1'), { type: 'EDS' }],
      ['requests go to v2', route('web', VHOST, 'default'), { route: { cluster: of('v2') } }],
    ],
  },
  {
    name: 'everything-on-one-service',
    proxies: [web, gateway],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog();
      new CanaryRelease(world.traffic, 'Canary', {
        service: catalog,
        stable: catalog.subset('v1'),
        canary: catalog.subset('v2'),
        canaryPercent: 10,
      });
      new DarkLaunch(world.traffic, 'Staff', { service: catalog, target: catalog.subset('v3'), matches: staff });
      new MirroredService(world.traffic, 'Shadow', { service: catalog, mirror: catalog.subset('v3') });
      new RequestPolicy(world.traffic, 'InTime', { service: catalog, timeout: Duration.seconds(5) });
      new CircuitBreakerPolicy(world.traffic, 'Breaker', {
        service: catalog,
        connectionPool: { maxConnections: 7 },
        outlierDetection: { maxEjectionPercent: 100, consecutive5xxErrors: 3 },
      });
      new CircuitBreakerPolicy(world.traffic, 'CanaryBreaker', {
        service: catalog,
        subset: catalog.subset('v2'),
        connectionPool: { http1MaxPendingRequests: 5 },
      });
      catalog.exposeVia(world.publicHost());
    },
    states: (['web', 'gateway'] as const).flatMap(proxy => [
      [
        'the stable version has the circuit breaker of the service',
        cluster(proxy, HOST, 80, 'v1'),
        { circuitBreakers: { thresholds: [{ maxConnections: 7 }] }, outlierDetection: { consecutive5xx: 3 } },
      ],
      [
        'the canary has its own limits and inherited ones',
        cluster(proxy, HOST, 80, 'v2'),
        {
          circuitBreakers: { thresholds: [{ maxConnections: 7, maxPendingRequests: 5 }] },
          outlierDetection: { consecutive5xx: 3, maxEjectionPercent: 100 },
        },
      ],
    ] as const),
  },
];
