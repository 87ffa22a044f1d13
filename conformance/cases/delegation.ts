import { Duration } from 'cdk8s';
import type { Case } from '../case';
import { cluster, route, routeNames } from '../case';
import { World, gateway } from '../world';
import { HOST, PUBLIC } from './catalog';
import {
  Audience, CanaryRelease, CircuitBreakerPolicy, DarkLaunch, DelegatedHost, Delegation, IngressGateway, MeshService, MirroredService,
  PublicHost, RequestPolicy, StringMatch, TrafficRoute,
} from 'cdk8s-istio';

const at = (name: string) => route('gateway', PUBLIC, name);

/** A host of the namespace `edge`, whose root routes to `web`. */
function edge(world: World): PublicHost {
  world.ingress();
  const host = new PublicHost(world.traffic, 'Host', {
    gateway: new IngressGateway(world.traffic, 'Edge', { namespace: 'edge' }),
    host: 'shop.example.com',
  });
  MeshService.fromService(world.traffic, 'Web', world.service('web')).exposeVia(host);
  return host;
}

/** Paths of a public host that another namespace routes. */
export const delegation: readonly Case[] = [
  {
    name: 'delegation-in-order',
    proxies: [gateway],
    build: app => {
      const world = new World(app);
      const host = edge(world);
      const catalog = world.catalog();
      const orders = MeshService.fromService(world.traffic, 'Orders', world.service('orders', { ports: [{ name: 'http', port: 8080 }] }));
      const team = new Delegation(world.traffic, 'ShopTeam', { publicHost: host, pathPrefix: '/shop', namespace: 'shop' });
      catalog.exposeVia(team, { rewrite: '/' });
      orders.exposeVia(team, { pathPrefix: '/shop/orders' });
      orders.exposeVia(host, { pathPrefix: '/shop/legacy' });
      const items = new TrafficRoute(world.traffic, 'Items', {
        service: catalog,
        matches: [{ uri: StringMatch.prefix('/items'), method: StringMatch.exact('GET') }],
      });
      catalog.routeDefaultTo(catalog.subset('v1'));
      new CanaryRelease(world.traffic, 'Canary', {
        service: catalog,
        route: items,
        stable: catalog.subset('v1'),
        canary: catalog.subset('v3'),
        canaryPercent: 25,
      });
      new DarkLaunch(world.traffic, 'Staff', {
        service: catalog,
        target: catalog.subset('v2'),
        matches: [
          { headers: { 'x-staff': StringMatch.present() } },
        ],
        audiences: [Audience.publicHost(team)],
      });
      new RequestPolicy(world.traffic, 'Timeout', { service: catalog, timeout: Duration.seconds(3), retries: { attempts: 0 } });
      new MirroredService(world.traffic, 'Mirror', { service: catalog, mirror: catalog.subset('v2') });
      new CircuitBreakerPolicy(world.traffic, 'Breaker', { service: catalog, connectionPool: { maxConnections: 7 } });
    },
    states: [
      ['the narrower first: the paths of the host, then of the team, then the root', routeNames('gateway', PUBLIC), [
        'orders.default', 'orders.default', 'shop-team-orders.default', 'shop-team-orders.default', 'shop-team-catalog.items.staff',
        'shop-team-catalog.items',
        'shop-team-catalog.default.staff', 'shop-team-catalog.default.staff', 'shop-team-catalog.default', 'shop-team-catalog.default',
        'web.default',
      ]],
      ['the whole product: match and rewrite', at('shop-team-catalog.items'), {
        match: { prefix: '/shop/items', headers: [{ name: ':method', stringMatch: { exact: 'GET' } }] },
        route: {
          prefixRewrite: '/items',
          timeout: '3s',
          retryPolicy: undefined,
          weightedClusters: {
            clusters: [
              { name: `outbound|80|v1|${HOST}`, weight: 75 },
              { name: `outbound|80|v3|${HOST}`, weight: 25 },
            ],
          },
        },
      }],
      ['the mirror', at('shop-team-catalog.items'), { route: { requestMirrorPolicies: [{ cluster: `outbound|80|v2|${HOST}` }] } }],
      [
        'a dark launch for the delegated audience',
        at('shop-team-catalog.default.staff'),
        { match: { path: '/shop', headers: [{ name: 'x-staff', presentMatch: true }] }, route: { cluster: `outbound|80|v2|${HOST}` } },
      ],
      ['the segment itself', at('shop-team-catalog.default'), { match: { path: '/shop' }, route: { prefixRewrite: '/' } }],
      [
        'another port',
        at('shop-team-orders.default'),
        { match: { path: '/shop/orders' }, route: { cluster: 'outbound|8080||orders.shop.svc.cluster.local' } },
      ],
      ['the circuit breaker', cluster('gateway', HOST, 80, 'v3'), { circuitBreakers: { thresholds: [{ maxConnections: 7 }] } }],
    ],
  },
  {
    name: 'delegation-of-a-whole-host',
    proxies: [gateway],
    build: app => {
      const world = new World(app);
      world.ingress();
      const host = new PublicHost(world.traffic, 'Host', { gateway: new IngressGateway(world.traffic, 'Edge'), host: 'shop.example.com' });
      const catalog = world.catalog();
      const team = new Delegation(world.traffic, 'Team', { publicHost: host, namespace: 'shop', name: 'shop-routes' });
      catalog.exposeVia(team);
      new TrafficRoute(world.traffic, 'Loose', {
        service: catalog,
        matches: [{ uri: StringMatch.prefix('/Items'), ignoreUriCase: true }, { uri: StringMatch.regex('/p/[0-9]+') }],
        target: catalog.subset('v2'),
      });
    },
    states: [
      [
        'regex and ignoreCase, if the root sets no path',
        routeNames('gateway', PUBLIC),
        ['team-catalog.loose', 'team-catalog.loose', 'team-catalog.default'],
      ],
      [
        'ignoreCase',
        at('team-catalog.loose'),
        { match: { prefix: '/Items', caseSensitive: false }, route: { cluster: `outbound|80|v2|${HOST}` } },
      ],
      ['the rest', at('team-catalog.default'), { match: { prefix: '/' }, route: { cluster: `outbound|80||${HOST}` } }],
    ],
  },
  {
    name: 'delegation-owned-elsewhere',
    proxies: [gateway],
    build: app => {
      const world = new World(app);
      const host = edge(world);
      new Delegation(world.traffic, 'ShopTeam', {
        publicHost: host,
        pathPrefix: '/shop',
        namespace: 'shop',
        name: 'team-routes',
        ownedElsewhere: true,
      });
      new Delegation(world.traffic, 'LateTeam', { publicHost: host, pathPrefix: '/late', namespace: 'late', ownedElsewhere: true });
      world
        .catalog()
        .exposeVia(
          new DelegatedHost(world.traffic, 'Delegated', {
            host: 'shop.example.com',
            pathPrefix: '/shop',
            name: 'team-routes',
            rootNamespace: 'edge',
          }),
        );
    },
    states: [
      [
        'the delegate of another chart; the root takes the paths of a missing delegate',
        routeNames('gateway', PUBLIC),
        ['shop-team-catalog.default', 'shop-team-catalog.default', 'web.default'],
      ],
    ],
  },
];
