import type { Case } from '../case';
import { cluster, listener, virtualHost } from '../case';
import { World, gateway, stranger, web } from '../world';
import {
  EgressPolicy,
  EgressTarget,
  ExternalDependency,
  MeshService,
  OutboundTrafficMode,
  PolicyScope,
  Resolution,
  ServicePort,
} from 'cdk8s-istio';

const { REGISTRY_ONLY, ALLOW_ANY } = OutboundTrafficMode;
const orders = { name: 'orders', type: 'sidecar', namespace: 'shop', labels: { app: 'orders' } } as const;
const blocked = { routes: [{ directResponse: { status: 502 } }] };
const open = { routes: [{ route: { cluster: 'PassthroughCluster' } }] };
/** Where connections go without a matching filter chain. */
const catchAll = (name: string) => ({
  filterChains: [
    { name: 'virtualOutbound-blackhole' },
    { name: 'virtualOutbound-catchall-tcp', filters: [{ typedConfig: { cluster: name } }] },
  ],
});
const lastCluster = (name: string) => ({ defaultFilterChain: { filters: [{ typedConfig: { cluster: name } }] } });
const host = (name: string, namespace: string) => `${name}.${namespace}.svc.cluster.local`;
const API = 'api.example.com';

/** `catalog` in the namespace shop, `db` in data, `mail` in post, and a dependency of shop. */
function build(world: World): { db: MeshService; mail: MeshService; api: ExternalDependency } {
  world.catalog();
  const service = (name: string, namespace: string) => MeshService.fromService(world.traffic, name, world.service(name, { namespace }));
  const api = new ExternalDependency(world.traffic, 'Api', {
    hosts: [API],
    ports: [ServicePort.http(80), ServicePort.tls(443)],
    resolution: Resolution.DNS,
  });
  return { db: service('db', 'data'), mail: service('mail', 'post'), api };
}

