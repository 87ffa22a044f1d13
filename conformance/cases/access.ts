import type { Case } from '../case';
import { inboundChain, inboundRules } from '../case';
import type { Proxy } from '../istiod/client';
import { World } from '../world';
import { AccessPolicy, Caller, MeshService, MutualTlsMode, PolicyScope, StringMatch, WorkloadAccess } from 'cdk8s-istio';

const { STRICT, PERMISSIVE, DISABLE } = MutualTlsMode;
const called = (app: string): Proxy => ({ name: app, type: 'sidecar', namespace: 'shop', labels: { app, version: 'v1' } });

/** An identity as Envoy compares it. */
const is = (condition: object) => ({ authenticated: { principalName: condition } });
const anyOf = (...rules: object[]) => ({ orRules: { rules } });
const allOf = (...rules: object[]) => [{ andRules: { rules } }];
const from = (...alternatives: object[][]) => alternatives.map(ids => ({ andIds: { ids: [{ orIds: { ids } }] } }));
const method = (name: string) => ({ header: { name: ':method', stringMatch: { exact: name } } });
/** One rule of an AuthorizationPolicy, as the Envoy policy of that name. */
const rule = (policy: string, number: number, envoy: object | undefined) => {
  const [namespace, name] = policy.split('/');
  return { policies: { [`ns[${namespace}]-policy[${name}]-rule[${number}]`]: envoy } };
};
const mutual = { transportSocket: { name: 'envoy.transport_sockets.tls', typedConfig: { requireClientCertificate: true } } };
const clear = { transportSocket: undefined };

