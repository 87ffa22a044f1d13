import { Duration } from 'cdk8s';
import type { Case } from '../case';
import { route, routeNames, virtualHost } from '../case';
import { World, gateway, web } from '../world';
import { header, of, PUBLIC, VHOST } from './catalog';
import { CanaryRelease, DarkLaunch, FaultInjection, MirroredService, RequestPolicy, StringMatch, TrafficRoute } from 'cdk8s-istio';

/** Treatments of requests that meet conditions, and the sticky canary. */
export const conditions: readonly Case[] = [
  {
    name: 'conditioned-fault',
    proxies: [web, gateway],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog();
      new TrafficRoute(world.traffic, 'Items', {
        service: catalog,
        matches: [{ uri: StringMatch.prefix('/items') }],
        rewrite: { uri: '/v2/items' },
      });
      new FaultInjection(world.traffic, 'Chaos', {
        service: catalog,
        matches: [{ uri: StringMatch.prefix('/items/search'), ...header('x-chaos')[0] }],
        abort: { httpStatus: 503, percentage: 100 },
      });
      new RequestPolicy(world.traffic, 'Debug', { service: catalog, matches: header('x-debug'), timeout: Duration.minutes(1) });
      new RequestPolicy(world.traffic, 'InTime', { service: catalog, timeout: Duration.seconds(1) });
      catalog.exposeVia(world.publicHost(), { pathPrefix: '/shop', rewrite: '/' });
    },
    states: [
      [
        'the routes for both conditions, then for each, then for none',
        routeNames('web', VHOST),
        ['items.chaos.debug', 'items.chaos', 'items.debug', 'items', 'default.debug', 'default'],
      ],
      ['a request that meets both has both treatments, and the rewrite of its route', route('web', VHOST, 'items.chaos.debug'),
        {
          match: { prefix: '/items/search' },
          route: { prefixRewrite: '/v2/items/search', timeout: '60s' },
          typedPerFilterConfig: { 'envoy.filters.http.fault': { abort: { httpStatus: 503 } } },
        }],
      [
        'a request that meets the first has the fault, and the timeout of all',
        route('web', VHOST, 'items.chaos'),
        { route: { timeout: '1s' }, typedPerFilterConfig: { 'envoy.filters.http.fault': {} } },
      ],
      [
        'a request that meets none has neither',
        route('web', VHOST, 'items'),
        { route: { timeout: '1s', prefixRewrite: '/v2/items' }, typedPerFilterConfig: undefined },
      ],
      [
        'the same below /shop',
        route('gateway', PUBLIC, 'catalog.items.chaos'),
        { match: { prefix: '/shop/items/search' }, route: { prefixRewrite: '/v2/items/search' } },
      ],
    ],
  },
  {
    name: 'conditions-on-one-slot',
    proxies: [web],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog();
      new RequestPolicy(world.traffic, 'Slow', { service: catalog, matches: header('x-slow'), priority: 2, timeout: Duration.seconds(9) });
      new RequestPolicy(world.traffic, 'Batch', {
        service: catalog,
        matches: [{ method: StringMatch.exact('POST') }],
        priority: 1,
        timeout: Duration.seconds(30),
      });
      new RequestPolicy(world.traffic, 'Retry', { service: catalog, matches: header('x-retry'), retries: { attempts: 5 } });
    },
    states: [
      ['on one slot, the lower priority wins', routeNames('web', VHOST),
        ['default.retry.batch', 'default.retry.slow', 'default.retry', 'default.batch', 'default.slow', 'default']],
      [
        'two slots apply together',
        route('web', VHOST, 'default.retry.batch'),
        { route: { timeout: '30s', retryPolicy: { numRetries: 5 } } },
      ],
    ],
  },
  {
    name: 'sticky-canary',
    proxies: [web, gateway],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog();
      new CanaryRelease(world.traffic, 'Canary', {
        service: catalog,
        stable: catalog.subset('v1'),
        canary: catalog.subset('v2'),
        canaryPercent: 20,
        stickyCookie: {
          name: 'version',
          ttl: Duration.hours(1),
        },
      });
      new DarkLaunch(world.traffic, 'Staff', { service: catalog, target: catalog.subset('v3'), matches: header('x-staff') });
      new MirroredService(world.traffic, 'Shadow', { service: catalog, mirror: catalog.subset('v2') });
      catalog.exposeVia(world.publicHost());
    },
    states: [
      [
        'the cookie is matched after the cohorts',
        routeNames('web', VHOST),
        ['default.staff', 'default.sticky-v1', 'default.sticky-v2', 'default'],
      ],
      ['clients with v1 stay there, and are mirrored', route('web', VHOST, 'default.sticky-v1'),
        {
          match: { headers: [{ name: 'cookie', stringMatch: { safeRegex: { regex: '(.*;\\s*)?version=v1(;.*)?' } } }] },
          route: { cluster: of('v1'), requestMirrorPolicies: [{ cluster: of('v2') }] },
        }],
      [
        'clients with v2 are not mirrored to v2 again',
        route('web', VHOST, 'default.sticky-v2'),
        { route: { cluster: of('v2'), requestMirrorPolicies: undefined } },
      ],
      ['other clients are split, and get the cookie of their version', route('web', VHOST, 'default'), {
        route: {
          weightedClusters: {
            clusters: [
              {
                name: of('v1'),
                weight: 80,
                responseHeadersToAdd: [{ header: { key: 'set-cookie', value: 'version=v1; Max-Age=3600; Path=/; HttpOnly' } }],
              },
              {
                name: of('v2'),
                weight: 20,
                responseHeadersToAdd: [{ header: { key: 'set-cookie', value: 'version=v2; Max-Age=3600; Path=/; HttpOnly' } }],
              },
            ],
          },
        },
      }],
      [
        'also at the gateway',
        virtualHost('gateway', PUBLIC),
        { routes: [{}, { route: { cluster: of('v1') } }, { route: { cluster: of('v2') } }, {}] },
      ],
    ],
  },
  ...[0, 100].map((canaryPercent): Case => ({
    name: `sticky-canary-at-${canaryPercent}`,
    proxies: [web],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog();
      new CanaryRelease(world.traffic, 'Canary', {
        service: catalog,
        stable: catalog.subset('v1'),
        canary: catalog.subset('v2'),
        canaryPercent,
        stickyCookie: {
          name: 'version',
          ttl: Duration.hours(1),
        },
      });
    },
    states: [['no client is kept', routeNames('web', VHOST), ['default']]],
  })),
];
