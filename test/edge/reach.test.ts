import { Edge } from '../../src/edge/edge';
import { PINS } from '../../src/envoy/pins';
import type { Proxy } from '../../src/envoy/proxy';
import { parseManifests } from '../../src/manifest/loader';

const objectsOf = (text: string) => parseManifests(text).objects;
const manifest = (apiVersion: string, kind: string, name: string, spec: string, namespace: string | undefined = 'shop') => `
---
apiVersion: ${apiVersion}
kind: ${kind}
metadata: { name: ${name}${namespace === undefined ? '' : `, namespace: ${namespace}`} }
spec: ${spec}
`;
const service = (name: string, namespace = 'shop') =>
  manifest('v1', 'Service', name, `{ selector: { app: ${name} }, ports: [{ name: http, port: 80 }] }`, namespace);
const deployment = (name: string, labels: string, template = '') => manifest('apps/v1', 'Deployment', name,
  `{ template: { metadata: { labels: { ${labels} }${template} }, spec: { containers: [] } } }`);
const WORLD = service('cart') + service('orders') + service('cart', 'other');

const WEB: Proxy = { type: 'sidecar', namespace: 'shop', labels: { app: 'web' } };
const EDGE: Proxy = { type: 'gateway', namespace: 'istio-system', labels: { istio: 'ingressgateway' } };
const host = (name: string, namespace = 'shop') => `${name}.${namespace}.svc.cluster.local`;

/** What could change a call of a service, and whether nothing of the answer is known. */
function ofCall(text: string, to = host('cart'), caller = WEB): readonly string[] {
  const entries = new Edge(objectsOf(WORLD + text)).at(caller).notJudged({ asked: [to], taking: [to] });
  return entries.flatMap(({ objects, decides }) => objects.map(object => (decides ? `${object} decides` : object)));
}

describe('a policy of the side that takes a call', () => {
  const policy = (kind: string, spec: string, namespace?: string) => manifest('security.istio.io/v1', kind, 'it', spec, namespace);
  const CART = '{ selector: { matchLabels: { app: cart } } }';

  test.each([
    'AuthorizationPolicy',
    'RequestAuthentication',
    'PeerAuthentication',
  ])('%s counts for the service whose pods it selects, and for no other', kind => {
    expect(ofCall(policy(kind, CART))).toEqual([`${kind} shop/it`]);
    expect(ofCall(policy(kind, CART), host('orders'))).toEqual([]);
    expect(ofCall(policy(kind, CART), host('cart', 'other'))).toEqual([]);
  });

  test('of a namespace counts for its services, of the root namespace for all, of the caller\'s own for none but those in it', () => {
    const called = (namespace: string) =>
      [host('cart'), host('cart', 'other')].map(to => ofCall(policy('AuthorizationPolicy', '{}', namespace), to).length);
    expect([called('shop'), called('other'), called('istio-system'), called('third')]).toEqual([[1, 0], [0, 1], [1, 1], [0, 0]]);
  });

  test('with a label that the Service does not select by counts, unless the manifests have the pods and none has it', () => {
    const v2 = policy('AuthorizationPolicy', '{ selector: { matchLabels: { version: v2 } } }');
    expect(ofCall(v2)).toEqual(['AuthorizationPolicy shop/it']);
    expect(ofCall(v2 + deployment('cart', 'app: cart, version: v1'))).toEqual([]);
    expect(ofCall(v2 + deployment('cart', 'app: cart, version: v1') + deployment('cart-v2', 'app: cart, version: v2'))).toEqual([
      'AuthorizationPolicy shop/it',
    ]);
  });

  test('counts for a Service that is not in the input by its namespace alone', () => {
    expect(ofCall(policy('AuthorizationPolicy', '{}'), host('elsewhere'))).toEqual(['AuthorizationPolicy shop/it']);
    expect(ofCall(policy('AuthorizationPolicy', '{}', 'istio-system'), 'api.example.com')).toEqual([]);
  });

  test('that names a Service counts for its host, and one that names a Gateway for the callers that are its pods', () => {
    const targeting = (kind: string, group: string) =>
      policy('AuthorizationPolicy', `{ targetRefs: [{ kind: ${kind}, group: "${group}", name: cart }] }`);
    expect(ofCall(targeting('Service', ''))).toEqual(['AuthorizationPolicy shop/it']);
    expect(ofCall(targeting('Service', ''), host('orders'))).toEqual([]);
    const gateway = (name: string): Proxy => ({
      type: 'gateway',
      namespace: 'shop',
      labels: { 'gateway.networking.k8s.io/gateway-name': name },
    });
    const atGateway = (name: string) => ofCall(targeting('Gateway', 'gateway.networking.k8s.io'), host('orders'), gateway(name));
    expect([atGateway('cart'), atGateway('other')]).toEqual([['AuthorizationPolicy shop/it'], []]);
  });

  test('of the pods of a gateway counts for what comes in there', () => {
    const at = (labels: string) =>
      ofCall(policy('AuthorizationPolicy', `{ selector: { matchLabels: { ${labels} } } }`, 'istio-system'), host('cart'), EDGE);
    expect([at('istio: ingressgateway'), at('istio: egressgateway')]).toEqual([['AuthorizationPolicy istio-system/it'], []]);
  });
});