/** Access: mutual TLS and allowed callers, in the configuration of the called sidecars. */
export const access: readonly Case[] = [
  {
    name: 'access-callers',
    inbound: true,
    proxies: [called('catalog')],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog();
      new WorkloadAccess(world.traffic, 'Strict', { service: catalog, mode: STRICT });
      new WorkloadAccess(world.traffic, 'Readers', {
        service: catalog,
        callers: [Caller.serviceAccount('web'), Caller.namespace('reports')],
        methods: ['GET', 'HEAD'],
        paths: [StringMatch.prefix('/items'), StringMatch.exact('/health')],
      });
      new WorkloadAccess(world.traffic, 'Edge', {
        service: catalog,
        callers: [Caller.gateway('istio-ingressgateway-service-account')],
        ports: [80],
      });
    },
    states: [
      ['mutual TLS', inboundChain('catalog', 3000, 'tls'), mutual],
      ['no plaintext', inboundChain('catalog', 3000, 'raw_buffer'), undefined],
      ['port 80 has target port 3000', inboundRules('catalog', 3000), rule('shop/catalog', 0, {
        permissions: allOf(anyOf({ destinationPort: 3000 })),
        principals: from([is({ exact: 'spiffe://cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account' })]),
      })],
      ['methods and paths, for a service account or a namespace', inboundRules('catalog', 3000), rule('shop/catalog', 1, {
        permissions: allOf(
          anyOf(method('GET'), method('HEAD')),
          anyOf({ urlPath: { path: { exact: '/health' } } }, { urlPath: { path: { prefix: '/items' } } }),
        ),
        principals: from([is({ exact: 'spiffe://cluster.local/ns/shop/sa/web' })], [is({ safeRegex: { regex: '.*/ns/reports/.*' } })]),
      })],
      ['all others are denied: the only action is ALLOW', inboundRules('catalog', 3000), { action: undefined }],
    ],
  },
  {
    name: 'access-ports-and-modes',
    inbound: true,
    proxies: [called('ledger')],
    build: app => {
      const world = new World(app);
      const ports = [
        { name: 'http', port: 80, targetPort: 3000 },
        { name: 'tcp-db', port: 5432, targetPort: 5432 },
        { name: 'http-metrics', port: 9090, targetPort: 9090 },
      ];
      const ledger = MeshService.fromService(world.traffic, 'Ledger', world.service('ledger', { ports }));
      new WorkloadAccess(world.traffic, 'Strict', { service: ledger, mode: STRICT });
      new WorkloadAccess(world.traffic, 'Plain', {
        service: ledger,
        mode: DISABLE,
        ports: [9090],
        callers: [Caller.anyone()],
        methods: ['GET'],
      });
      new WorkloadAccess(world.traffic, 'Soft', { service: ledger, mode: PERMISSIVE, ports: [5432] });
      new WorkloadAccess(world.traffic, 'Database', {
        service: ledger,
        ports: [5432],
        callers: [Caller.principal('other.domain/ns/shop/sa/jobs'), Caller.anyWorkload()],
      });
    },
    states: [
      ['only mutual TLS on most ports', inboundChain('ledger', 3000, 'tls'), mutual],
      ['no plaintext on these', inboundChain('ledger', 3000, 'raw_buffer'), undefined],
      ['only plaintext on the metrics port', inboundChain('ledger', 9090, 'raw_buffer'), clear],
      ['no mutual TLS on it', inboundChain('ledger', 9090, 'tls'), undefined],
      ['both on the database port', inboundChain('ledger', 5432, 'tls'), mutual],
      ['both on the database port', inboundChain('ledger', 5432, 'raw_buffer'), clear],
      ['identities also apply to connections', inboundRules('ledger', 5432), rule('shop/ledger', 0, {
        permissions: allOf(anyOf({ destinationPort: 5432 })),
        principals: from([is({ safeRegex: { regex: '.+' } }), is({ exact: 'spiffe://other.domain/ns/shop/sa/jobs' })]),
      })],
      ['a rule about requests is omitted on a port without requests', inboundRules('ledger', 5432), rule('shop/ledger', 1, undefined)],
      ['anyone may read the metrics', inboundRules('ledger', 3000), rule('shop/ledger', 1, {
        permissions: allOf(anyOf(method('GET')), anyOf({ destinationPort: 9090 })), principals: [{ andIds: { ids: [{ any: true }] } }],
      })],
    ],
  },
  {
    name: 'access-denied-by-default',
    inbound: true,
    proxies: [called('catalog'), called('orders')],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog();
      world.service('orders');
      new AccessPolicy(world.traffic, 'Mesh', { scope: PolicyScope.mesh(), mode: STRICT });
      new AccessPolicy(world.traffic, 'Namespace', { scope: PolicyScope.namespace(), mode: PERMISSIVE, denyByDefault: true });
      new WorkloadAccess(world.traffic, 'Web', { service: catalog, callers: [Caller.serviceAccount('web')] });
    },
    states: [
      [
        'no caller is allowed',
        inboundRules('orders', 3000),
        rule('shop/default', 0, { permissions: [{ notRule: { any: true } }], principals: [{ notId: { any: true } }] }),
      ],
      [
        'except the callers that the service allows',
        inboundRules('catalog', 3000),
        rule('shop/catalog', 0, { principals: from([is({ exact: 'spiffe://cluster.local/ns/shop/sa/web' })]) }),
      ],
      ['the mode of the namespace, not of the mesh', inboundChain('orders', 3000, 'raw_buffer'), clear],
    ],
  },
  {
    name: 'access-mesh-wide',
    inbound: true,
    proxies: [called('catalog')],
    build: app => {
      const world = new World(app);
      world.catalog();
      new AccessPolicy(world.traffic, 'Mesh', { scope: PolicyScope.mesh(), mode: STRICT, denyByDefault: true });
    },
    states: [
      ['mutual TLS', inboundChain('catalog', 3000, 'tls'), mutual],
      ['no plaintext', inboundChain('catalog', 3000, 'raw_buffer'), undefined],
      [
        'no caller is allowed',
        inboundRules('catalog', 3000),
        rule('istio-system/default', 0, { permissions: [{ notRule: { any: true } }] }),
      ],
    ],
  },
];
