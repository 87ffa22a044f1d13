import { callersOf } from '../../src/diff/callers';
import { Edge } from '../../src/edge/edge';
import { buildAccessGraph } from '../../src/graph/access-graph';
import { side } from '../diff/sides';

const WORKLOAD = (name: string) => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 80 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec: { selector: { matchLabels: { app: ${name} } }, template: { metadata: { labels: { app: ${name}, tier: x } }, spec: { containers: [] } } }
---
`;
const policy = (name: string, spec: string, namespace = 'shop') => `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ${name}, namespace: ${namespace} }
spec: ${spec}
---
`;

const MESH_CONFIG = { extensionProviders: [{ name: 'opa', envoyExtAuthzGrpc: { service: 'catalog.shop.svc.cluster.local', port: 80 } }] };

function drawn(text: string) {
  const { objects, translator } = side(text, MESH_CONFIG);
  return buildAccessGraph(objects, {
    translator,
    edge: new Edge(objects, { meshConfig: MESH_CONFIG }),
    rootNamespace: 'istio-system',
    defaultNamespace: 'default',
    gateways: callersOf(objects).filter(({ type }) => type === 'gateway'),
  });
}

const edges = (text: string) => drawn(text).edges.map(({ from, to, kind, labels }) => `${kind} ${from} -> ${to}: ${labels.join(' / ')}`);

test('a rule that allows is an edge per caller with its requests, and all others are denied by default', () => {
  expect(edges(WORKLOAD('catalog') + policy('catalog', `{ selector: { matchLabels: { tier: x } }, rules: [
    { from: [{ source: { principals: [cluster.local/ns/shop/sa/web] } }, { source: { namespaces: [jobs] } }], to: [{ operation: { methods: [GET] } }] }
  ] }`))).toEqual([
    'route caller shop/account web -> service catalog.shop: every GET request',
    'route caller jobs/every workload -> service catalog.shop: every GET request',
    'blocked caller any namespace/all other callers -> service catalog.shop: denied by default',
  ]);
});

test('a rule that denies a namespace is a blocked edge, and all others may call', () => {
  const text = WORKLOAD('catalog') + policy('no-batch', '{ action: DENY, rules: [{ from: [{ source: { namespaces: [batch] } }] }] }', 'istio-system');
  expect(edges(text)).toEqual([
    'blocked caller batch/every workload -> service catalog.shop: denied by AuthorizationPolicy istio-system/no-batch',
    'route caller any namespace/all other callers -> service catalog.shop: ',
  ]);
  expect(drawn(text).nodes[0].badges).toEqual([{ text: 'access', details: 'DENY by AuthorizationPolicy istio-system/no-batch' }]);
});

test('a rule that denies some requests is a blocked edge beside the edge of the others', () => {
  expect(edges(WORKLOAD('catalog') + policy('no-delete', '{ action: DENY, rules: [{ to: [{ operation: { methods: [DELETE] } }] }] }'))).toEqual([
    'blocked caller any namespace/every caller -> service catalog.shop: denied by AuthorizationPolicy shop/no-delete: every DELETE request',
    'route caller any namespace/every caller -> service catalog.shop: every request except DELETE',
  ]);
});

test.each([
  ['a namespace that denies by default', '{}', 'denied by default'],
  ['a policy that denies everything', '{ action: DENY, rules: [{}] }', 'denied by AuthorizationPolicy shop/it'],
  ['a denial that empties what another rule allows', `{ rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/web] } }] }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: denial, namespace: shop }