describe('pods that accept only plaintext or only mutual TLS', () => {
  const called = (text: string, hasAutomaticTls: boolean) => new Edge(objectsOf(WORLD + text)).at(WEB)
    .notJudged({ asked: [host('cart')], taking: [host('cart')], hasAutomaticTls }).length;

  test.each([
    [
      'a PeerAuthentication',
      manifest('security.istio.io/v1', 'PeerAuthentication', 'default', '{ mtls: { mode: STRICT } }', 'istio-system'),
    ],
    ['a service without a sidecar', deployment('cart', 'app: cart, sidecar.istio.io/inject: "false"')],
  ])('%s counts for callers that choose their TLS themselves, and not for automatic mutual TLS', (_, text) => {
    expect([called(text, false), called(text, true)]).toEqual([1, 0]);
  });
});

describe('an EnvoyFilter', () => {
  const filter = (context: string, rest = '') => manifest('networking.istio.io/v1alpha3', 'EnvoyFilter', 'it',
    `{ ${rest} configPatches: [{ applyTo: HTTP_FILTER, match: { context: ${context} } }] }`);
  const WEBS = 'workloadSelector: { labels: { app: web } },';
  const CARTS = 'workloadSelector: { labels: { app: cart } },';

  test.each([
    ['SIDECAR_OUTBOUND', WEBS, true], ['SIDECAR_OUTBOUND', CARTS, false], ['SIDECAR_INBOUND', WEBS, false],
    ['SIDECAR_INBOUND', CARTS, true], ['ANY', WEBS, true], ['ANY', CARTS, true], ['GATEWAY', '', true],
  ])('of the context %s with %p counts for a call of cart by web: %p', (context, selector, counts) => {
    const isNamed = ofCall(filter(context, selector)).length > 0;
    expect(isNamed).toBe(context === 'GATEWAY' ? ofCall(filter(context)).length > 0 : counts);
  });

  test('of gateways counts for a gateway of its namespace, and not for a sidecar that sends', () => {
    const inShop: Proxy = { type: 'gateway', namespace: 'shop', labels: {} };
    expect(ofCall(filter('GATEWAY'), host('cart', 'other'), inShop)).toEqual(['EnvoyFilter shop/it']);
    expect(ofCall(filter('GATEWAY'), host('cart', 'other'))).toEqual([]);
  });
});

