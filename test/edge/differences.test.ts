import { Edge } from '../../src/edge/edge';
import { unreadDifferences } from '../../src/edge/unread-differences';
import { parseManifests } from '../../src/manifest/loader';

const POLICY = `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop, labels: { team: a } }
spec: { selector: { matchLabels: { app: cart } }, action: ALLOW, rules: [{ from: [{ source: { principals: [a, b] } }] }] }
`;
const pods = (metadata: string, image = 'web:1') => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec: { template: { metadata: { ${metadata} }, spec: { containers: [{ name: web, image: "${image}" }] } } }
`;
const namespace = (labels: string) => `\napiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { ${labels} } }\n`;

function differences(old: string, now: string, meshConfigs: readonly object[] = []): readonly string[] {
  const [before, after] = [old, now].map((text, i) => new Edge(parseManifests(text).objects, { meshConfig: meshConfigs[i] as never }));
  return unreadDifferences(before, after).flatMap(({ added, removed, changed }) => [
    ...added.map(name => `+ ${name}`), ...removed.map(name => `- ${name}`), ...changed.map(name => `~ ${name}`),
  ]);
}

test('an object that is added, removed or changed is a difference', () => {
  expect(differences('', POLICY)).toEqual(['+ AuthorizationPolicy shop/cart']);
  expect(differences(POLICY, '')).toEqual(['- AuthorizationPolicy shop/cart']);
  expect(differences(POLICY, POLICY.replace('[a, b]', '[a]'))).toEqual(['~ AuthorizationPolicy shop/cart']);
  expect(differences(POLICY, POLICY.replace('ALLOW', 'DENY'))).toEqual(['~ AuthorizationPolicy shop/cart']);
});

test.each([
  ['a comment and another format', POLICY.replace('spec: {', 'spec:  # who may call\n  {')],
  ['another version of the API', POLICY.replace('security.istio.io/v1', 'security.istio.io/v1beta1')],
  ['what a cluster writes into metadata and status', POLICY.replace(
    'labels:',
    'uid: x, resourceVersion: "1", generation: 2, creationTimestamp: "2026-01-01T00:00:00Z", labels:',
  )
    + 'status: { conditions: [] }\n'],
  [
    'annotations of other tools, and labels',
    POLICY.replace('labels: { team: a }', 'annotations: { meta.helm.sh/release-name: x, checksum/config: abc }'),
  ],
  [
    'the order of its fields',
    POLICY.replace('selector: { matchLabels: { app: cart } }, action: ALLOW', 'action: ALLOW, selector: { matchLabels: { app: cart } }'),
  ],
])('%s make no difference', (_, other) => {
  expect(differences(POLICY, other)).toEqual([]);
});

test('of an object that is read in part, only the unread part makes a difference', () => {
  const excluded = 'annotations: { traffic.sidecar.istio.io/excludeOutboundPorts: "80" }';
  expect(differences(pods(excluded), pods(excluded, 'web:2'))).toEqual([]);
  expect(differences(pods(excluded), pods(excluded.replace('80', '81')))).toEqual(['~ Deployment shop/web']);
  expect(differences(pods(''), pods(excluded))).toEqual(['+ Deployment shop/web']);
});

test('labels that bring pods into the mesh, out of it or into ambient mode are a difference', () => {
  expect(differences(namespace('istio-injection: enabled'), namespace('team: a'))).toEqual(['- Namespace shop']);
  expect(differences(namespace('istio.io/rev: a'), namespace('istio.io/rev: b'))).toEqual(['~ Namespace shop']);
  expect(differences(namespace(''), namespace('istio.io/dataplane-mode: ambient'))).toEqual(['+ Namespace shop']);
  expect(differences(pods('labels: {}'), pods('labels: { sidecar.istio.io/inject: "false" }'))).toEqual(['+ Deployment shop/web']);
});

test('fields of MeshConfig that are not translated are a difference', () => {
  expect(differences('', '', [{}, { pathNormalization: { normalization: 'NONE' } }])).toEqual(['+ MeshConfig pathNormalization']);
  const trusting = (numTrustedProxies: number) => ({ defaultConfig: { gatewayTopology: { numTrustedProxies } } });
  expect(differences('', '', [trusting(1), trusting(2)])).toEqual(['~ MeshConfig defaultConfig.gatewayTopology']);
  expect(differences('', '', [{ extensionProviders: [{ name: 'a', envoyExtAuthzGrpc: { service: 'a', port: 1 } }] }, {
    extensionProviders: [{ name: 'a', envoyExtAuthzGrpc: { service: 'b', port: 1 } }],
  }])).toEqual(['~ MeshConfig extensionProviders[0].envoyExtAuthzGrpc']);
});

test('a policy that selects other pods after a change of labels is a difference', () => {
  const mesh = (labels: string) => `${POLICY.replace('app: cart', 'role: store')}---${pods(`labels: { app: web, role: ${labels} }`)}`;
  expect(differences(mesh('store'), mesh('front'))).toEqual(['~ AuthorizationPolicy shop/cart']);
  expect(differences(mesh('store'), mesh('store, version: v2'))).toEqual([]);
  expect(
    differences(mesh('store'), `${mesh('store')}---${pods('labels: { role: store }').replace('name: web,', 'name: another,')}`),
  ).toEqual([]);
});

test('another service account of a workload is a difference, a new workload is none', () => {
  const running = (account: string) =>
    pods('labels: { app: web }').replace('spec: { containers', `spec: { serviceAccountName: ${account}, containers`);
  expect(differences(running('web'), running('other'))).toEqual(['~ Deployment shop/web']);
  expect(differences(pods('labels: { app: web }'), running('default'))).toEqual([]);
  expect(differences('', running('web'))).toEqual([]);
});

test('the certificates of gateways are a difference, other secrets are not', () => {
  const secret = (type: string, value: string) =>
    `\napiVersion: v1\nkind: Secret\ntype: ${type}\nmetadata: { name: it, namespace: shop }\ndata: { ${type === 'Opaque' ? 'password' : 'tls.crt'}: ${value} }\n`;
  expect(differences(secret('kubernetes.io/tls', 'YQ=='), secret('kubernetes.io/tls', 'Yg=='))).toEqual(['~ Secret shop/it']);
  expect(differences(secret('Opaque', 'YQ=='), secret('Opaque', 'Yg=='))).toEqual([]);
});

const gateway = (server: string) => '{ apiVersion: networking.istio.io/v1, kind: Gateway, metadata: { name: gw, namespace: shop }, '
  + `spec: { selector: { istio: ingressgateway }, servers: [${server}] } }\n`;
const istio = (kind: string, name: string, spec: string, owner = 'shop') =>
  `---\napiVersion: networking.istio.io/v1\nkind: ${kind}\nmetadata: { name: ${name}, namespace: ${owner} }\nspec: ${spec}\n`;

test('the TLS and the ports of a Gateway with routes make a difference, its hosts and a redirect do not', () => {
  const bound = istio('VirtualService', 'shop', '{ hosts: [a.example.com], gateways: [gw], http: [{ directResponse: { status: 200 } }] }');
  const server =
    '{ port: { number: 443, name: https, protocol: HTTPS }, hosts: [a.example.com], tls: { mode: SIMPLE, credentialName: one } }';
  const differing = (instead: string) => differences(gateway(server) + bound, gateway(instead) + bound);
  expect(differing(server.replace('one', 'two'))).toEqual(['~ Gateway shop/gw']);
  expect(differing(server.replace('443', '8443'))).toEqual(['~ Gateway shop/gw']);
  expect(differing(server.replace('mode: SIMPLE', 'mode: SIMPLE, minProtocolVersion: TLSV1_3'))).toEqual(['~ Gateway shop/gw']);
  expect(differing(server.replace('a.example.com', 'b.example.com'))).toEqual([]);
  expect(differing(server.replace('mode: SIMPLE', 'mode: SIMPLE, httpsRedirect: true'))).toEqual([]);
});

test('the hosts of a Gateway make a difference if no VirtualService of the input is bound to it', () => {
  const server = '{ port: { number: 80, name: http, protocol: HTTP }, hosts: [a.example.com] }';
  expect(differences(gateway(server), gateway(server.replace('a.example', 'b.example')))).toEqual(['~ Gateway shop/gw']);
  expect(differences('', gateway(server))).toEqual(['+ Gateway shop/gw']);
});

test('a delegate makes a difference if its root is outside the input', () => {
  const delegate = (host: string) => istio('VirtualService', 'items', `{ http: [{ route: [{ destination: { host: ${host} } }] }] }`);
  const root = istio('VirtualService', 'root', '{ hosts: [shop.example.com], http: [{ delegate: { name: items } }] }');
  expect(differences(delegate('a'), delegate('b'))).toEqual(['~ VirtualService shop/items']);
  expect(differences(delegate('a'), '')).toEqual(['- VirtualService shop/items']);
  expect(differences(root + delegate('a'), root + delegate('b'))).toEqual([]);
});

test('a root makes a difference by the delegates that are outside the input', () => {
  const catalog = '---\napiVersion: v1\nkind: Service\nmetadata: { name: catalog, namespace: shop }\nspec: { ports: [{ port: 80 }] }\n';
  const root = (delegate: string, timeout = '1s') => catalog + istio('VirtualService', 'root', `{ hosts: [catalog], http: [
    { match: [{ uri: { prefix: /items } }], delegate: { name: ${delegate} } }, { route: [{ destination: { host: catalog } }], timeout: ${timeout} }] }`);
  expect(differences(root('items'), root('others'))).toEqual(['~ VirtualService shop/root']);
  expect(differences(root('items'), root('items', '2s'))).toEqual([]);
});

test('listeners of a Sidecar at addresses of their own make a difference', () => {
  const sidecar = (listener: string) => istio('Sidecar', 'default', `{ egress: [{ hosts: [./*], ${listener} }] }`);
  const port = 'port: { number: 80, name: http, protocol: HTTP }';
  expect(differences(sidecar(port), sidecar(`${port}, captureMode: NONE`))).toEqual(['+ Sidecar shop/default']);
  expect(differences(sidecar(`${port}, bind: 127.0.0.1`), sidecar(`${port}, bind: 127.0.0.2`))).toEqual(['~ Sidecar shop/default']);
  expect(differences(sidecar(port), sidecar(`${port}, captureMode: DEFAULT`))).toEqual([]);
});

test('the hosts that a Sidecar imports make a difference, another way to write them makes none', () => {
  const sidecar = (hosts: string) => istio('Sidecar', 'default', `{ egress: [{ hosts: [${hosts}] }] }`);
  expect(differences(sidecar('./*, payments/*'), sidecar('./*, orders/*'))).toEqual(['~ Sidecar shop/default']);
  expect(differences(sidecar('./*, payments/*'), sidecar('payments/*, shop/*'))).toEqual([]);
});

test('a Sidecar of the whole mesh makes a difference if the input has no other namespace', () => {
  const sidecar = istio('Sidecar', 'default', '{ egress: [{ hosts: [./*] }] }', 'istio-system');
  expect(differences('', sidecar)).toEqual(['+ Sidecar istio-system/default']);
  expect(differences(pods(''), pods('') + sidecar)).toEqual([]);
});

test('publishNotReadyAddresses makes a difference', () => {
  const service = (field: string) =>
    `apiVersion: v1\nkind: Service\nmetadata: { name: catalog, namespace: shop }\nspec: { ports: [{ port: 80 }]${field} }\n`;
  expect(differences(service(''), service(', publishNotReadyAddresses: true'))).toEqual(['+ Service shop/catalog']);
  expect(differences(service(''), service(', publishNotReadyAddresses: false'))).toEqual([]);
});

test('Secrets of certificates and of istiod\'s own authority make a difference, others do not', () => {
  const secret = (key: string, value: string) =>
    `{ apiVersion: v1, kind: Secret, metadata: { name: s, namespace: istio-system }, stringData: { ${key}: ${value} } }`;
  for (const key of ['tls.key', 'ca.crl', 'ca-key.pem']) {
    expect(differences(secret(key, 'a'), secret(key, 'b'))).toEqual(['~ Secret istio-system/s']);
  }
  expect(differences(secret('password', 'a'), secret('password', 'b'))).toEqual([]);
});
