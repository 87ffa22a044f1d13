import * as yaml from 'js-yaml';
import { cases } from '../../conformance/cases';
import { describeDifference, differences } from '../../conformance/difference';
import { readGolden } from '../../conformance/golden';
import type { Json } from '../../conformance/istiod/client';
import { normalize } from '../../conformance/normalize';
import type { MeshConfigFields } from '../../src/envoy/mesh-config';
import { Translator } from '../../src/envoy/translator';
import type { Listener } from '../../src/envoy/xds/listener';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';

/** The inbound listeners of a golden's proxy, without traces, which we leave out. */
const inbound = (listeners: readonly Json[]): Json =>
  withoutTraces(listeners.filter(({ trafficDirection }) => trafficDirection === 'INBOUND'));

function withoutTraces(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutTraces);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([field]) => field !== 'tracing')
      .map(([field, item]) => [field, withoutTraces(item)]),
  );
}

test.each(
  cases.filter(it => it.inbound).map(it => [it.name, it] as const),
)('%s: the pods get the inbound listeners that istiod sends', (_, it) => {
  const golden = readGolden(it.name)!;
  const translator = new Translator(yaml.loadAll(golden.input) as KubernetesObject[], {
    meshConfig: (it.meshConfig ? yaml.load(it.meshConfig) : {}) as MeshConfigFields,
  });
  for (const proxy of it.proxies.filter(({ type }) => type === 'sidecar')) {
    const listeners = JSON.parse(JSON.stringify(translator.inbound(proxy).listeners));
    const ours = normalize({ name: proxy.name, listeners, routes: [], clusters: [], endpoints: {} }, true);
    expect(differences(inbound(golden.answer[proxy.name].listeners), inbound(ours.listeners)).map(describeDifference)).toEqual([]);
  }
});

const POD: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } },
  spec: { containers: [{ name: 'web', ports: [{ name: 'api', containerPort: 8080 }] }] },
};
const SERVICE: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 'api' }, { name: 'tcp-db', port: 5432 }] },
};
const WEB = { type: 'sidecar', namespace: 'shop', labels: { app: 'web' } } as const;