describe('a route of the Gateway API', () => {
  const route = (parent: string, rest = '', namespace = 'shop') =>
    manifest('gateway.networking.k8s.io/v1', 'HTTPRoute', 'it', `{ ${rest} parentRefs: [${parent}] }`, namespace);

  test('of a Service of the input leaves nothing open', () => {
    expect(ofCall(route('{ group: "", kind: Service, name: cart }'))).toEqual([]);
  });

  test('of a Service that the input lacks decides about its host for every sidecar, and about no other host', () => {
    const toGone = route('{ group: "", kind: Service, name: gone }');
    expect(ofCall(toGone, host('gone'))).toEqual(['HTTPRoute shop/it decides']);
    expect(ofCall(toGone, host('orders'))).toEqual([]);
    expect(ofCall(toGone, host('gone', 'other'))).toEqual([]);
    expect(ofCall(toGone, host('gone'), { type: 'sidecar', namespace: 'elsewhere' })).toEqual(['HTTPRoute shop/it decides']);
    expect(ofCall(toGone, host('gone'), EDGE)).toEqual([]);
  });

  test('of one port of such a Service decides about that port', () => {
    const toPort = new Edge(objectsOf(WORLD + route('{ group: "", kind: Service, name: gone, port: 8080 }'))).at(WEB);
    expect([8080, 80].map(port => toPort.isVoid({ asked: [host('gone')], port }))).toEqual([true, false]);
  });

  test.each(['GRPCRoute', 'TCPRoute', 'TLSRoute'])('does so as a %s too', kind => {
    const toGone = route('{ group: "", kind: Service, name: gone }').replace('HTTPRoute', kind);
    expect(ofCall(toGone, host('gone'))).toEqual([`${kind} shop/it decides`]);
  });

  test('in another namespace than such a Service decides for the callers of its own alone', () => {
    const consumer = route('{ group: "", kind: Service, name: gone, namespace: other }');
    expect(ofCall(consumer, host('gone', 'other'))).toEqual(['HTTPRoute shop/it decides']);
    expect(ofCall(consumer, host('gone', 'other'), { type: 'sidecar', namespace: 'third' })).toEqual([]);
  });

  test('of a ServiceEntry leaves nothing open, and may change every call if the input lacks the ServiceEntry', () => {
    const entry = manifest(
      'networking.istio.io/v1',
      'ServiceEntry',
      'api',
      '{ hosts: [api.example.com], ports: [{ number: 80, name: http, protocol: HTTP }], resolution: DNS }',
    );
    const toEntry = route('{ group: networking.istio.io, kind: ServiceEntry, name: api }');
    expect(ofCall(entry + toEntry, 'api.example.com')).toEqual([]);
    expect(ofCall(toEntry, 'api.example.com')).toEqual(['HTTPRoute shop/it']);
  });

  test('of a Gateway that the input lacks decides about its host names at the pods of that, and may at others of the namespace', () => {
    const atGateway = route('{ name: public }', 'hostnames: ["*.example.com"],');
    const pods = (labels: Proxy['labels']): Proxy => ({ type: 'gateway', namespace: 'shop', labels });
    const own = pods({ 'gateway.networking.k8s.io/gateway-name': 'public' });
    expect(ofCall(atGateway, 'shop.example.com', own)).toEqual(['HTTPRoute shop/it decides']);
    expect(ofCall(atGateway, 'shop.example.org', own)).toEqual([]);
    expect(ofCall(atGateway, 'shop.example.com', pods({ 'gateway.networking.k8s.io/gateway-name': 'private' }))).toEqual([]);
    expect(ofCall(atGateway, 'shop.example.com', pods({ app: 'edge' }))).toEqual(['HTTPRoute shop/it']);
    expect(ofCall(atGateway, 'shop.example.com', EDGE)).toEqual([]);
    expect(ofCall(atGateway, 'shop.example.com')).toEqual([]);
  });

  test('of a Gateway, and a Gateway of an unknown class, may answer what nothing else answers: the refusal is not decided', () => {
    const gateway = manifest('gateway.networking.k8s.io/v1', 'Gateway', 'public', '{ gatewayClassName: other }');
    const at = (text: string, asked: string) => new Edge(objectsOf(WORLD + text)).at({ type: 'gateway', namespace: 'shop' })
      .isVoid({ asked: [asked], port: 80, isUnanswered: true });
    const atGateway = route('{ name: public }', 'hostnames: ["*.example.com"],');
    expect([at(atGateway, 'shop.example.com'), at(atGateway, 'shop.example.org'), at(gateway, 'shop.example.org')]).toEqual([
      true,
      false,
      true,
    ]);
  });

  test('of a Gateway of a known class leaves nothing open, and nor does the Gateway', () => {
    const gateway = manifest('gateway.networking.k8s.io/v1', 'Gateway', 'public', '{ gatewayClassName: istio, listeners: [] }');
    const pods: Proxy = { type: 'gateway', namespace: 'shop', labels: { 'gateway.networking.k8s.io/gateway-name': 'public' } };
    expect(ofCall(gateway + route('{ name: public }'), 'shop.example.com', pods)).toEqual([]);
    const ofClass = gateway.replace('istio', 'own') + manifest(
      'gateway.networking.k8s.io/v1', 'GatewayClass', 'own', '{ controllerName: istio.io/gateway-controller }', undefined);
    expect(ofCall(ofClass + route('{ name: public }'), 'shop.example.com', pods)).toEqual([]);
  });

  test('of a Gateway that selects namespaces by labels is open if the input lacks the labels of a namespace', () => {
    const listeners = '[{ name: http, port: 80, protocol: HTTP, allowedRoutes: { namespaces: { from: Selector, selector: {} } } }]';
    const gateway = manifest('gateway.networking.k8s.io/v1', 'Gateway', 'public', `{ gatewayClassName: istio, listeners: ${listeners} }`);
    const namespaces = ['shop', 'other'].map(name => manifest('v1', 'Namespace', name, '{}', undefined)).join('');
    const pods: Proxy = { type: 'gateway', namespace: 'shop', labels: { 'gateway.networking.k8s.io/gateway-name': 'public' } };
    expect(ofCall(gateway, 'shop.example.com', pods)).toEqual(['Gateway shop/public']);
    expect(ofCall(gateway + namespaces, 'shop.example.com', pods)).toEqual([]);
  });

  test('for the TLS of a Service leaves nothing open, unless the input lacks the Service', () => {
    const policy = (name: string) => manifest('gateway.networking.k8s.io/v1', 'BackendTLSPolicy', 'it',
      `{ targetRefs: [{ group: "", kind: Service, name: ${name} }], validation: { hostname: a.example.com } }`);
    expect(ofCall(policy('cart'))).toEqual([]);
    expect(ofCall(policy('gone'), host('gone'))).toEqual(['BackendTLSPolicy shop/it']);
  });

  test('of a Gateway at the address of a Service decides at the pods of that Service', () => {
    const ingress = manifest('v1', 'Service', 'ingress', '{ selector: { istio: ingressgateway }, ports: [{ port: 80 }] }', 'istio-system');
    const gateway = manifest(
      'gateway.networking.k8s.io/v1',
      'Gateway',
      'public',
      '{ gatewayClassName: other, addresses: [{ type: Hostname, value: ingress.istio-system.svc.cluster.local }] }',
    );
    expect(ofCall(ingress + gateway + route('{ name: public }'), 'shop.example.com', EDGE)).toEqual([
      'HTTPRoute shop/it decides',
      'Gateway shop/public',
    ]);
  });
});