/** What workloads may call, per scope: the mode and the list, and what narrower scopes inherit. */
export const egress: readonly Case[] = [
  {
    name: 'egress-of-the-mesh',
    proxies: [web, stranger, gateway],
    build: app => {
      const world = new World(app);
      build(world);
      world.ingress();
      new EgressPolicy(world.traffic, 'Lockdown', { scope: PolicyScope.mesh(), mode: REGISTRY_ONLY });
    },
    states: [
      ['unknown hosts get 502', virtualHost('web', 'block_all'), blocked],
      ['in every namespace', virtualHost('stranger', 'block_all'), blocked],
      ['unknown connections are closed', listener('web', 'virtualOutbound'), catchAll('BlackHoleCluster')],
      ['also on a known port', listener('web', '0.0.0.0_443'), lastCluster('BlackHoleCluster')],
      [
        'the registry stays reachable',
        virtualHost('web', `${host('mail', 'post')}:80`),
        { routes: [{ route: { cluster: `outbound|80||${host('mail', 'post')}` } }] },
      ],
      ['including ServiceEntries', virtualHost('stranger', `${API}:80`), { routes: [{ route: { cluster: `outbound|80||${API}` } }] }],
      ['gateways are unchanged', cluster('gateway', host('mail', 'post'), 80), { type: 'EDS' }],
    ],
  },
  {
    name: 'egress-of-the-mesh-opened',
    proxies: [web],
    meshConfig: 'outboundTrafficPolicy: { mode: REGISTRY_ONLY }',
    build: app => {
      const world = new World(app);
      build(world);
      new EgressPolicy(world.traffic, 'Open', { scope: PolicyScope.mesh(), mode: ALLOW_ANY });
    },
    states: [
      ['unknown hosts pass through, regardless of MeshConfig', virtualHost('web', 'allow_any'), open],
      ['and unknown connections', listener('web', 'virtualOutbound'), catchAll('PassthroughCluster')],
    ],
  },
  {
    name: 'egress-of-the-mesh-by-list',
    proxies: [web, stranger],
    build: app => {
      const world = new World(app);
      const { db, api } = build(world);
      new EgressPolicy(world.traffic, 'List', {
        scope: PolicyScope.mesh(),
        allow: [EgressTarget.service(db), EgressTarget.dependency(api)],
      });
    },
    states: [
      [
        'a service of the list',
        virtualHost('stranger', `${host('db', 'data')}:80`),
        { routes: [{ route: { cluster: `outbound|80||${host('db', 'data')}` } }] },
      ],
      ['a dependency of the list', cluster('stranger', API, 80), { type: 'STRICT_DNS' }],
      ['no others', cluster('stranger', host('mail', 'post'), 80), undefined],
      ['always the caller\'s namespace', cluster('web', host('catalog', 'shop'), 80), { type: 'EDS' }],
      ['which differs per caller', cluster('stranger', host('catalog', 'shop'), 80), undefined],
      ['unknown hosts pass through, as MeshConfig says', virtualHost('web', 'allow_any'), open],
    ],
  },
  {
    name: 'egress-of-a-namespace',
    proxies: [web, stranger],
    build: app => {
      const world = new World(app);
      const { api } = build(world);
      new EgressPolicy(world.traffic, 'Mesh', { scope: PolicyScope.mesh(), mode: REGISTRY_ONLY });
      new EgressPolicy(world.traffic, 'Namespace', {
        scope: PolicyScope.namespace(),
        allow: [EgressTarget.namespace('data'), EgressTarget.dependency(api)],
      });
    },
    states: [
      ['the mode of the mesh is kept', virtualHost('web', 'block_all'), blocked],
      ['a namespace of the list', cluster('web', host('db', 'data'), 80), { type: 'EDS' }],
      [
        "a dependency of the caller's namespace",
        virtualHost('web', `${API}:80`),
        { routes: [{ route: { cluster: `outbound|80||${API}` } }] },
      ],
      ['no others', cluster('web', host('mail', 'post'), 80), undefined],
      ['other namespaces have no list', cluster('stranger', host('mail', 'post'), 80), { type: 'EDS' }],
    ],
  },
  {
    name: 'egress-of-a-workload',
    proxies: [web, orders],
    build: app => {
      const world = new World(app);
      const { mail } = build(world);
      new EgressPolicy(world.traffic, 'Mesh', { scope: PolicyScope.mesh(), mode: REGISTRY_ONLY });
      new EgressPolicy(world.traffic, 'Namespace', { scope: PolicyScope.namespace(), allow: [EgressTarget.namespace('data')] });
      new EgressPolicy(world.traffic, 'Web', { scope: PolicyScope.workload({ app: 'web' }), mode: ALLOW_ANY });
      new EgressPolicy(world.traffic, 'WebMail', { scope: PolicyScope.workload({ app: 'web' }), allow: [EgressTarget.service(mail)] });
    },
    states: [
      ['the mode of the workload', virtualHost('web', 'allow_any'), open],
      ['what it may call', cluster('web', host('mail', 'post'), 80), { type: 'EDS' }],
      ['in addition to what its namespace may call', cluster('web', host('db', 'data'), 80), { type: 'EDS' }],
      ['other pods keep the mode of the mesh', virtualHost('orders', 'block_all'), blocked],
      ['and the list of the namespace', cluster('orders', host('mail', 'post'), 80), undefined],
    ],
  },
  {
    name: 'egress-of-a-workload-alone',
    proxies: [web, orders],
    build: app => {
      const world = new World(app);
      build(world);
      new EgressPolicy(world.traffic, 'Web', { scope: PolicyScope.workload({ app: 'web' }), mode: REGISTRY_ONLY });
    },
    states: [
      ['the workload', virtualHost('web', 'block_all'), blocked],
      ['with the whole registry', cluster('web', host('mail', 'post'), 80), { type: 'EDS' }],
      ['no other pod', virtualHost('orders', 'allow_any'), open],
    ],
  },
];