function policy(name: string, spec: object, namespace = 'shop'): KubernetesObject {
  return { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', metadata: { name, namespace }, spec };
}

/** The filters of the requests to a port of the pod, in their order, with the rules of RBAC. */
function filtersOf(objects: readonly KubernetesObject[], port: number, meshConfig = {}): string[] {
  const [virtualInbound] = new Translator([POD, SERVICE, ...objects], { meshConfig }).inbound(WEB).listeners as readonly Listener[];
  const chain = virtualInbound.filterChains!.find(({ filterChainMatch }) => filterChainMatch?.destinationPort === port)!;
  const filters: readonly Json[] = chain.filters!.flatMap((filter: Json) => filter.typedConfig.httpFilters ?? [filter]);
  return filters.map(({ name, typedConfig: { rules, shadowRules } }) => {
    const all = rules ?? shadowRules;
    return all && name.endsWith('.rbac') ? `${name} ${all.action ?? 'ALLOW'} ${Object.keys(all.policies ?? {}).join()}` : name;
  });
}

const ROUTER = ['envoy.filters.http.fault', 'envoy.filters.http.cors', 'envoy.filters.http.router'];

test('without a policy, the pods have no filter of access', () => {
  expect(filtersOf([], 8080)).toEqual(ROUTER);
});

test('CUSTOM runs before tokens are verified, and AUDIT, DENY and ALLOW run after, in this order', () => {
  const rules = [{ to: [{ operation: { paths: ['/x'] } }] }];
  const objects = [
    policy('allow', { rules }), policy('deny', { action: 'DENY', rules }), policy('audit', { action: 'AUDIT', rules }),
    policy('custom', { action: 'CUSTOM', provider: { name: 'authz' }, rules }),
    {
      apiVersion: 'security.istio.io/v1',
      kind: 'RequestAuthentication',
      metadata: { name: 'jwt', namespace: 'shop' },
      spec: { jwtRules: [{ issuer: 'a', jwks: '{}' }] },
    },
  ];
  const meshConfig = { extensionProviders: [{ name: 'authz', envoyExtAuthzHttp: { service: 'web.shop.svc.cluster.local', port: 80 } }] };
  expect(filtersOf(objects, 8080, meshConfig)).toEqual([
    'envoy.filters.http.rbac DENY istio-ext-authz-authz-ns[shop]-policy[custom]-rule[0]',
    'envoy.filters.http.ext_authz',
    'envoy.filters.http.jwt_authn',
    'envoy.filters.http.rbac LOG ns[shop]-policy[audit]-rule[0]',
    'envoy.filters.http.rbac DENY ns[shop]-policy[deny]-rule[0]',
    'envoy.filters.http.rbac ALLOW ns[shop]-policy[allow]-rule[0]',
    ...ROUTER,
  ]);
});

test('an unknown provider of a CUSTOM policy denies what the policy matches', () => {
  const custom = policy('custom', { action: 'CUSTOM', provider: { name: 'missing' }, rules: [{}] });
  expect(filtersOf([custom], 8080)).toEqual([
    'envoy.filters.http.rbac DENY istio-ext-authz-missing-ns[shop]-policy[custom]-rule[0]-deny-due-to-bad-CUSTOM-action',
    ...ROUTER,
  ]);
});

test('on a port of bytes, an ALLOW rule with a path goes, so that every connection is denied; a DENY rule with a path denies every connection', () => {
  const rules = [{ to: [{ operation: { paths: ['/x'] } }] }];
  expect(filtersOf([policy('allow', { rules })], 5432)).toEqual(['envoy.filters.network.rbac ALLOW ', 'envoy.filters.network.tcp_proxy']);
  expect(filtersOf([policy('deny', { action: 'DENY', rules })], 5432)).toEqual([
    'envoy.filters.network.rbac DENY ns[shop]-policy[deny]-rule[0]', 'envoy.filters.network.tcp_proxy',
  ]);
});

test('a condition on a port above 65535 is none, so that the ALLOW rule goes', () => {
  const allow = (port: string) => policy('allow', { rules: [{ when: [{ key: 'destination.port', values: [port] }] }] });
  expect(filtersOf([allow('65535')], 5432)[0]).toBe('envoy.filters.network.rbac ALLOW ns[shop]-policy[allow]-rule[0]');
  expect(filtersOf([allow('65536')], 5432)[0]).toBe('envoy.filters.network.rbac ALLOW ');
});

test('a policy of the root namespace counts for every pod that it selects, one of a third namespace for none', () => {
  expect(filtersOf([policy('all', {}, 'istio-system')], 8080)).toEqual([
    'envoy.filters.http.rbac ALLOW ns[istio-system]-policy[all]-rule[0]',
    ...ROUTER,
  ]);
  expect(filtersOf([policy('all', {}, 'other')], 8080)).toEqual(ROUTER);
  expect(filtersOf([policy('other', { selector: { matchLabels: { app: 'other' } } })], 8080)).toEqual(ROUTER);
});

test('a policy that refers to a Service counts for waypoints, and not for sidecars', () => {
  expect(filtersOf([policy('service', { targetRefs: [{ kind: 'Service', name: 'web' }] })], 8080)).toEqual(ROUTER);
});

describe('how a sidecar calls its application', () => {
  const SIDECAR = (spec: object): KubernetesObject => ({
    apiVersion: 'networking.istio.io/v1', kind: 'Sidecar', metadata: { name: 'web', namespace: 'shop' }, spec: { egress: [{ hosts: ['*/*'] }], ...spec },
  });
  const limited: KubernetesObject = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { host: 'web', trafficPolicy: { connectionPool: { tcp: { maxConnections: 7 } } } },
  };
  const clusterAt = (port: number, ...objects: readonly KubernetesObject[]) => (
    new Translator([POD, SERVICE, ...objects]).inbound(WEB).clusters.find(({ name }) => name === `inbound|${port}||`));

  test('it goes on to where the caller connected to', () => {
    expect(clusterAt(8080)).toMatchObject({ type: 'ORIGINAL_DST', lbPolicy: 'CLUSTER_PROVIDED' });
  });

  test('the limits of the DestinationRule count for all callers together, unless the Sidecar states others', () => {
    expect(clusterAt(8080, limited)?.circuitBreakers?.thresholds?.[0].maxConnections).toBe(7);
    const own = SIDECAR({ inboundConnectionPool: { tcp: { maxConnections: 2 } } });
    expect(clusterAt(8080, limited, own)?.circuitBreakers?.thresholds?.[0].maxConnections).toBe(2);
  });

  test('a Sidecar names another endpoint', () => {
    const ingress = [{ port: { number: 8080, protocol: 'HTTP', name: 'http' }, defaultEndpoint: 'unix:///run/app.sock' }];
    expect(clusterAt(8080, SIDECAR({ ingress }))?.loadAssignment?.endpoints?.[0].lbEndpoints?.[0].endpoint.address).toEqual({
      pipe: { path: '/run/app.sock' },
    });
  });

  test('a listener of its own, without a redirection, has the same cluster', () => {
    const ingress = [{ port: { number: 9999, protocol: 'TCP', name: 'tcp' }, defaultEndpoint: '127.0.0.1:81', captureMode: 'NONE' }];
    expect(clusterAt(9999, SIDECAR({ ingress }))).toMatchObject({ type: 'STATIC' });
  });
});

