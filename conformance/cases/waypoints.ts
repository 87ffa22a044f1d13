import type { Case, Statement } from '../case';
import { endpointsOf, namedCluster, waypointAccess, waypointChains, waypointConnections, waypointRoutes } from '../case';
import type { Manifest } from './plain-mesh';
import { at, deployment, entry, networking, plainMesh, rule, service } from './plain-mesh';
import type { Proxy } from '../istiod/client';

const API = 'gateway.networking.k8s.io';
const CATALOG = 'catalog.shop.svc.cluster.local';
const ORDERS = 'orders.other.svc.cluster.local';
const pods = (name: string) => ({ [`${API}/gateway-name`]: name });
const OWN: Proxy = { name: 'wp', type: 'waypoint', namespace: 'shop', labels: pods('wp') };
const FAR: Proxy = { name: 'far', type: 'waypoint', namespace: 'infra', labels: pods('far') };

interface Namespace extends Omit<Manifest, 'spec'> { readonly spec?: undefined }

const namespace = (name: string, labels: object = {}): Manifest => (
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } } as Namespace as unknown as Manifest);
const gateway = (name: string, own: string, { labels = {}, allowedRoutes = {}, port = 15008 }: Partial<Record<'labels' | 'allowedRoutes', object>> & { port?: number } = {}): Manifest => ({
  apiVersion: `${API}/v1`,
  kind: 'Gateway',
  metadata: { name, namespace: own, labels },
  spec: { gatewayClassName: 'istio-waypoint', listeners: [{ name: 'mesh', port, protocol: 'HBONE', allowedRoutes }] },
});
const use = (name: string, own?: string) => ({
  'istio.io/use-waypoint': name, ...own && { 'istio.io/use-waypoint-namespace': own },
});
const BASE = [namespace('shop', use('wp')), namespace('other'), namespace('infra'), gateway('wp', 'shop')];
const FROM_ALL = gateway('far', 'infra', { allowedRoutes: { namespaces: { from: 'All' } } });
const SHOP_USES_FAR = [namespace('shop', use('far', 'infra')), namespace('other'), namespace('infra'), FROM_ALL];
const catalog = (spec: object = {}, metadata: object = {}): Manifest[] => (
  [service('catalog', spec, metadata), deployment('catalog', 'v1'), deployment('catalog', 'v2')]);