spec: { action: DENY, rules: [{}] }`, 'denied by AuthorizationPolicy shop/denial'],
])('%s blocks every caller', (_, spec, label) => {
  expect(edges(WORKLOAD('catalog') + policy('it', spec))).toEqual([`blocked caller any namespace/every caller -> service catalog.shop: ${label}`]);
});

test('what an external authorizer decides is an edge of its own', () => {
  expect(edges(WORKLOAD('catalog')
    + policy('ask', '{ action: CUSTOM, provider: { name: opa }, rules: [{ to: [{ operation: { paths: [/admin*] } }] }] }'))).toEqual([
    'undecided caller any namespace/every caller -> service catalog.shop: asks an external authorizer: every request to /admin*',
    'route caller any namespace/every caller -> service catalog.shop: every request except to /admin*',
  ]);
});

test('a token that a rule requires is part of the label', () => {
  const text = WORKLOAD('catalog') + policy('token', '{ rules: [{ from: [{ source: { requestPrincipals: [https://issuer/*] } }] }] }')
    + policy('it', '{}').replace('kind: AuthorizationPolicy', 'kind: RequestAuthentication')
      .replace('spec: {}', 'spec: { jwtRules: [{ issuer: https://issuer, jwks: "{}" }] }');
  expect(edges(text)).toEqual([
    'route caller any namespace/every caller -> service catalog.shop: every request with a token of https://issuer and sub',
  ]);
  expect(drawn(text).nodes[0].badges).toContainEqual(
    { text: 'tokens', details: 'tokens of https://issuer count, and requests with invalid tokens get 401' });
});

test('each port has its own label where ports differ', () => {
  const text = WORKLOAD('catalog').replace('{ name: http, port: 80 }', '{ name: http, port: 80 }, { name: tcp, port: 90 }');
  expect(edges(text + policy('it', `{ rules: [
    { from: [{ source: { namespaces: [shop] } }], to: [{ operation: { ports: ["90"] } }] }, { to: [{ operation: { methods: [GET] } }] } ] }`))).toEqual([
    'route caller shop/every workload -> service catalog.shop: port 80: every GET request / port 90: everything',
    'route caller any namespace/all other callers -> service catalog.shop: port 80: every GET request',
  ]);
});

test('callers in plaintext are blocked where pods take mutual TLS alone', () => {
  expect(edges(WORKLOAD('catalog') + policy('it', '{ mtls: { mode: STRICT } }').replace('kind: AuthorizationPolicy', 'kind: PeerAuthentication'))).toEqual([
    'route caller any namespace/every workload -> service catalog.shop: ',
    'blocked caller any namespace/callers in plaintext -> service catalog.shop: '
    + 'reset: the pods take mutual TLS alone (STRICT), and the connection is in plaintext',
  ]);
});

const GATEWAY = `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: istio-system }
spec: { selector: { istio: ingressgateway }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ["*"] }] }
---
`;

test('who may call a gateway is drawn, and a gateway that all may call is open', () => {
  const deny = policy('no-admin', `{ selector: { matchLabels: { istio: ingressgateway } }, action: DENY, rules: [
    { to: [{ operation: { paths: [/admin*] } }] }] }`, 'istio-system');
  expect(edges(GATEWAY + deny)).toEqual([
    'blocked caller any namespace/callers from outside -> gateway istio-system/istio=ingressgateway: '
    + 'denied by AuthorizationPolicy istio-system/no-admin: every request to /admin*',
    'route caller any namespace/callers from outside -> gateway istio-system/istio=ingressgateway: every request except to /admin*',
  ]);
  expect(drawn(GATEWAY).nodes[0]).toMatchObject({ kind: 'gateway', badges: [{ text: 'open', details: 'all callers may call' }] });
});

test('dry runs, and policies of other pods and namespaces, draw nothing', () => {
  expect(edges(WORKLOAD('catalog') + policy('other', '{}', 'elsewhere') + policy('orders', '{ selector: { matchLabels: { app: orders } } }')
    + policy('dry', '{}').replace('name: dry,', 'name: dry, annotations: { istio.io/dry-run: "true" },'))).toEqual([]);
});

test('a service without pods in the input says so', () => {
  const [service] = WORKLOAD('catalog').split('---');
  expect(drawn(service).nodes[0].badges.map(({ text }) => text)).toEqual(['no pods', 'open']);
});
