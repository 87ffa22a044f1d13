import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Mesh } from '../../src/jest';
import { parseManifests } from '../../src/manifest/loader';
import { run } from '../cli/command-line';

const GATEWAY_PODS = { namespace: 'shop', labels: { 'gateway.networking.k8s.io/gateway-name': 'public' } };

const service = (name: string, namespace = 'shop') => `
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace} }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 80 }] }
`;
const gateway = (listeners: string) => `
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec: { gatewayClassName: istio, listeners: [${listeners}] }
`;
const HTTP = gateway('{ name: http, port: 80, protocol: HTTP, allowedRoutes: { namespaces: { from: All } } }');
const route = (name: string, spec: string, { kind = 'HTTPRoute', namespace = 'shop', created = '2026-01-01' } = {}) => `
---
apiVersion: gateway.networking.k8s.io/v1
kind: ${kind}
metadata: { name: ${name}, namespace: ${namespace}, creationTimestamp: "${created}T00:00:00Z" }
spec: { ${spec} }
`;
const TO_GATEWAY = 'parentRefs: [{ name: public, namespace: shop }]';
const to = (name: string, rest = '') => `{ backendRefs: [{ name: ${name}, port: 80 }] ${rest} }`;
const WORLD = service('cart') + service('orders') + service('cart', 'other');

const meshOf = (...texts: readonly string[]) => Mesh.fromManifests(parseManifests(texts.join('')).objects);
const atGateway = (...texts: readonly string[]) => meshOf(WORLD, HTTP, ...texts).gateway(GATEWAY_PODS);
const from = (namespace: string, ...texts: readonly string[]) => meshOf(WORLD, ...texts).sidecar({ namespace });

describe('a request at a gateway', () => {
  test('goes where a route with its host says, and nowhere without one', () => {
    const proxy = atGateway(route('cart', `${TO_GATEWAY}, hostnames: [shop.example.com], rules: [${to('cart')}]`));
    expect(proxy.get('http://shop.example.com/')).toRouteTo('cart');
    expect(proxy.get('http://other.example.com/').status).toBe(404);
  });

  test('meets a path prefix by whole segments', () => {
    const proxy = atGateway(route('cart', `${TO_GATEWAY}, rules: [${to('cart', ', matches: [{ path: { value: /cart/ } }]')}]`));
    expect([proxy.get('http://a/cart'), proxy.get('http://a/cart/1'), proxy.get('http://a/cartoon')].map(({ outcome }) => outcome))
      .toEqual(['routed', 'routed', 'no route']);
  });

  test('takes the longest path, whichever route is older', () => {
    const proxy = atGateway(
      route('old', `${TO_GATEWAY}, rules: [${to('cart')}]`, { created: '2025-01-01' }),
      route('young', `${TO_GATEWAY}, rules: [${to('orders', ', matches: [{ path: { value: /orders } }]')}]`),
    );
    expect(proxy.get('http://a/orders')).toRouteTo('orders');
    expect(proxy.get('http://a/')).toRouteTo('cart');
  });

  test('fails with 500 for the share of a backend that does not exist', () => {
    const weighted = '{ backendRefs: [{ name: cart, port: 80, weight: 3 }, { name: gone, port: 80 }] }';
    const decision = atGateway(route('it', `${TO_GATEWAY}, rules: [${weighted}]`)).get('http://a/');
    expect(decision.split.map(({ percent, reception }) => [percent, reception])).toEqual([[75, 'routed'], [25, 'unknown cluster']]);
    expect(atGateway(route('it', `${TO_GATEWAY}, rules: [${to('gone')}]`)).get('http://a/').status).toBe(500);
  });

  test('reaches a backend of another namespace only with a ReferenceGrant', () => {
    const crossing = route('it', `${TO_GATEWAY}, rules: [{ backendRefs: [{ name: cart, namespace: other, port: 80 }] }]`);
    const grant = `
---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: { name: shop, namespace: other }
spec: { from: [{ group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: shop }], to: [{ group: "", kind: Service }] }
`;
    expect(atGateway(crossing).get('http://a/').status).toBe(500);
    expect(atGateway(crossing, grant).get('http://a/')).toRouteTo('cart.other');
  });

  test('gets 404 if one rule of its route has a filter that Istio does not know', () => {
    const filter = '{ type: ExtensionRef, extensionRef: { group: example.com, kind: Own, name: it } }';
    const proxy = atGateway(route('it', `${TO_GATEWAY}, rules: [${to('cart')}, ${to('cart', `, filters: [${filter}]`)}]`));
    expect(proxy.get('http://a/').status).toBe(404);
  });

  test('belongs to the listener with the narrowest hostname', () => {
    const listeners = ['{ name: wide, port: 80, protocol: HTTP }', '{ name: narrow, port: 80, protocol: HTTP, hostname: "*.example.com" }'];
    const wide = route('wide', `parentRefs: [{ name: public, sectionName: wide }], hostnames: [a.example.com], rules: [${to('cart')}]`);
    const proxy = meshOf(WORLD, gateway(listeners.join(', ')), wide).gateway(GATEWAY_PODS);
    expect(proxy.get('http://a.example.com/').status).toBe(404);
  });

  test('is refused if the listener takes no routes of the namespace', () => {
    const own = gateway('{ name: http, port: 80, protocol: HTTP }');
    const foreign = route('it', `${TO_GATEWAY}, rules: [{ backendRefs: [{ name: cart, port: 80 }] }]`, { namespace: 'other' });
    expect(meshOf(WORLD, own, foreign).gateway(GATEWAY_PODS).get('http://a/').status).toBe(404);
  });
});