describe('pods without a sidecar', () => {
  const namespace = (labels: string) => `\n---\napiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { ${labels} } }\n`;
  const AMBIENT = namespace('istio.io/dataplane-mode: ambient');
  const elsewhere: Proxy = { type: 'sidecar', namespace: 'other' };

  test('nothing is decided for callers in an ambient namespace; calls into it are named; its gateways decide as ever', () => {
    expect(ofCall(AMBIENT)).toEqual(['Namespace shop decides']);
    expect(ofCall(AMBIENT, host('cart'), elsewhere)).toEqual(['Namespace shop']);
    expect(ofCall(AMBIENT, host('cart', 'other'), elsewhere)).toEqual([]);
    expect(ofCall(AMBIENT, host('cart', 'other'), { type: 'gateway', namespace: 'shop' })).toEqual([]);
  });

  test('a namespace that is injected too, and a pod that asks for a sidecar, are not in ambient mode', () => {
    expect(ofCall(namespace('istio.io/dataplane-mode: ambient, istio-injection: enabled'))).toEqual([]);
    expect(ofCall(AMBIENT + deployment('web', 'app: web, sidecar.istio.io/inject: "true"'), host('cart', 'other'))).toEqual([]);
  });

  test('nothing is decided for pods that exclude injection, by label, annotation, host network or namespace', () => {
    expect(ofCall(namespace('istio-injection: disabled'))).toEqual(['Namespace shop decides']);
    expect(ofCall(deployment('web', 'app: web, sidecar.istio.io/inject: "false"'))).toEqual(['Deployment shop/web decides']);
    expect(ofCall(deployment('web', 'app: web', ', annotations: { sidecar.istio.io/inject: "false" }'))).toEqual([
      'Deployment shop/web decides',
    ]);
    expect(ofCall(deployment('web', 'app: web').replace('containers: []', 'containers: [], hostNetwork: true'))).toEqual([
      'Deployment shop/web decides',
    ]);
    expect(ofCall(deployment('web', 'app: web, istio.io/dataplane-mode: ambient'))).toEqual(['Deployment shop/web decides']);
  });

  test('a caller of which only the namespace is named may be another pod than those in the input', () => {
    const inShop: Proxy = { type: 'sidecar', namespace: 'shop' };
    expect(ofCall(deployment('web', 'app: web, sidecar.istio.io/inject: "false"'), host('cart'), inShop)).toEqual(['Deployment shop/web']);
    expect(ofCall(AMBIENT + deployment('web', 'app: web'), host('cart', 'other'), inShop)).toEqual(['Namespace shop decides']);
  });

  test('where only some of the pods that may call have none, the answer holds for the others', () => {
    const some = deployment('web', 'app: web') + deployment('web-batch', 'app: web, job: batch, sidecar.istio.io/inject: "false"');
    expect(ofCall(some)).toEqual(['Deployment shop/web-batch']);
    expect(ofCall(some, host('cart'), { ...WEB, labels: { app: 'web', job: 'batch' } })).toEqual(['Deployment shop/web-batch decides']);
    expect(ofCall(some + deployment('other', 'app: other'), host('cart'), { ...WEB, labels: { app: 'other' } })).toEqual([]);
  });
});

