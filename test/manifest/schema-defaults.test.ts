import { parseManifests } from '../../src/manifest/loader';
import { readManifests } from '../../src/manifest/manifest';
import { lineOf } from '../../src/manifest/provenance';
import { withDefaults } from '../../src/manifest/schema-defaults';

const stored = (text: string) => readManifests(parseManifests(text).objects).manifests.map(withDefaults)[0];

test('a route gets the defaults that the API server writes: parents, matches, backends', () => {
  expect(stored(`
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: it, namespace: shop }
spec: { parentRefs: [{ name: public }], rules: [{ backendRefs: [{ name: cart, port: 80 }] }, { matches: [{ method: GET }] }] }
`).spec).toEqual({
    parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'public' }],
    rules: [
      {
        matches: [{ path: { type: 'PathPrefix', value: '/' } }],
        backendRefs: [{ group: '', kind: 'Service', name: 'cart', port: 80, weight: 1 }],
      },
      { matches: [{ method: 'GET', path: { type: 'PathPrefix', value: '/' } }] },
    ],
  });
});

test('a route without rules forwards nothing: it gets one rule for every path', () => {
  expect(stored(`
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: it, namespace: shop }
spec: { hostnames: [a.example.com] }
`).spec).toEqual({ hostnames: ['a.example.com'], rules: [{ matches: [{ path: { type: 'PathPrefix', value: '/' } }] }] });
});

test('a listener takes the routes of its own namespace, and a listener of TLS terminates it', () => {
  expect(stored(`
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: it, namespace: shop }
spec:
  gatewayClassName: istio
  listeners: [{ name: https, port: 443, protocol: HTTPS, allowedRoutes: null, tls: { certificateRefs: [{ name: cert }] } }]
`).spec).toEqual({
    gatewayClassName: 'istio',
    listeners: [{
      name: 'https',
      port: 443,
      protocol: 'HTTPS',
      allowedRoutes: { namespaces: { from: 'Same' } },
      tls: { mode: 'Terminate', certificateRefs: [{ group: '', kind: 'Secret', name: 'cert' }] },
    }],
  });
});

test('what it writes keeps the lines of the file, and an object that lacks nothing stays itself', () => {
  const [route] = readManifests(parseManifests(`apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: it, namespace: shop }
spec:
  rules:
  - name: first
`).objects).manifests;
  const complete = withDefaults(route);
  expect(lineOf(complete, ['spec', 'rules', 0])).toBe(6);
  expect(withDefaults(complete)).toBe(complete);
});

test('objects of Istio get no defaults', () => {
  const [gateway] = readManifests(parseManifests(`
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: it, namespace: shop }
spec: { servers: [] }
`).objects).manifests;
  expect(withDefaults(gateway)).toBe(gateway);
});