test('pods that differ in one part alone get what they would get without the other pods', () => {
  const ofPod = (name: string, change: { ports?: readonly object[]; objects?: readonly KubernetesObject[] } = {}) => [
    { ...POD, metadata: { name, namespace: 'shop', labels: { app: name } } },
    { ...SERVICE, metadata: { name, namespace: 'shop' }, spec: { selector: { app: name }, ports: change.ports ?? [{ name: 'http', port: 80 }] } },
    ...change.objects ?? [],
  ];
  const security = (kind: string, app: string, spec: object): KubernetesObject => ({
    apiVersion: 'security.istio.io/v1', kind, metadata: { name: app, namespace: 'shop' }, spec: { selector: { matchLabels: { app } }, ...spec },
  });
  const traffic = (kind: string, name: string, spec: object): KubernetesObject => (
    { apiVersion: 'networking.istio.io/v1', kind, metadata: { name, namespace: 'shop' }, spec });
  const pool = (maxConnections: number) => ({ connectionPool: { tcp: { maxConnections } } });
  const pods = {
    plain: ofPod('plain'),
    alike: ofPod('alike'),
    target: ofPod('target', { ports: [{ name: 'http', port: 80, targetPort: 8080 }] }),
    protocol: ofPod('protocol', { ports: [{ name: 'grpc', port: 80 }] }),
    limits: ofPod('limits', { objects: [traffic('DestinationRule', 'limits', { host: 'limits', trafficPolicy: pool(7) })] }),
    budget: ofPod('budget', {
      objects: [
        traffic('DestinationRule', 'budget', { host: 'budget', trafficPolicy: { retryBudget: { percent: 5 } } }),
      ],
    }),
    strict: ofPod('strict', { objects: [security('PeerAuthentication', 'strict', { mtls: { mode: 'STRICT' } })] }),
    port: ofPod('port', { objects: [security('PeerAuthentication', 'port', { portLevelMtls: { 80: { mode: 'DISABLE' } } })] }),
    allowed: ofPod('allowed', { objects: [security('AuthorizationPolicy', 'allowed', { rules: [{ to: [{ operation: { paths: ['/a'] } }] }] })] }),
    denied: ofPod('denied', { objects: [security('AuthorizationPolicy', 'denied', { action: 'DENY', rules: [{}] })] }),
    tokens: ofPod('tokens', { objects: [security('RequestAuthentication', 'tokens', { jwtRules: [{ issuer: 'issuer' }] })] }),
    ingress: ofPod('ingress', {
      objects: [traffic('Sidecar', 'ingress', {
        workloadSelector: { labels: { app: 'ingress' } }, ingress: [{ port: { number: 80, protocol: 'HTTP', name: 'http' }, bind: '0.0.0.0' }],
      })],
    }),
    pooled: ofPod('pooled', {
      objects: [
        traffic('Sidecar', 'pooled', { workloadSelector: { labels: { app: 'pooled' } }, inboundConnectionPool: { tcp: { maxConnections: 3 } } }),
      ],
    }),
  };
  const sentTo = (translator: Translator, app: string) => {
    const { listeners, clusters } = translator.inbound({ type: 'sidecar', namespace: 'shop', labels: { app } });
    return { listeners, clusters };
  };
  const together = new Translator(Object.values(pods).flat());
  for (const [app, own] of Object.entries(pods)) expect([app, sentTo(together, app)]).toEqual([app, sentTo(new Translator(own), app)]);
  const different = new Set(Object.keys(pods).map(app => JSON.stringify(sentTo(together, app))));
  expect(different.size).toBe(Object.keys(pods).length - 1);
});