test('annotations that let connections bypass the sidecar count on the side that they name', () => {
  const bypass = (app: string, direction: string) =>
    deployment(app, `app: ${app}`, `, annotations: { traffic.sidecar.istio.io/exclude${direction}Ports: "80" }`);
  const named = (app: string, direction: string) => ofCall(bypass(app, direction)).length;
  expect([
    named('web', 'Outbound'),
    named('web', 'Inbound'),
    named('cart', 'Inbound'),
    named('cart', 'Outbound'),
    named('orders', 'Inbound'),
  ])
    .toEqual([1, 0, 1, 0, 0]);
  const web = new Edge(objectsOf(WORLD + bypass('web', 'Outbound'))).at(WEB);
  expect([80, 8080].map(port => web.isVoid({ asked: [host('cart')], port }))).toEqual([true, false]);
  expect(web.notJudged({ asked: [host('cart')], port: 8080, taking: [host('cart')] })).toEqual([]);
});

test('settings of the proxy of a pod are named, except what answers take from them', () => {
  const named = (config: string) =>
    ofCall(deployment('web', 'app: web', `, annotations: { proxy.istio.io/config: ${JSON.stringify(config)} }`)).length;
  expect([
    named('concurrency: 2'), named('gatewayTopology: { numTrustedProxies: 2 }'), named('connectionSettings: { profile: EDGE }'),
    named('gatewayTopology: { numTrustedProxies: 2 }\nconcurrency: 2'), named('{'),
    named('connectionSettings: { httpIdleTimeout: 60s }'), named('connectionSettings: { httpMaxStreamDuration: 1s }'),
    named('proxyHeaders: { preserveHttp1HeaderCase: true }'),
  ]).toEqual([1, 0, 0, 1, 1, 0, 1, 0]);
});

