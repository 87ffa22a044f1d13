import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './command-line';

const folder = mkdtempSync(join(tmpdir(), 'analyze-and-request-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const WORLD = `
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ name: http, port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: vendor, namespace: shop }
spec: { type: ExternalName, externalName: api.vendor.example, ports: [{ name: http, port: 80 }] }
`;
const gateway = (server: string) => `---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec: { selector: { istio: ingressgateway }, servers: [{ hosts: [shop.example.com], ${server} }] }
`;
const routes = (http: string) => `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: public, namespace: shop }
spec: { hosts: [shop.example.com], gateways: [public], http: [${http}] }
`;
const PLAIN = gateway('port: { number: 80, name: http, protocol: HTTP }');
const TO_CART = '{ route: [{ destination: { host: cart, port: { number: 80 } } }] }';

// What Envoy does with each was observed; see the experiments of the conformance suite.
test.each([
  ['a route to an ExternalName that no ServiceEntry has', PLAIN + routes('{ route: [{ destination: { host: vendor, port: { number: 80 } } }] }'),
    'GET', 'http://shop.example.com/', 'cluster-not-sent', /outcome: unknown cluster, 503 \(NC\)/],
  ['http routes at a server that passes TLS through',
    gateway('port: { number: 443, name: tls, protocol: TLS }, tls: { mode: PASSTHROUGH }') + routes(TO_CART),
    'GET', 'https://shop.example.com/', 'entries-dropped-by-gateway', /outcome: connection refused/],
  ['a prefix without a slash', PLAIN + routes(`{ match: [{ uri: { prefix: route } }], ${TO_CART.slice(1)}`), 'GET', 'http://shop.example.com/route',
    'path-without-slash', /outcome: no route, 404 \(NR\)/],
  ['a star in a prefix', PLAIN + routes(`{ match: [{ uri: { prefix: "/user/*" } }], ${TO_CART.slice(1)}`), 'GET', 'http://shop.example.com/user/7',
    'pattern-in-path', /outcome: no route, 404 \(NR\)/],
  ['a rewrite of a prefix to a slash', PLAIN + routes(`{ match: [{ uri: { prefix: /common } }], rewrite: { uri: / }, ${TO_CART.slice(1)}`), 'GET',
    'http://shop.example.com/common/api', 'rewrite-doubles-slash', /\/\/api/],
  ['a redirect to itself', PLAIN + routes('{ match: [{ uri: { prefix: /app } }], redirect: { uri: /app/ } }'), 'GET', 'http://shop.example.com/app',
    'redirect-loop', /a caller that follows it is redirected again: a redirect loop/],
  ['a redirect to HTTPS without an HTTPS server', gateway('port: { number: 80, name: http, protocol: HTTP }, tls: { httpsRedirect: true }'),
    'GET', 'https://shop.example.com/', 'https-redirect-without-https', /listener: none for port 443; the caller cannot connect/],
])('%s: analyze names the mistake, and request shows what it does', async (_, manifests, method, url, rule, shown) => {
  const path = join(folder, 'it.yaml');
  writeFileSync(path, WORLD + manifests);
  const { findings } = JSON.parse((await run(['analyze', path, '-f', 'json', '-q'])).stdout) as { findings: { rule: string }[] };
  expect(findings.map(finding => finding.rule).filter(id => id !== 'kinds-missing')).toEqual([rule]);
  expect((await run(['request', path, method, url, '--gateway', 'istio-system/istio=ingressgateway'])).stdout).toMatch(shown);
});