test('explain names the file and the line of the rule', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'gateway-api-')), 'mesh.yaml');
  writeFileSync(file, `${WORLD}${HTTP}---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: cart, namespace: shop }
spec:
  parentRefs: [{ name: public }]
  rules:
  - name: all
    backendRefs: [{ name: cart, port: 80 }]
`);
  const line = readFileSync(file, 'utf8').split('\n').indexOf('  - name: all') + 1;
  const { stdout } = await run(['explain', file, '--gateway', 'shop/gateway.networking.k8s.io/gateway-name=public']);
  expect(stdout).toContain(`from: ${file}:${line} (HTTPRoute shop/cart spec.rules[0].matches[0])`);
});

describe('a call within the mesh', () => {
  const TO_CART = 'parentRefs: [{ group: "", kind: Service, name: cart }]';

  test('of a service follows the routes of that service, which replace its default route', () => {
    const routes = route('cart', `${TO_CART}, rules: [${to('orders', ', matches: [{ path: { value: /orders } }]')}]`);
    for (const namespace of ['shop', 'other']) {
      const proxy = from(namespace, routes);
      expect(proxy.get('http://cart.shop/orders')).toRouteTo('orders');
      expect(proxy.get('http://cart.shop/').status).toBe(404);
    }
  });

  test('follows a route of the namespace of the caller before that of the service', () => {
    const producer = route('producer', `${TO_CART}, rules: [${to('orders')}]`, { created: '2025-01-01' });
    const consumer = route('consumer', 'parentRefs: [{ group: "", kind: Service, name: cart, namespace: shop }], rules: '
      + '[{ backendRefs: [{ name: cart, namespace: other, port: 80 }] }]', { namespace: 'other' });
    expect(from('other', producer, consumer).get('http://cart.shop/')).toRouteTo('cart.other');
    expect(from('third', producer, consumer).get('http://cart.shop/')).toRouteTo('orders');
  });

  test('does not follow a GRPCRoute with the name of an HTTPRoute, as istiod keeps one of them', () => {
    const http = route('same', `${TO_CART}, rules: [${to('cart')}]`);
    const grpc = route('same', `parentRefs: [{ group: "", kind: Service, name: orders }], rules: [${to('cart')}]`, { kind: 'GRPCRoute' });
    expect(from('shop', grpc).get('http://orders/')).toRouteTo('cart');
    expect(from('shop', http, grpc).get('http://orders/')).toRouteTo('orders');
  });

  test('follows one of two routes of a service if only one of them states its port: the older one', () => {
    const port = route('port', `${TO_CART.replace('}]', ', port: 80 }]')}, rules: [${to('orders')}]`, { created: '2025-01-01' });
    const all = route('all', `${TO_CART}, rules: [${to('cart', ', matches: [{ path: { value: /all } }]')}]`);
    expect(from('shop', port, all).get('http://cart/all')).toRouteTo('orders');
  });

  test('of a gRPC service meets a service and a method', () => {
    const grpc = route('it', `${TO_CART}, rules: [${to('orders', ', matches: [{ method: { service: shop.Cart, method: Get } }]')}]`, { kind: 'GRPCRoute' });
    const proxy = from('shop', grpc);
    expect(proxy.get('http://cart/shop.Cart/Get')).toRouteTo('orders');
    expect(proxy.get('http://cart/shop.Cart/Put').status).toBe(404);
  });
});

test('a kind whose CRD is too old for istiod is not read', () => {
  const crd = (version: string) => `
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: grpcroutes.gateway.networking.k8s.io, annotations: { gateway.networking.k8s.io/bundle-version: ${version} } }
`;
  const grpc = route('cart', `${TO_GATEWAY}, rules: [${to('cart')}]`, { kind: 'GRPCRoute' });
  expect(['v1.0.0', 'v1.1.0-rc1'].map(version => atGateway(crd(version), grpc).get('http://a/').outcome)).toEqual(['no route', 'routed']);
});

describe('check', () => {
  const FOLDER = mkdtempSync(join(tmpdir(), 'gateway-api-'));
  const MANIFESTS = join(FOLDER, 'mesh.yaml');
  const rule = to('cart', ', matches: [{ path: { value: /cart } }]');
  writeFileSync(MANIFESTS, [WORLD, HTTP, route('shop', `${TO_GATEWAY}, hostnames: [shop.example.com], rules: [${rule}]`)].join(''));
  const PUBLIC = ['--gateway', 'shop/gateway.networking.k8s.io/gateway-name=public'];

  test('proves what requests to a gateway reach, and shows one that breaks an invariant', async () => {
    const invariants = join(FOLDER, 'invariants.yaml');
    const callers = `from: [{ gateway: ${PUBLIC[1]} }]`;
    writeFileSync(invariants, `kind: Invariants
invariants:
  - { name: orders are inside, never: { ${callers}, to: { host: orders.shop } } }
  - { name: cart is inside, never: { ${callers}, to: { host: cart.shop } } }
`);
    const { stdout } = await run(['check', invariants, MANIFESTS]);
    expect(stdout).toContain('holds: orders are inside');
    expect(stdout).toContain('does not hold: cart is inside');
    expect(stdout).toContain('GET http://shop.example.com/cart');
  });
});
