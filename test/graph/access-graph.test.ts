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

function drawn(text: string) {
  const { objects, translator } = side(text);
  return buildAccessGraph(objects, {
    rootNamespace: 'istio-system', defaultNamespace: 'default', sidecarsOf: proxy => translator.sidecarsOf(proxy),
  });
}

const edges = (text: string) => drawn(text).edges.map(({ from, to, kind, labels }) => `${kind} ${from} -> ${to}: ${labels.join(' / ')}`);

test('a rule that allows is an edge per caller, and all others are denied by default', () => {
  expect(edges(WORKLOAD('catalog') + policy('catalog', `{ selector: { matchLabels: { tier: x } }, rules: [
    { from: [{ source: { principals: [cluster.local/ns/shop/sa/web] } }, { source: { namespaces: [jobs] } }], to: [{ operation: { methods: [GET] } }] }
  ] }`))).toEqual([
    'route caller shop/account web -> service catalog.shop: methods GET',
    'route caller jobs/every workload -> service catalog.shop: methods GET',
    'blocked caller any namespace/all other callers -> service catalog.shop: denied by default',
  ]);
});

test('a rule that denies is a blocked edge, and the service stays open to others', () => {
  const text = WORKLOAD('catalog') + policy('no-batch', '{ action: DENY, rules: [{ from: [{ source: { namespaces: [batch] } }] }] }', 'istio-system');
  expect(edges(text)).toEqual(['blocked caller batch/every workload -> service catalog.shop: denied']);
  expect(drawn(text).nodes[0].badges).toEqual([
    { text: 'access', details: 'DENY by AuthorizationPolicy istio-system/no-batch' },
    { text: 'open', details: 'no AuthorizationPolicy allows callers, so all callers may call, except those that one denies' },
  ]);
});

test('a namespace that denies by default denies all callers of a service without rules', () => {
  expect(edges(WORKLOAD('catalog') + policy('default', '{}'))).toEqual([
    'blocked caller any namespace/all other callers -> service catalog.shop: denied by default',
  ]);
});

test('an external authorizer, conditions and exceptions are labels', () => {
  expect(edges(WORKLOAD('catalog')
    + policy('ask', '{ action: CUSTOM, provider: { name: opa }, rules: [{ to: [{ operation: { paths: [/admin*] } }] }] }')
    + policy('deny', `{ action: DENY, rules: [{
      from: [{ source: { notPrincipals: [cluster.local/ns/a/sa/b] } }], when: [{ key: 'request.headers[x-a]', notValues: [b] }]
    }] }`))).toEqual([
    'route caller any namespace/anyone -> service catalog.shop: asks opa, paths /admin*',
    'blocked caller any namespace/anyone -> service catalog.shop: denied, notPrincipals cluster.local/ns/a/sa/b, request.headers[x-a] not b',
  ]);
});

test('dry runs, and policies of other pods and namespaces, draw nothing', () => {
  expect(edges(WORKLOAD('catalog') + policy('other', '{}', 'elsewhere') + policy('orders', '{ selector: { matchLabels: { app: orders } } }')
    + policy('dry', '{}').replace('name: dry,', 'name: dry, annotations: { istio.io/dry-run: "true" },'))).toEqual([]);
});

test('a service without pods in the input says so', () => {
  const [service] = WORKLOAD('catalog').split('---');
  expect(drawn(service).nodes[0].badges.map(({ text }) => text)).toEqual(['no pods', 'open']);
});
