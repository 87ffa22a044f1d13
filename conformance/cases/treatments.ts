import { Duration } from 'cdk8s';
import type { Case } from '../case';
import { route, routeNames } from '../case';
import { World, gateway, web } from '../world';
import { header, of, PUBLIC, VHOST } from './catalog';
import {
  DarkLaunch, FaultInjection, MeshService, MirroredService, RedirectPort, RequestPolicy, StringMatch, TrafficRoute, UnmatchedPreflights,
} from 'cdk8s-istio';
import type { TrafficRouteProps } from 'cdk8s-istio';

const old = [{ uri: StringMatch.prefix('/old') }];

/** One route with one treatment. */
function treated(name: string, props: Omit<TrafficRouteProps, 'service'>, stated: string, envoy: object): Case {
  return {
    name: `treatment-${name}`,
    proxies: [web],
    build: app => {
      const world = new World(app);
      new TrafficRoute(world.traffic, 'It', { service: world.catalog(), matches: old, ...props });
    },
    states: [[stated, route('web', VHOST, 'it'), envoy]],
  };
}

/** Treatments of the requests of a route, and of those that meet conditions. */
export const treatments: readonly Case[] = [
  treated('redirect-uri', {
    redirect: { uri: '/new', authority: 'shop.example.com', redirectCode: 308 },
  }, 'a permanent redirect to another path and host',
  { redirect: { pathRedirect: '/new', hostRedirect: 'shop.example.com', responseCode: 'PERMANENT_REDIRECT' }, route: undefined }),
  treated('redirect-prefix', { redirect: { prefixRewrite: '/new' } }, 'a redirect that replaces the prefix', {
    redirect: { prefixRewrite: '/new' },
  }),
  treated('redirect-https', {
    redirect: { scheme: 'https', derivePort: RedirectPort.FROM_PROTOCOL_DEFAULT, redirectCode: 302 },
  }, 'a redirect to HTTPS',
  { redirect: { schemeRedirect: 'https', responseCode: 'FOUND' } }),
  treated('redirect-port', { redirect: { port: 8443 } }, 'a redirect to another port', { redirect: { portRedirect: 8443 } }),
  treated('direct-response', { directResponse: { status: 503, body: 'closed' } }, 'answered by Envoy', {
    directResponse: { status: 503, body: { inlineString: 'closed' } },
    route: undefined,
  }),
  treated('direct-response-in-bytes', { directResponse: { status: 200, bodyBase64: '//4=' } }, 'answered by Envoy with bytes', {
    directResponse: { status: 200, body: { inlineBytes: '//4=' } },
  }),
  treated('direct-response-without-body', { directResponse: { status: 204 } }, 'answered by Envoy without a body', {
    directResponse: { status: 204, body: undefined },
  }),
  treated('stat-prefix', { statPrefix: 'old.paths' }, 'statistics with a separate name', {
    statPrefix: 'old.paths',
    match: { pathSeparatedPrefix: undefined, prefix: '/old' },
  }),
  treated('stat-prefix-of-all', { statPrefix: 'all', matches: undefined }, 'statistics with a name for every request', {
    statPrefix: 'all',
    match: { prefix: '/' },
  }),
  treated('headers', {
    headers: {
      request: { set: { 'x-a': '1' }, add: { 'x-b': '2' }, remove: ['x-c'] },
      response: { set: { 'x-d': '3' }, add: { 'x-e': '4' }, remove: ['x-f'] },
    },
  }, 'headers of requests and responses are set, added and removed', {
    requestHeadersToAdd: [
      { header: { key: 'x-a', value: '1' }, appendAction: 'OVERWRITE_IF_EXISTS_OR_ADD' },
      { header: { key: 'x-b', value: '2' }, appendAction: undefined },
    ],
    requestHeadersToRemove: ['x-c'],
    responseHeadersToAdd: [{ header: { key: 'x-d', value: '3' } }, { header: { key: 'x-e', value: '4' } }],
    responseHeadersToRemove: ['x-f'],
  }),
  treated('host-header', { headers: { request: { set: { host: 'other.example.com' } } } }, 'the Host header is set', {
    route: { hostRewriteLiteral: 'other.example.com' },
  }),
  treated('cors', {
    cors: {
      allowOrigins: [StringMatch.exact('https://a.example.com'), StringMatch.prefix('https://b.'), StringMatch.regex('https://c[0-9]+')],
      allowMethods: ['GET', 'PUT'],
      allowHeaders: ['x-a'],
      exposeHeaders: ['x-b'],
      maxAge: Duration.hours(1),
      allowCredentials: true,
      unmatchedPreflights: UnmatchedPreflights.IGNORE,
    },
  }, 'CORS allows other origins', {
    typedPerFilterConfig: {
      'envoy.filters.http.cors': {
        allowOriginStringMatch: [{ exact: 'https://a.example.com' }, { prefix: 'https://b.' }, { safeRegex: { regex: 'https://c[0-9]+' } }],
        allowMethods: 'GET,PUT',
        allowHeaders: 'x-a',
        exposeHeaders: 'x-b',
        maxAge: '3600',
        allowCredentials: true,
        forwardNotMatchingPreflights: false,
      },
    },
  }),
  {
    name: 'treatment-weighted-services',
    proxies: [web],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog();
      const legacy = MeshService.fromService(world.traffic, 'Legacy', world.service('legacy', { ports: [{ name: 'http', port: 8080 }] }));
      new TrafficRoute(world.traffic, 'Search', {
        service: catalog,
        matches: [{ uri: StringMatch.prefix('/search') }],
        targets: [
          { target: legacy, weight: 3 },
          { target: catalog.subset('v2'), weight: 1, headers: { request: { set: { 'x-moved': 'yes' } } } },
        ],
      });
      new TrafficRoute(world.traffic, 'Reports', { service: catalog, matches: [{ uri: StringMatch.prefix('/reports') }], target: legacy });
      new DarkLaunch(world.traffic, 'Staff', { service: catalog, target: catalog.subset('v3'), matches: header('x-staff') });
      catalog.routeDefaultTo(catalog.subset('v1'));
      new MirroredService(world.traffic, 'Shadow', { service: catalog, mirror: catalog.subset('v3') });
      new RequestPolicy(world.traffic, 'InTime', { service: catalog, timeout: Duration.seconds(1) });
    },
    states: [
      ['cohorts do not apply to routes to other services', routeNames('web', VHOST), ['reports', 'search', 'default.staff', 'default']],
      ['75 % to the other service at its port, 25 % to v2 with a header', route('web', VHOST, 'search'), {
        route: {
          weightedClusters: {
            clusters: [
              { name: 'outbound|8080||legacy.shop.svc.cluster.local', weight: 3 },
              { name: of('v2'), weight: 1, requestHeadersToAdd: [{ header: { key: 'x-moved', value: 'yes' } }] },
            ],
          },
          timeout: '1s',
          requestMirrorPolicies: undefined,
        },
      }],
      [
        'a whole route to the other service',
        route('web', VHOST, 'reports'),
        { route: { cluster: 'outbound|8080||legacy.shop.svc.cluster.local', requestMirrorPolicies: undefined } },
      ],
    ],
  },
  {
    name: 'treatment-weighted-subsets',
    proxies: [web],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog();
      new TrafficRoute(world.traffic, 'Search', {
        service: catalog,
        matches: [{ uri: StringMatch.prefix('/search') }],
        targets: ['v1', 'v2', 'v3'].map(
          (v, i) => ({ target: catalog.subset(v), weight: i }),
        ),
      });
      new DarkLaunch(world.traffic, 'Staff', { service: catalog, target: catalog.subset('v3'), matches: header('x-staff') });
      catalog.routeDefaultTo(catalog.subset('v1'));
    },
    states: [
      [
        'cohorts apply, because all targets belong to the service',
        routeNames('web', VHOST),
        ['search.staff', 'search', 'default.staff', 'default'],
      ],
      [
        'weight 0 gets nothing',
        route('web', VHOST, 'search'),
        {
          route: {
            weightedClusters: {
              clusters: [
                { name: of('v2'), weight: 1 },
                { name: of('v3'), weight: 2 },
              ],
            },
          },
        },
      ],
    ],
  },
  {
    name: 'redirect-behind-a-prefix',
    proxies: [web, gateway],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog();
      new TrafficRoute(world.traffic, 'Old', { service: catalog, matches: old, redirect: { prefixRewrite: '/new' } });
      new TrafficRoute(world.traffic, 'Home', { service: catalog, matches: [{ uri: StringMatch.exact('/home') }], redirect: { uri: '/' } });
      catalog.exposeVia(world.publicHost(), { pathPrefix: '/shop', rewrite: '/' });
    },
    states: [
      ['in the mesh, the path is that of the service', route('web', VHOST, 'old'), { redirect: { prefixRewrite: '/new' } }],
      [
        'below /shop, it is that of the caller',
        route('gateway', PUBLIC, 'catalog.old'),
        { match: { prefix: '/shop/old' }, redirect: { prefixRewrite: '/shop/new' } },
      ],
      [
        'and the root is /shop',
        route('gateway', PUBLIC, 'catalog.home'),
        { match: { path: '/shop/home' }, redirect: { pathRedirect: '/shop' } },
      ],
    ],
  },
  {
    name: 'fault-delay-and-abort',
    proxies: [web],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog();
      new FaultInjection(world.traffic, 'Slow', { service: catalog, delay: { fixedDelay: Duration.seconds(2), percentage: 0.1 } });
      new FaultInjection(world.traffic, 'Broken', { service: catalog, abort: { httpStatus: 500, percentage: 50 } });
      const rpc = new TrafficRoute(world.traffic, 'Rpc', { service: catalog, matches: [{ uri: StringMatch.prefix('/rpc.') }] });
      new FaultInjection(world.traffic, 'RpcBroken', {
        service: catalog,
        route: rpc,
        abort: { grpcStatus: 'UNAVAILABLE', percentage: 100 },
      });
    },
    states: [
      ['two faults on one service are one fault', route('web', VHOST, 'default'), {
        typedPerFilterConfig: {
          'envoy.filters.http.fault': {
            delay: { fixedDelay: '2s', percentage: { numerator: 1000, denominator: 'MILLION' } },
            abort: {
              httpStatus: 500,
              percentage: { numerator: 500000, denominator: 'MILLION' },
            },
          },
        },
      }],
      [
        'a route has its own abort, and the delay of all routes',
        route('web', VHOST, 'rpc'),
        { typedPerFilterConfig: { 'envoy.filters.http.fault': { delay: { fixedDelay: '2s' }, abort: { grpcStatus: 14 } } } },
      ],
    ],
  },
];
