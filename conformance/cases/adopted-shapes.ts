import { ApiObject } from 'cdk8s';
import type { Case } from '../case';
import { cluster, route, routeNames, virtualHost } from '../case';
import { World, gateway, web } from '../world';
import {
  CircuitBreakerPolicy, ExternalDependency, IngressGateway, Listener, MeshService, PublicHost, Resolution, ServicePort, StringMatch,
  TrafficRoute,
} from 'cdk8s-istio';

/** Names and routes as existing manifests have them, which `adopt` keeps. */
export const adoptedShapes: readonly Case[] = [
  {
    name: 'adopted-names-and-ports',
    proxies: [web, gateway],
    build: app => {
      const world = new World(app);
      world.ingress();
      world.service('catalog');
      const page = MeshService.fromService(world.traffic, 'Page', world.service('page', { ports: [{ name: 'http', port: 9080 }] }), {
        virtualServiceName: 'page-routes',
        destinationRuleName: 'page-versions',
        defaultRoute: false,
        portConditions: false,
        destinationPorts: false,
      });
      const ingress = new IngressGateway(world.traffic, 'Gateway', {
        hosts: ['*'], listeners: [Listener.http(80, { httpsRedirect: true })],
      });
      const every = new PublicHost(world.traffic, 'Every', { gateway: ingress, host: '*' });
      page.exposeVia(every, { defaultRoute: false });
      new TrafficRoute(world.traffic, 'Static', {
        service: page, matches: [{ uri: StringMatch.prefix('/static') }], target: page.addSubset('v1', { labels: { version: 'v1' } }),
      });
    },
    states: [
      ['callers get only the stated route', routeNames('web', 'page.shop.svc.cluster.local:9080'), ['static']],
      [
        'without a condition on the port, port 80 of another service has it, too, at a cluster that does not exist',
        route('web', 'page.shop.svc.cluster.local:80', 'static'),
        { match: { prefix: '/static' }, route: { cluster: 'outbound|80|v1|page.shop.svc.cluster.local' } },
      ],
      ['every host of the gateway gets only the stated route, over HTTPS', virtualHost('gateway', '*:80'), {
        domains: ['*'],
        requireTls: 'ALL',
        routes: [{ match: { prefix: '/static' }, route: { cluster: 'outbound|9080|v1|page.shop.svc.cluster.local' } }],
      }],
    ],
  },
  {
    name: 'gateway-of-another-program',
    proxies: [web, gateway],
    build: app => {
      const world = new World(app);
      world.ingress();
      new ApiObject(world.traffic, 'Shared', {
        apiVersion: 'networking.istio.io/v1',
        kind: 'Gateway',
        metadata: { name: 'shared', namespace: 'edge' },
        spec: { selector: { istio: 'ingressgateway' }, servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*/*'] }] },
      });
      const page = MeshService.fromService(world.traffic, 'Page', world.service('page'));
      const shared = IngressGateway.fromName(world.traffic, 'Gateway', { name: 'shared', namespace: 'edge' });
      page.exposeVia(new PublicHost(world.traffic, 'Host', { gateway: shared, host: 'shop.example.com' }));
      const api = MeshService.fromService(world.traffic, 'Api', world.service('api'));
      api.exposeVia(new PublicHost(world.traffic, 'ApiHost', { gateway: shared, host: 'api.example.com', namespace: 'other' }));
    },
    states: [
      ['a host on a Gateway of another namespace leads to its service', virtualHost('gateway', 'shop.example.com:80'), {
        routes: [{ route: { cluster: 'outbound|80||page.shop.svc.cluster.local' } }],
      }],
      ['so does one whose VirtualService has a namespace of its own', virtualHost('gateway', 'api.example.com:80'), {
        routes: [{ route: { cluster: 'outbound|80||api.shop.svc.cluster.local' } }],
      }],
    ],
  },
  {
    name: 'adopted-dependency',
    proxies: [web],
    build: app => {
      const world = new World(app);
      const api = new ExternalDependency(world.traffic, 'Api', {
        hosts: ['api.example.com'],
        ports: [ServicePort.http(8080, { name: 'web' })],
        resolution: Resolution.DNS,
        virtualServiceName: 'api-routes',
        destinationRuleName: 'api-limits',
        defaultRoute: false,
        portConditions: false,
        destinationPorts: false,
      });
      new TrafficRoute(world.traffic, 'Items', { service: api, matches: [{ uri: StringMatch.prefix('/items') }] });
      new CircuitBreakerPolicy(world.traffic, 'Limits', { service: api, connectionPool: { maxConnections: 7 } });
    },
    states: [
      ['callers of the host get only the stated route', routeNames('web', 'api.example.com:8080'), ['items']],
      ['its limits apply', cluster('web', 'api.example.com', 8080), { circuitBreakers: { thresholds: [{ maxConnections: 7 }] } }],
    ],
  },
];
