import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './command-line';

const folder = mkdtempSync(join(tmpdir(), 'request-as-envoy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const WORLD = file('world.yaml', `
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ name: http, port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: db, namespace: shop }
spec: { selector: { app: db }, ports: [{ name: tcp, port: 5432 }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: public, namespace: shop }
spec: { hosts: ["*"], gateways: [public], http: [{ route: [{ destination: { host: cart, port: { number: 80 } } }] }] }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec:
  selector: { istio: ingressgateway }
  servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ["*"], tls: { httpsRedirect: true } }]
`);
const BEHIND_BALANCER = file('mesh.yaml', 'defaultConfig: { gatewayTopology: { numTrustedProxies: 1 } }\n');
const matching = (condition: string) => file('matching.yaml', `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ match: [{ ${condition} }], directResponse: { status: 204 } }, { route: [{ destination: { host: cart } }] }] }
`);
const ofDestination = (tls: string) => file('tls.yaml', `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: db, namespace: shop }
spec: { host: db, trafficPolicy: { tls: { ${tls} } } }
`);

const fromSidecar = async (...args: readonly string[]) => (await run(['request', WORLD, ...args, '--from', 'shop'])).stdout;
const fromGateway = async (...args: readonly string[]) =>
  (await run(['request', WORLD, ...args, '--gateway', 'istio-system/istio=ingressgateway'])).stdout;

describe('a header that is given twice', () => {
  const TWICE = ['GET', 'http://cart/', '-H', 'x-a: a', '-H', 'x-a: b'];

  test.each([
    ['headers: { x-a: { exact: b } }', 'answered, 204'],
    ['headers: { x-a: { exact: "a,b" } }', 'routed'],
    ['withoutHeaders: { x-a: { exact: a } }', 'routed'],
    ['withoutHeaders: { x-a: { exact: c } }', 'answered, 204'],
  ])('is tested value by value against { %s }', async (condition, outcome) => {
    expect(await fromSidecar(matching(condition), ...TWICE)).toMatch(new RegExp(`outcome: ${outcome}\n`));
  });
});

test('a load balancer that the gateway trusts may say that the caller used https, and any other caller may not', async () => {
  const asked = ['GET', 'http://shop.example.com/', '-H', 'x-forwarded-proto: https'];
  expect(await fromGateway(...asked, '--mesh-config', BEHIND_BALANCER)).toMatch(/outcome: routed\n/);
  expect(await fromGateway(...asked)).toMatch(/redirects with 301 to https:\/\/shop\.example\.com\/\n {2}outcome: redirected, 301\n/);
});

test.each([
  [['GET', 'http://cart/admin%00'], 'rejected, 400'],
  [['M-SEARCH', 'http://cart/'], 'rejected, 400 (DPE)'],
  [['GET', 'http://cart/', '-H', `x-a: ${'a'.repeat(90_000)}`], 'rejected, 431 (DPE)'],
  [['POST', 'http://cart/', '-H', 'content-length: 3', '-H', 'transfer-encoding: chunked'], 'rejected, 400 (DPE)'],
])('Envoy refuses the request before it selects a route: %#', async (asked, outcome) => {
  const answer = await fromSidecar(...asked);
  expect(answer).toContain(`outcome: ${outcome}\n`);
  expect(answer).not.toContain('route 1');
});

test('a port on which nothing listens refuses the connection', async () => {
  expect(await fromGateway('GET', 'http://shop.example.com:8080/')).toBe([
    'connection http://shop.example.com:8080/ from gateway of istio-system (istio=ingressgateway)',
    '  listener: none for port 8080; the caller cannot connect, and Envoy logs nothing', '  outcome: connection refused',
    '  not judged: port 8080 (a Gateway outside the input may serve it)', '',
  ].join('\n'));
});

test.each([
  ['without a DestinationRule', undefined, 'mutual TLS, or plaintext if it does not accept Istio\'s mutual TLS'],
  ['with DISABLE', 'mode: DISABLE', 'the bytes unchanged'],
  ['with SIMPLE', 'mode: SIMPLE, sni: db.example.com', 'TLS with the server name db.example.com'],
  ['with ISTIO_MUTUAL', 'mode: ISTIO_MUTUAL', 'mutual TLS'],
])('the endpoint of a TCP connection gets, %s, %s', async (_, tls, got) => {
  const answer = await fromSidecar(...(tls === undefined ? [] : [ofDestination(tls)]), 'tcp://db:5432');
  expect(answer).toContain('  100 % to db.shop.svc.cluster.local, port 5432\n');
  expect(answer).toContain(`  the endpoint gets ${got}\n`);
  expect(answer).toMatch(/outcome: routed\n$/);
});