const orders = service('orders', {}, { namespace: 'other' });
const virtualService = networking('VirtualService');
const staticEntry = (name: string, port: number, age: object, spec: object = {}, labels: object = {}): Manifest => entry(name, {
  hosts: ['api.example.com'],
  addresses: ['240.0.0.1'],
  resolution: 'STATIC',
  ports: [{ number: port, name: 'http', protocol: 'HTTP' }],
  endpoints: [{ address: '10.1.0.1' }],
  ...spec,
}, { namespace: 'infra', labels, ...age });
const to = (host: string, subset?: string) => ({ destination: { host, ...subset && { subset } } });
const SUBSETS = ['v1', 'v2'].map(name => ({ name, labels: { version: name } }));
const vip = (port: number, protocol: string, host = CATALOG) => `inbound-vip|${port}|${protocol}|${host}`;
const httpRoute = (name: string, spec: object, metadata: object = {}): Manifest => ({
  apiVersion: `${API}/v1`, kind: 'HTTPRoute', metadata: { name, namespace: 'shop', ...metadata }, spec,
});
const OF_CATALOG = [{ group: '', kind: 'Service', name: 'catalog', namespace: 'shop', port: 80 }];
const policy = (name: string, spec: object, metadata: object = {}): Manifest => (
  { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', metadata: { name, namespace: 'shop', ...metadata }, spec });
const NO_POSTS = {
  action: 'DENY',
  rules: [{ from: [{ source: { namespaces: ['other'] } }], to: [{ operation: { methods: ['POST'], ports: ['80'] } }] }],
};

function waypoint(name: string, manifests: readonly Manifest[], states: readonly Statement[], proxies: readonly Proxy[] = [OWN]): Case {
  return plainMesh(`waypoint-${name}`, manifests, { proxies, states });
}

const DIRECT = ['direct-tcp', 'direct-http'];
const PORTS = [
  { name: 'http', port: 80, targetPort: 3000 }, { name: 'any', port: 81 }, { name: 'tcp', port: 82 }, { name: 'grpc', port: 83 },
  { name: 'tls', port: 84 }, { name: 'dns', port: 53, protocol: 'UDP' },
];

/** What waypoints do with the services that they serve. */
export const waypoints: readonly Case[] = [
  waypoint('of-a-namespace', [...BASE, ...catalog(), orders], [
    ['the namespace uses the waypoint', waypointChains('wp'), [vip(80, 'http'), ...DIRECT]],
    ['nothing routes the service', waypointRoutes('wp', CATALOG), [vip(80, 'http')]],
  ]),
  waypoint('ports', [...BASE, ...catalog({ ports: PORTS }), rule('catalog', { host: 'catalog', subsets: SUBSETS })], [
    ['each port is read by its protocol', waypointChains('wp'), [
      vip(80, 'http'), vip(81, 'tcp'), vip(81, 'http'), vip(82, 'tcp'), vip(83, 'http'), vip(84, 'tcp'), ...DIRECT,
    ]],
    ['subsets have clusters', namedCluster('wp', vip(82, 'tcp/v2')), { type: 'EDS' }],
  ]),
  waypoint('of-a-service', [
    namespace('shop'), gateway('wp', 'shop'), ...catalog({}, { labels: use('wp') }), service('cart'),
  ], [['only the service that names it', waypointChains('wp'), [vip(80, 'http'), ...DIRECT]]]),
  waypoint('none', [...BASE, ...catalog({}, { labels: use('none') }), service('cart')], [
    ['a service opts out', waypointChains('wp'), [vip(80, 'http', 'cart.shop.svc.cluster.local'), ...DIRECT]],
  ]),
  waypoint('of-another-namespace', [...SHOP_USES_FAR, ...catalog()], [
    ['its listener allows all namespaces', waypointChains('far'), [vip(80, 'http'), ...DIRECT]],
  ], [FAR]),
  waypoint('not-allowed', [namespace('shop', use('far', 'infra')), namespace('infra'), gateway('far', 'infra'), ...catalog()], [
    ['its listener allows its own namespace alone', waypointChains('far'), DIRECT],
  ], [FAR]),
  waypoint('allowed-by-labels', [
    namespace('shop', { ...use('far', 'infra'), team: 'a' }), namespace('other', use('far', 'infra')), namespace('infra'),
    gateway('far', 'infra', { allowedRoutes: { namespaces: { from: 'Selector', selector: { matchLabels: { team: 'a' } } } } }),
    ...catalog(), orders,
  ], [['the labels of one namespace match', waypointChains('far'), [vip(80, 'http'), ...DIRECT]]], [FAR]),
  waypoint('for-workloads', [
    namespace('shop', use('wp')), gateway('wp', 'shop', { labels: { 'istio.io/waypoint-for': 'workload' } }), ...catalog(),
  ], [['it serves no services', waypointChains('wp'), DIRECT]]),
  waypoint('for-all', [
    namespace('shop', use('wp')), gateway('wp', 'shop', { labels: { 'istio.io/waypoint-for': 'all' } }), ...catalog(),
  ], [['it serves services, too', waypointChains('wp'), [vip(80, 'http'), ...DIRECT]]]),
  waypoint('headless', [...BASE, ...catalog({ clusterIP: 'None' })], [
    ['connections keep their address', namedCluster('wp', vip(80, 'http')), { type: 'ORIGINAL_DST', lbPolicy: 'CLUSTER_PROVIDED' }],
  ]),
  waypoint('virtual-services-add-up', [
    ...BASE, ...catalog(), rule('catalog', { host: 'catalog', subsets: SUBSETS }),
    virtualService('first', { hosts: ['catalog'], http: [{ match: [{ uri: { prefix: '/a' } }], route: [to('catalog', 'v1')] }] }, at(1)),
    virtualService('second', { hosts: ['catalog'], http: [{ route: [to('catalog', 'v2')] }] }, at(2)),
  ], [['the older one comes first', waypointRoutes('wp', CATALOG), [vip(80, 'http/v1'), vip(80, 'http/v2')]]]),
  waypoint('catch-all-hides-later-routes', [
    ...BASE, ...catalog(), rule('catalog', { host: 'catalog', subsets: SUBSETS }),
    virtualService('first', { hosts: ['catalog'], http: [{ route: [to('catalog', 'v1')] }] }, at(1)),
    httpRoute('second', { parentRefs: OF_CATALOG, rules: [{ backendRefs: [{ name: 'catalog', port: 80 }] }] }, { ...at(2), namespace: 'shop' }),
  ], [['routes of the Gateway API in the namespace of the waypoint come first', waypointRoutes('wp', CATALOG), [vip(80, 'http'), vip(80, 'http/v1')]]]),
  waypoint('route-of-a-caller', [
    ...BASE, ...catalog(),
    httpRoute('mine', { parentRefs: OF_CATALOG, rules: [{ backendRefs: [{ name: 'orders', port: 80 }] }] }, { namespace: 'other' }), orders,
  ], [['a route of a caller\'s namespace does not count', waypointRoutes('wp', CATALOG), [vip(80, 'http')]]]),
  waypoint('route-of-a-third-namespace', [
    ...BASE, ...catalog(), orders,
    virtualService('mine', { hosts: [CATALOG], http: [{ route: [to(ORDERS)] }] }, { namespace: 'other' }),
  ], [['a VirtualService of a third namespace does not count', waypointRoutes('wp', CATALOG), [vip(80, 'http')]]]),
  waypoint('private-route-at-a-far-waypoint', [
    ...SHOP_USES_FAR, ...catalog(), rule('catalog', { host: 'catalog', subsets: SUBSETS }),
    virtualService('mine', { hosts: ['catalog'], exportTo: ['.'], http: [{ route: [to('catalog', 'v1')] }] }),
  ], [['exportTo is read for the namespace of the waypoint', waypointRoutes('far', CATALOG), [vip(80, 'http')]]], [FAR]),
  waypoint('source-labels', [
    ...BASE, ...catalog(), rule('catalog', { host: 'catalog', subsets: SUBSETS }),
    virtualService('mine', {
      hosts: ['catalog'],
      http: [
        { match: [{ sourceLabels: { app: 'web' } }, { sourceNamespace: 'other' }, { uri: { exact: '/v1' } }], route: [to('catalog', 'v1')] },
        { route: [to('catalog', 'v2')] },
      ],
    }),
  ], [['matches of callers are dropped', waypointRoutes('wp', CATALOG), [vip(80, 'http/v1'), vip(80, 'http/v2')]]]),
  waypoint('other-destinations', [
    ...BASE, ...catalog(), orders,
    virtualService('mine', { hosts: ['catalog'], http: [{ route: [{ ...to(ORDERS), weight: 30 }, { ...to('catalog'), weight: 70 }] }] }),
  ], [
    ['what it serves by its pods, others as clients do', waypointRoutes('wp', CATALOG), [`outbound|80||${ORDERS} 30,${vip(80, 'http')} 70`]],
    ['the other service has a cluster', namedCluster('wp', `outbound|80||${ORDERS}`), { type: 'EDS' }],
  ]),
  waypoint('unknown-destinations', [
    ...BASE, ...catalog(),
    httpRoute('mine', { parentRefs: OF_CATALOG, rules: [{ backendRefs: [{ name: 'missing', port: 80 }] }] }),
  ], [['the cluster does not exist', waypointRoutes('wp', CATALOG), [vip(80, 'http', 'missing.shop.svc.cluster.local')]]]),
  waypoint('policy-of-clients', [
    ...BASE, ...catalog(),
    rule('mine', { host: CATALOG, trafficPolicy: { connectionPool: { http: { http1MaxPendingRequests: 7 } } } }, { namespace: 'other' }),
  ], [
    ['a DestinationRule of a caller does not count', namedCluster('wp', vip(80, 'http')), {
      circuitBreakers: { thresholds: [{ maxPendingRequests: 4294967295 }] },
    }],
  ]),
  waypoint('policy-of-the-service', [
    ...BASE, ...catalog(),
    rule('mine', {
      host: 'catalog',
      trafficPolicy: {
        connectionPool: { http: { http1MaxPendingRequests: 7 } },
        tls: { mode: 'SIMPLE', sni: 'catalog.example.com' },
        loadBalancer: { consistentHash: { httpHeaderName: 'x-user' } },
      },
    }),
  ], [
    ['a DestinationRule of the service counts', namedCluster('wp', vip(80, 'http')), {
      circuitBreakers: { thresholds: [{ maxPendingRequests: 7 }] }, lbPolicy: 'RING_HASH',
    }],
  ]),
  waypoint('connections', [
    ...BASE, ...catalog({ ports: PORTS }), rule('catalog', { host: 'catalog', subsets: SUBSETS }),
    virtualService('mine', {
      hosts: [CATALOG],
      tcp: [{ match: [{ port: 82 }], route: [{ ...to('catalog', 'v1'), weight: 10 }, { ...to('catalog', 'v2'), weight: 90 }] }],
      tls: [{ match: [{ port: 84, sniHosts: [CATALOG] }], route: [to('catalog', 'v1')] }],
    }),
  ], [
    ['TCP routes count', waypointConnections('wp', CATALOG, 82), [`${vip(82, 'tcp/v1')} 10`, `${vip(82, 'tcp/v2')} 90`]],
    ['TLS routes for the host count', waypointConnections('wp', CATALOG, 84), vip(84, 'tcp/v1')],
  ]),
  waypoint('service-entry', [
    ...BASE,
    entry('api', {
      hosts: ['api.example.com'],
      addresses: ['240.0.0.1'],
      resolution: 'DNS',
      location: 'MESH_EXTERNAL',
      ports: [{ number: 80, name: 'http', protocol: 'HTTP' }, { number: 443, name: 'tls', protocol: 'TLS' }],
    }),
  ], [['it serves hosts outside of the cluster', waypointChains('wp'), [
    vip(80, 'http', 'api.example.com'), vip(443, 'tcp', 'api.example.com'), ...DIRECT,
  ]]]),
  waypoint('host-seen-with-another-port', [
    ...BASE.slice(0, -1), gateway('wp', 'shop', { allowedRoutes: { namespaces: { from: 'All' } } }),
    staticEntry('a', 9000, at(1), { exportTo: ['infra'] }, use('wp', 'shop')), staticEntry('b', 9001, at(2)),
  ], [['the port that its namespace lacks has no endpoints', endpointsOf('wp', vip(9000, 'http', 'api.example.com')), []]]),
  waypoint('access-of-a-service', [
    ...BASE, ...catalog(), service('cart'),
    policy('no-posts', { ...NO_POSTS, targetRefs: [{ group: '', kind: 'Service', name: 'catalog' }] }),
    {
      apiVersion: 'security.istio.io/v1',
      kind: 'RequestAuthentication',
      metadata: { name: 'tokens', namespace: 'shop' },
      spec: { targetRefs: [{ group: '', kind: 'Service', name: 'catalog' }], jwtRules: [{ issuer: 'iss', jwks: '{"keys":[]}' }] },
    },
  ], [
    ['policies of the service', waypointAccess('wp', CATALOG), ['envoy.filters.http.jwt_authn', 'envoy.filters.http.rbac']],
    ['none of another service', waypointAccess('wp', 'cart.shop.svc.cluster.local'), []],
  ]),
  waypoint('access-of-a-waypoint', [
    ...BASE, ...catalog(),
    policy('no-posts', { ...NO_POSTS, targetRefs: [{ group: API, kind: 'Gateway', name: 'wp' }] }),
  ], [['policies of the waypoint', waypointAccess('wp', CATALOG), ['envoy.filters.http.rbac']]]),
  waypoint('access-of-all-waypoints', [
    ...BASE, ...catalog(),
    policy('no-posts', { ...NO_POSTS, targetRefs: [{ group: API, kind: 'GatewayClass', name: 'istio-waypoint' }] }, { namespace: 'istio-system' }),
  ], [['policies of the class in the root namespace', waypointAccess('wp', CATALOG), ['envoy.filters.http.rbac']]]),
  waypoint('access-by-selector', [
    ...BASE, ...catalog(),
    policy('no-posts', NO_POSTS), policy('by-labels', { ...NO_POSTS, selector: { matchLabels: { app: 'catalog' } } }),
  ], [['policies without targetRefs do not apply', waypointAccess('wp', CATALOG), []]]),
];
