import { Duration } from 'cdk8s';
import type { Case } from '../case';
import { route, routeNames } from '../case';
import { World, gateway, web } from '../world';
import { of, staff, VHOST } from './catalog';
import { CanaryRelease, DarkLaunch, MirroredService, RequestPolicy, StringMatch, TrafficRoute } from 'cdk8s-istio';

const beta = [{ cookies: { beta: StringMatch.exact('1') } }];

/** Routes, cohorts and splits on one service, and the result of each cell of their product. */
export const products: readonly Case[] = [
  {
    name: 'product-of-routes-and-cohorts',
    proxies: [web, gateway],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog();
      new CanaryRelease(world.traffic, 'Canary', {
        service: catalog,
        stable: catalog.subset('v1'),
        canary: catalog.subset('v2'),
        canaryPercent: 25,
      });
      new DarkLaunch(world.traffic, 'Staff', { service: catalog, target: catalog.subset('v3'), matches: staff, priority: 1 });
      new DarkLaunch(world.traffic, 'Beta', { service: catalog, target: catalog.subset('v2'), matches: beta, priority: 2 });
      const items = new TrafficRoute(world.traffic, 'Items', {
        service: catalog,
        matches: [{ uri: StringMatch.prefix('/items') }],
        rewrite: { uri: '/v1/items' },
      });
      new RequestPolicy(world.traffic, 'InTime', {
        service: catalog,
        route: items,
        timeout: Duration.seconds(2),
        retries: { attempts: 3, retryOn: ['5xx'] },
      });
      new MirroredService(world.traffic, 'Shadow', { service: catalog, mirror: catalog.subset('v3'), percent: 12.5 });
      catalog.exposeVia(world.publicHost(), { pathPrefix: '/shop', rewrite: '/' });
    },
    states: [
      [
        'the routes in order, each with the cohorts first and then the split',
        routeNames('web', VHOST),
        ['items.staff', 'items.beta', 'items', 'default.staff', 'default.beta', 'default'],
      ],
      ['a cohort of a route keeps its rewrite, timeout and retries', route('web', VHOST, 'items.staff'),
        {
          route: {
            cluster: of('v3'),
            prefixRewrite: '/v1/items',
            timeout: '2s',
            retryPolicy: { numRetries: 3, retryOn: '5xx' },
            requestMirrorPolicies: undefined,
          },
        }],
      ['the split is mirrored', route('web', VHOST, 'items'), {
        route: {
          weightedClusters: { clusters: [{ name: of('v1'), weight: 75 }, { name: of('v2'), weight: 25 }] },
          requestMirrorPolicies: [{ cluster: of('v3'), runtimeFraction: { defaultValue: { numerator: 125000, denominator: 'MILLION' } } }],
        },
      }],
      ['below /shop, the service gets the same paths as in the mesh', route('gateway', 'shop.example.com:80', 'catalog.items'),
        { match: { prefix: '/shop/items' }, route: { prefixRewrite: '/v1/items', timeout: '2s' } }],
      ['and the order is the same', routeNames('gateway', 'shop.example.com:80'),
        [
          'catalog.items.staff',
          'catalog.items.beta',
          'catalog.items',
          'catalog.default.staff',
          'catalog.default.staff',
          'catalog.default.beta',
          'catalog.default.beta',
          'catalog.default',
          'catalog.default',
        ]],
    ],
  },
  {
    name: 'product-narrowed-rewrites',
    proxies: [web],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog();
      catalog.routeDefaultTo(catalog.subset('v1'));
      new TrafficRoute(world.traffic, 'Items', {
        service: catalog,
        matches: [{ uri: StringMatch.prefix('/items') }],
        rewrite: { uri: '/v2/items', authority: 'old.example.com' },
      });
      new DarkLaunch(world.traffic, 'Search', {
        service: catalog,
        target: catalog.subset('v2'),
        matches: [{ uri: StringMatch.prefix('/items/search') }],
      });
      new DarkLaunch(world.traffic, 'First', {
        service: catalog,
        target: catalog.subset('v3'),
        matches: [{ uri: StringMatch.exact('/items/1') }],
      });
    },
    states: [
      [
        'a longer prefix is replaced by the longer rewrite',
        route('web', VHOST, 'items.search'),
        { match: { prefix: '/items/search' }, route: { prefixRewrite: '/v2/items/search', hostRewriteLiteral: 'old.example.com' } },
      ],
      [
        'an exact path by the whole path',
        route('web', VHOST, 'items.first'),
        { match: { path: '/items/1' }, route: { prefixRewrite: '/v2/items/1', cluster: of('v3') } },
      ],
      ['the route as configured', route('web', VHOST, 'items'), { route: { prefixRewrite: '/v2/items', cluster: of('v1') } }],
    ],
  },
  {
    name: 'rewrite-by-regex',
    proxies: [web],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog();
      new TrafficRoute(world.traffic, 'Old', {
        service: catalog,
        matches: [{ uri: StringMatch.prefix('/old/') }],
        rewrite: {
          uriRegexRewrite: { match: '^/old/([^/]+)(.*)$', rewrite: '/new/\\1\\2' },
        },
      });
    },
    states: [
      [
        'parts of the path are replaced',
        route('web', VHOST, 'old'),
        { route: { regexRewrite: { pattern: { regex: '^/old/([^/]+)(.*)$' }, substitution: '/new/\\1\\2' } } },
      ],
    ],
  },
  {
    name: 'canary-of-one-route',
    proxies: [web],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog();
      catalog.routeDefaultTo(catalog.subset('v1'));
      const items = new TrafficRoute(world.traffic, 'Items', { service: catalog, matches: [{ uri: StringMatch.prefix('/items') }] });
      new CanaryRelease(world.traffic, 'Canary', {
        service: catalog,
        route: items,
        stable: catalog.subset('v1'),
        canary: catalog.subset('v2'),
        canaryPercent: 0.5,
      });
    },
    states: [
      [
        '0.5 % of this route go to v2',
        route('web', VHOST, 'items'),
        {
          route: {
            weightedClusters: {
              clusters: [
                { name: of('v1'), weight: 995 },
                { name: of('v2'), weight: 5 },
              ],
            },
          },
        },
      ],
      ['the others go to the default', route('web', VHOST, 'default'), { route: { cluster: of('v1') } }],
    ],
  },
  ...[0, 100].map((canaryPercent): Case => ({
    name: `canary-of-${canaryPercent}`,
    proxies: [web],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog();
      new CanaryRelease(world.traffic, 'Canary', {
        service: catalog,
        stable: catalog.subset('v1'),
        canary: catalog.subset('v2'),
        canaryPercent,
      });
    },
    states: [
      [
        `${canaryPercent} % results in no split`,
        route('web', VHOST, 'default'),
        { route: { cluster: of(canaryPercent === 0 ? 'v1' : 'v2'), weightedClusters: undefined } },
      ],
    ],
  })),
];
