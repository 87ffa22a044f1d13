import { analyze } from '../../src/analysis';
import type { AnalyzeOptions } from '../../src/analysis';
import { Mesh } from '../../src/jest';
import { parseManifests } from '../../src/manifest/loader';

const service = (name: string, namespace = 'shop') => `
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace} }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 80 }] }
`;
const gateway = (spec: string, metadata = '') => `
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: shop${metadata} }
spec: { gatewayClassName: istio, ${spec} }
`;
const HTTP = gateway('listeners: [{ name: http, port: 80, protocol: HTTP }]');
const route = (spec: string, { name = 'cart', namespace = 'shop', created = '' } = {}) => `
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: ${name}, namespace: ${namespace}${created && `, creationTimestamp: "${created}T00:00:00Z"`} }
spec: { ${spec} }
`;
const virtualService = (created: string) => `
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop, creationTimestamp: "${created}T00:00:00Z" }
spec: { hosts: [cart], http: [{ route: [{ destination: { host: old, port: { number: 80 } } }] }] }
`;
const TO_CART = 'rules: [{ backendRefs: [{ name: cart, port: 80 }] }]';
const AT_GATEWAY = 'parentRefs: [{ name: public, namespace: shop }]';

/** The findings as `severity rule`, without the one about the whole input. */
function found(texts: readonly string[], options: AnalyzeOptions = {}): string[] {
  return analyze(parseManifests(texts.join('')).objects, options).filter(({ rule }) => rule !== 'kinds-missing')
    .map(({ severity, rule }) => `${severity} ${rule}`);
}

test('an InferencePool as a backend raises no error, because a flag of istiod decides whether it is one', () => {
  const to = (group: string, kind: string) => (
    service('cart') + route(`parentRefs: [{ group: "", kind: Service, name: cart }], rules: [{ backendRefs: [{ group: ${group}, kind: ${kind}, name: pool, port: 80 }] }]`));
  expect(found([to('inference.networking.k8s.io', 'InferencePool')])).not.toContain('error unsupported-backend-kind');
  expect(found([to('storage.example.com', 'Bucket')])).toContain('error unsupported-backend-kind');
});

describe('what may lie outside the input', () => {
  test.each([
    ['a Gateway of another namespace', route(`parentRefs: [{ name: edge, namespace: edge }], ${TO_CART}`), 'route-without-parent'],
    ['the class of a Gateway', gateway('listeners: [{ name: http, port: 80, protocol: HTTP }]').replace('Name: istio', 'Name: other'), 'unknown-gateway-class'],
    [
      'a certificate', gateway('listeners: [{ name: https, port: 443, protocol: HTTPS, tls: { certificateRefs: [{ name: cert }] } }]'),
      'invalid-listener-certificate',
    ],
    [
      'a grant of a namespace', HTTP + route(`${AT_GATEWAY}, rules: [{ backendRefs: [{ name: stock, namespace: stock, port: 80 }] }]`),
      'backend-not-permitted',
    ],
  ])('%s is an error only if the input is complete', (_, manifests, rule) => {
    expect(found([service('cart'), manifests]).filter(each => each.endsWith(rule))).toEqual([]);
    expect(found([service('cart'), manifests], { complete: true })).toContain(`error ${rule}`);
  });

  test('a Service of a namespace of the input is a warning without a complete input', () => {
    const manifests = [HTTP, service('cart'), route(`${AT_GATEWAY}, rules: [{ backendRefs: [{ name: card, port: 80 }] }]`)];
    expect(found(manifests)).toEqual(['warning backend-not-found']);
    expect(found(manifests, { complete: true })).toEqual(['error backend-not-found']);
  });

  test('the labels of a namespace decide only if the input has the namespace', () => {
    const selecting = gateway('listeners: [{ name: http, port: 80, protocol: HTTP, allowedRoutes: { namespaces: { from: Selector, '
      + 'selector: { matchLabels: { team: a } } } } }]');
    const manifests = [selecting, service('cart', 'other'), route(`${AT_GATEWAY}, ${TO_CART}`, { namespace: 'other' })];
    const namespace = '\n---\napiVersion: v1\nkind: Namespace\nmetadata: { name: other }\n';
    expect(found(manifests)).toEqual([]);
    expect(found([...manifests, namespace])).toEqual(['error route-not-allowed-by-listener']);
    expect(found([...manifests, namespace.replace('other', 'other, labels: { team: a }')])).toEqual([]);
  });

  test('a Secret that cert-manager makes by an annotation of the Gateway is not missed', () => {
    const annotated = gateway('listeners: [{ name: https, port: 443, protocol: HTTPS, tls: { certificateRefs: [{ name: cert }] } }]',
      ', annotations: { cert-manager.io/cluster-issuer: acme }');
    expect(found([annotated], { complete: true })).toEqual([]);
  });

  test('a host that another namespace brings is not missed, although istiod says so', () => {
    const entry = '\n---\napiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: api, namespace: edge }\n'
      + 'spec: { hosts: [api.example.com], ports: [{ number: 80, name: http, protocol: HTTP }], resolution: DNS }\n';
    const toHost = route(`${AT_GATEWAY}, rules: [{ backendRefs: [{ group: networking.istio.io, kind: Hostname, name: api.example.com, port: 80 }] }]`);
    expect(found([HTTP, toHost, entry], { complete: true })).toEqual([]);
    expect(found([HTTP, toHost], { complete: true })).toEqual(['error backend-not-found']);
  });
});

describe('a VirtualService beside a route of one host of the mesh', () => {
  const MESH = 'parentRefs: [{ group: "", kind: Service, name: cart, namespace: shop }]';
  const WORLD = service('cart') + service('old') + service('cart', 'other');
  const winnersOf = (manifests: string) => {
    const { objects } = parseManifests(WORLD + manifests);
    const [{ cause }] = analyze(objects).filter(({ rule }) => rule === 'route-beside-virtual-service');
    const mesh = Mesh.fromManifests(objects);
    const [shop, other, third] = ['shop', 'other', 'third'].map(namespace => (
      mesh.sidecar({ namespace }).get('http://cart.shop.svc.cluster.local/').split.map(({ host }) => host?.split('.')[0]).join()));
    return { cause: cause.slice(cause.indexOf('them: ') + 6), shop, other, third };
  };

  test('loses to a route of the callers\' namespace, and wins elsewhere if it is older', () => {
    expect(winnersOf(virtualService('2025-01-01') + route(`${MESH}, ${TO_CART}`, { created: '2026-01-01' }))).toEqual({
      cause: 'the routes of namespace \'shop\' in \'shop\', VirtualService shop/cart elsewhere', shop: 'cart', other: 'old', third: 'old',
    });
  });

  test('loses to an older route of the Service\'s namespace everywhere', () => {
    expect(winnersOf(virtualService('2026-01-01') + route(`${MESH}, ${TO_CART}`, { created: '2025-01-01' }))).toEqual({
      cause: 'the routes of namespace \'shop\' in every namespace', shop: 'cart', other: 'cart', third: 'cart',
    });
  });

  test('loses to a route of another namespace only there, however old it is', () => {
    expect(winnersOf(virtualService('2026-01-01') + route(`${MESH}, ${TO_CART}`, { namespace: 'other', created: '2025-01-01' }))).toEqual({
      cause: 'the routes of namespace \'other\' in \'other\', VirtualService shop/cart in \'shop\' and elsewhere',
      shop: 'old',
      other: 'cart',
      third: 'old',
    });
  });
});
