import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import type { Case } from '../case';
import { cluster, connectionManager, route } from '../case';
import type { Proxy } from '../istiod/client';
import { World, gateway, web } from '../world';
import { HOST } from './catalog';
import {
  AccessLogging, CircuitBreakerPolicy, DefaultPart, LoadBalancerAlgorithm, MeshService, PolicyScope, RequestPolicy, StringMatch,
  TrafficDefaults,
  TrafficRoute,
} from 'cdk8s-istio';

const at = (subset?: string, host = HOST) => cluster('web', host, 80, subset);
const limits = (thresholds: object) => ({ circuitBreakers: { thresholds: [thresholds] } });
const pod = (app: string): Proxy => ({ name: app, type: 'sidecar', namespace: 'shop', labels: { app, version: 'v1' } });
const logOf = (expression: string) => ({ accessLog: [{ filter: { extensionFilter: { typedConfig: { expression } } } }] });
const mesh = PolicyScope.mesh();

/** Defaults of the mesh, a namespace and a tree, and the statements that replace them. */
export const defaults: readonly Case[] = [
  {
    name: 'defaults-of-requests',
    proxies: [web, gateway],
    build: app => {
      const world = new World(app);
      const { traffic } = world;
      const catalog = world.catalog();
      catalog.exposeVia(world.publicHost());
      new TrafficDefaults(traffic, 'Mesh', { scope: mesh, timeout: Duration.seconds(2), retries: { attempts: 1, retryOn: ['503'] } });
      new TrafficDefaults(traffic, 'Shop', { scope: PolicyScope.namespace(), timeout: Duration.seconds(3) });
      const items = new TrafficRoute(traffic, 'Items', { service: catalog, matches: [{ uri: StringMatch.prefix('/items') }] });
      new RequestPolicy(traffic, 'Slow', { service: catalog, route: items, timeout: Duration.seconds(9) });
    },
    states: [
      ['the timeout of the namespace, which overrides the mesh', route('web', `${HOST}:80`, 'default'), { route: { timeout: '3s' } }],
      [
        'the retries of the mesh',
        route('web', `${HOST}:80`, 'default'),
        { route: { retryPolicy: { numRetries: 1, retriableStatusCodes: [503] } } },
      ],
      [
        'the timeout of the statement for its route',
        route('web', `${HOST}:80`, 'items'),
        { route: { timeout: '9s', retryPolicy: { numRetries: 1 } } },
      ],
      [
        'the same at the gateway',
        route('gateway', 'shop.example.com:80', 'catalog.default'),
        { route: { timeout: '3s', retryPolicy: { numRetries: 1 } } },
      ],
    ],
  },
  {
    name: 'defaults-of-policies',
    proxies: [web],
    build: app => {
      const world = new World(app);
      const { traffic } = world;
      const catalog = world.catalog();
      const orders = MeshService.fromService(new Construct(traffic, 'Team'), 'Orders', world.service('orders'));
      new TrafficDefaults(traffic, 'Mesh', {
        scope: mesh,
        connectionPool: { maxConnections: 100, http1MaxPendingRequests: 20 },
        outlierDetection: { maxEjectionPercent: 50 },
        loadBalancer: { algorithm: LoadBalancerAlgorithm.RANDOM },
      });
      new TrafficDefaults(orders, 'Own', { connectionPool: { maxConnections: 7 }, without: [DefaultPart.OUTLIER_DETECTION] });
      new CircuitBreakerPolicy(traffic, 'Breaker', { service: catalog, connectionPool: { maxConnections: 500 } });
      new CircuitBreakerPolicy(traffic, 'V2', {
        service: catalog,
        subset: catalog.subset('v2'),
        connectionPool: { http1MaxPendingRequests: 2 },
      });
    },
    states: [
      [
        '500 connections from a statement, 20 pending requests from the default',
        at(),
        limits({ maxConnections: 500, maxPendingRequests: 20 }),
      ],
      ['the same for a subset', at('v1'), limits({ maxConnections: 500, maxPendingRequests: 20 })],
      ['a subset that overrides one of them', at('v2'), limits({ maxConnections: 500, maxPendingRequests: 2 })],
      ['ejection and balancing by default', at('v2'), { lbPolicy: 'RANDOM', outlierDetection: { maxEjectionPercent: 50 } }],
      [
        'the default of the nearest tree',
        at(undefined, 'orders.shop.svc.cluster.local'),
        limits({ maxConnections: 7, maxPendingRequests: 20 }),
      ],
      ['no ejection if the tree removes it', at(undefined, 'orders.shop.svc.cluster.local'), { outlierDetection: undefined }],
    ],
  },
  {
    name: 'defaults-of-logs',
    proxies: [pod('catalog'), pod('orders'), pod('cart')],
    build: app => {
      const world = new World(app);
      const { traffic } = world;
      world.catalog();
      const team = new Construct(traffic, 'Team');
      MeshService.fromService(team, 'Orders', world.service('orders'));
      MeshService.fromService(team, 'Cart', world.service('cart'));
      new TrafficDefaults(traffic, 'Mesh', { scope: mesh, accessLogging: { filter: 'response.code >= 500' } });
      new TrafficDefaults(team, 'Logs', { accessLogging: { filter: 'response.code >= 400' } });
      new AccessLogging(traffic, 'CartLogs', { scope: PolicyScope.workload({ app: 'cart' }) });
    },
    states: [
      ['logs of the mesh', connectionManager('catalog', '0.0.0.0_80'), logOf('response.code >= 500')],
      ['logs of the tree', connectionManager('orders', '0.0.0.0_80'), logOf('response.code >= 400')],
      ['logs of the statement', connectionManager('cart', '0.0.0.0_80'), { accessLog: [{ filter: undefined }] }],
    ],
  },
];