describe('other kinds', () => {
  test.each([
    ['networking.k8s.io/v1', 'NetworkPolicy', '{ podSelector: { matchLabels: { app: cart } } }'],
    ['networking.istio.io/v1', 'Sidecar', '{ workloadSelector: { labels: { app: cart } }, ingress: [{ port: { number: 80 } }] }'],
    ['networking.istio.io/v1', 'WorkloadGroup', '{ metadata: { labels: { app: cart } }, template: {} }'],
    ['extensions.istio.io/v1alpha1', 'WasmPlugin', '{ selector: { matchLabels: { app: cart } } }'],
    ['networking.istio.io/v1beta1', 'ProxyConfig', '{ selector: { matchLabels: { app: cart } } }'],
    ['multicluster.x-k8s.io/v1alpha1', 'ServiceImport', '{}'],
  ])('%s %s counts for calls of cart, and not for calls of orders', (apiVersion, kind, spec) => {
    const text = manifest(apiVersion, kind, 'cart', spec);
    expect(ofCall(text)).toEqual([`${kind} shop/cart`]);
    expect(ofCall(text, host('orders'))).toEqual([]);
  });

  test('an Ingress counts for its hosts at gateways, unless it is another controller\'s', () => {
    const ingress = manifest('networking.k8s.io/v1', 'Ingress', 'it', '{ ingressClassName: edge, rules: [{ host: shop.example.com }] }');
    const ofClass = (controller: string) =>
      manifest('networking.k8s.io/v1', 'IngressClass', 'edge', `{ controller: ${controller} }`, undefined);
    const at = (to: string, text = ingress) => ofCall(text, to, EDGE);
    expect([at('shop.example.com'), at('api.example.com'), ofCall(ingress, 'shop.example.com')]).toEqual([['Ingress shop/it'], [], []]);
    expect(at('shop.example.com', ingress + ofClass('k8s.io/ingress-nginx'))).toEqual([]);
    expect(at('shop.example.com', ingress + ofClass('istio.io/ingress-controller'))).toEqual(['Ingress shop/it']);
  });

  test('an Ingress makes the refusal of a request for its host undecided', () => {
    const ingress = manifest('networking.k8s.io/v1', 'Ingress', 'it', '{ rules: [{ host: shop.example.com }] }');
    const edge = new Edge(objectsOf(WORLD + ingress)).at(EDGE);
    const isVoid = (asked: string, isUnanswered: boolean) => edge.isVoid({ asked: [asked], port: 80, isUnanswered });
    expect([isVoid('shop.example.com', true), isVoid('shop.example.com', false), isVoid('api.example.com', true)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('explicit endpoints count for a Service without a selector', () => {
    const slice = `
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: db-1, namespace: shop, labels: { kubernetes.io/service-name: db } }
endpoints: [{ addresses: [192.0.2.1] }]
`;
    const db = manifest('v1', 'Service', 'db', '{ ports: [{ name: tcp, port: 5432 }] }');
    expect(ofCall(db + slice, host('db'))).toEqual(['EndpointSlice shop/db-1']);
    expect(ofCall(service('db') + slice, host('db'))).toEqual([]);
  });

  test('calls of a service with a waypoint are named, by its label or its namespace\'s', () => {
    const labelled = service('cart').replace('name: cart,', 'name: cart, labels: { istio.io/use-waypoint: way },');
    expect(ofCall(labelled)).toEqual(['Service shop/cart']);
    expect(ofCall('\n---\napiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { istio.io/use-waypoint: way } }\n')).toEqual([
      'Namespace shop',
    ]);
  });

  test.each([
    ['networking.istio.io/v1', 'VirtualServcie'], ['networking.istio.io/v9', 'VirtualService'], [
      'gateway.networking.k8s.io/v1',
      'HttpRoute',
    ],
    ['rbac.istio.io/v1alpha1', 'ServiceRole'], ['gateway.networking.k8s.io/v7', 'HTTPRoute'],
  ])('an unknown kind or version of a known group, %s %s, counts for every answer', (apiVersion, kind) => {
    expect(ofCall(manifest(apiVersion, kind, 'it', '{}'))).toEqual([`${kind} shop/it`]);
  });

  test('kinds that no call depends on are not named', () => {
    const quiet = manifest('telemetry.istio.io/v1', 'Telemetry', 'it', '{ metrics: [{}] }') + manifest(
      'gateway.networking.k8s.io/v1beta1',
      'ReferenceGrant',
      'it',
      '{}',
    )
      + manifest('apps.example.com/v1', 'Widget', 'it', '{}') + deployment('web', 'app: web');
    expect(ofCall(quiet)).toEqual([]);
  });
});

describe('MeshConfig', () => {
  const unread = (meshConfig: object, text = WORLD) =>
    new Edge(objectsOf(text), { meshConfig: meshConfig as never }).all.flatMap(({ objects }) => objects);
  const configMap = (name: string, mesh: string) =>
    `\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}, namespace: istio-system }\ndata: { mesh: "${mesh}" }\n`;

  test('fields that are not translated, misspelt ones too, are named; those of an ordinary installation are not', () => {
    expect(
      unread({
        discoverySelectors: [{ matchLabels: { mesh: 'on' } }],
        outboundTrafficPolcy: { mode: 'REGISTRY_ONLY' },
        proxyHttpPort: 15002,
      }),
    )
      .toEqual(['MeshConfig discoverySelectors', 'MeshConfig outboundTrafficPolcy', 'MeshConfig proxyHttpPort']);
    expect(unread({
      defaultConfig: { discoveryAddress: 'istiod.istio-system.svc:15012', tracing: { zipkin: { address: 'zipkin:9411' } } },
      defaultProviders: { metrics: ['prometheus'] },
      enablePrometheusMerge: true,
      rootNamespace: 'istio-system',
      trustDomain: 'cluster.local',
      accessLogFile: '/dev/stdout',
      accessLogFormat: 'x',
    })).toEqual([]);
    expect(unread({ outboundTrafficPolicy: { mode: 'ALLOW_ANY_DYNAMIC_DNS' } })).toEqual([
      'MeshConfig outboundTrafficPolicy ALLOW_ANY_DYNAMIC_DNS',
    ]);
  });

  test('that the input holds and nothing read is named, and so is that of another revision', () => {
    const text = WORLD + configMap('istio', 'rootNamespace: mesh') + configMap('istio-canary', 'rootNamespace: other');
    expect(new Edge(objectsOf(text)).all.flatMap(({ objects }) => objects)).toEqual([
      'ConfigMap istio-system/istio',
      'ConfigMap istio-system/istio-canary',
    ]);
    expect(unread({ rootNamespace: 'mesh' }, text)).toEqual(['ConfigMap istio-system/istio-canary']);
  });

  test('a version of Istio that is not checked is named', () => {
    const named = (istioVersion: string) => new Edge([], { istioVersion }).all.flatMap(({ objects }) => objects);
    expect([named('1.26'), named('1.17.8'), named(PINS.istio)]).toEqual([['Istio 1.26'], [], []]);
  });
});
