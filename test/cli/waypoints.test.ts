import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './command-line';
import { parseManifests } from '../../src/manifest/loader';
import { Mesh } from 'cdk8s-istio/jest';

let folder: string;
beforeEach(() => folder = mkdtempSync(join(tmpdir(), 'waypoints-')));
afterEach(() => rmSync(folder, { recursive: true }));

const MESH = `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient, istio.io/use-waypoint: wp } }
---
apiVersion: v1
kind: Namespace
metadata: { name: legacy, labels: { istio-injection: enabled } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: wp, namespace: shop }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
---
apiVersion: v1
kind: Service
metadata: { name: catalog, namespace: shop }
spec: { selector: { app: catalog }, ports: [{ name: http, port: 80, targetPort: 3000 }, { name: tcp, port: 9000 }] }
---
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop, labels: { istio.io/use-waypoint: none } }
spec: { selector: { app: cart }, ports: [{ name: http, port: 80 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: catalog, namespace: shop }
spec: { selector: { matchLabels: { app: catalog } }, template: { metadata: { labels: { app: catalog, version: v1 } }, spec: { containers: [] } } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template: { metadata: { labels: { app: web } }, spec: { serviceAccountName: web, containers: [] } }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: catalog, namespace: shop }
spec: { host: catalog, subsets: [{ name: v1, labels: { version: v1 } }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: catalog, namespace: shop }
spec:
  hosts: [catalog]
  http:
    - { name: for-web, match: [{ sourceLabels: { app: web } }], route: [{ destination: { host: cart } }] }
    - { name: all, route: [{ destination: { host: catalog, subset: v1 } }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: readers, namespace: shop }
spec:
  targetRefs: [{ group: "", kind: Service, name: catalog }]
  action: DENY
  rules: [{ from: [{ source: { notPrincipals: [cluster.local/ns/shop/sa/web] } }], to: [{ operation: { methods: [POST] } }] }]
`;

function asked(command: string, ...options: string[]) {
  const file = join(folder, 'mesh.yaml');
  writeFileSync(file, MESH);
  return run([command, file, ...options]);
}

test('a waypoint routes a request by its own routes, without those that ask for labels of the caller', async () => {
  const { stdout, code } = await asked('request', '--waypoint', 'shop/wp', 'GET', 'http://catalog.shop/');
  expect(code).toBe(0);
  expect(stdout).toContain('from waypoint shop/wp');
  expect(stdout).not.toContain('for-web');
  expect(stdout).toContain('100 % to v1 of catalog.shop.svc.cluster.local, port 80, 1 endpoint');
  expect(stdout).toContain('the endpoint gets plaintext from its ztunnel');
  expect(stdout).toContain('outcome: routed');
});

test('a policy of the service decides at the waypoint, by the identity of the caller', async () => {
  const post = (...options: string[]) => asked('request', '--waypoint', 'shop/wp', ...options, 'POST', 'http://catalog.shop/');
  expect((await post('--as', 'shop/web')).stdout).toContain('outcome: routed');
  expect((await post('--as', 'shop/other')).stdout).toContain('outcome: denied, 403');
  expect((await post()).stdout).toContain('outcome: undecided');
});

test('a caller in ambient mode passes ztunnel and then the waypoint, with its own identity', async () => {
  const { stdout } = await asked('request', '--from', 'shop/app=web', 'POST', 'http://catalog/');
  expect(stdout).toContain('hop: ztunnel hands the connection to the waypoint shop/wp');
  expect(stdout).toContain('outcome: routed');
  const catalog = await asked('request', '--from', 'shop/app=catalog', 'POST', 'http://catalog/');
  expect(catalog.stdout).toContain('outcome: denied, 403');
});

test('of a service without a waypoint, a request of a caller in ambient mode is not decided, and the hop says what does not apply', async () => {
  const { stdout } = await asked('request', '--from', 'shop/app=web', 'GET', 'http://cart/');
  expect(stdout).toContain('hop: ztunnel hands the connection to a pod of cart.shop.svc.cluster.local, without a waypoint: '
    + 'its label istio.io/use-waypoint is none. No route, subset, retry or policy on requests applies');
  expect(stdout).toContain('outcome: not decided');
});

test('a sidecar bypasses the waypoint of the service that it calls', async () => {
  const { stdout } = await asked('request', '--from', 'legacy/app=old', 'GET', 'http://catalog.shop/');
  expect(stdout).toContain('hop: the waypoint shop/wp of catalog.shop.svc.cluster.local is bypassed: sidecars route by themselves');
  expect(stdout).toContain('from sidecar of legacy');
});

test('a connection without HTTP passes the waypoint, too', async () => {
  const { stdout } = await asked('request', '--waypoint', 'shop/wp', '--as', 'shop/web', 'tcp://catalog:9000');
  expect(stdout).toContain('filter chain inbound-vip|9000|tcp|catalog.shop.svc.cluster.local: TCP');
  expect(stdout).toContain('100 % to catalog.shop.svc.cluster.local, port 9000, 1 endpoint');
});

test('a host that the waypoint does not serve, and a waypoint that the input lacks, are errors', async () => {
  const cart = await asked('request', '--waypoint', 'shop/wp', 'GET', 'http://cart/');
  expect(cart).toMatchObject({ code: 2, stderr: expect.stringContaining('the waypoint serves nothing at ') });
  const other = await asked('request', '--waypoint', 'shop/way', 'GET', 'http://catalog/');
  expect(other.stderr).toContain('the input has no Gateway of class istio-waypoint named shop/way; it has shop/wp');
  const both = await asked('request', '--waypoint', 'shop/wp', '--from', 'shop', 'GET', 'http://catalog/');
  expect(both.stderr).toContain('--waypoint names a proxy on its own; leave out --from and --gateway');
  expect((await asked('explain', '--waypoint', 'shop')).stderr).toContain('\'shop\' is not a waypoint; write NAMESPACE/NAME');
});

test('explain shows the routes of a waypoint by service, with their origin, and its connections', async () => {
  const { stdout, stderr } = await asked('explain', '--waypoint', 'shop/wp');
  expect(stderr).toContain('what istiod sends the waypoint shop/wp');
  expect(stdout).toMatch(/catalog\.shop\.svc\.cluster\.local:80\s+1\. all: every request\s+goes to: v1 of catalog\.shop:80/);
  expect(stdout).toContain('VirtualService shop/catalog spec.http[1]');
  expect(stdout).toMatch(/9000\s+catalog\.shop\.svc\.cluster\.local\s+catalog\.shop:9000/);
  expect(stdout).not.toContain('cart');
});

test('the JSON of explain is what istiod sends: routes are parts of the listener main_internal', async () => {
  const { stdout } = await asked('explain', '--waypoint', 'shop/wp', '--format', 'json');
  const { routes, listeners } = JSON.parse(stdout) as { routes: object[]; listeners: { name: string }[] };
  expect(routes).toEqual([]);
  expect(listeners.map(({ name }) => name)).toEqual(['connect_terminate', 'main_internal', 'connect_originate']);
});

test('in a test, a mesh has waypoints', () => {
  const mesh = Mesh.fromManifests(parseManifests(MESH).objects);
  const waypoint = mesh.waypoint({ namespace: 'shop', name: 'wp' });
  expect(waypoint.get('http://catalog/').outcome).toBe('routed');
  expect(waypoint.as({ serviceAccount: 'web', namespace: 'shop' }).request('POST', 'http://catalog/').outcome).toBe('routed');
  expect(waypoint.as({ serviceAccount: 'web', namespace: 'other' }).request('POST', 'http://catalog/').outcome).toBe('denied');
  expect(() => mesh.waypoint({ namespace: 'shop', name: 'way' })).toThrow('the input has no waypoint');
});

test('cluster facts say which waypoint a namespace uses; without that, it is not known', async () => {
  const facts = join(folder, 'facts.yaml');
  const [, ...others] = MESH.split('---\n');
  const file = join(folder, 'other.yaml');
  writeFileSync(file, others.join('---\n'));
  const ask = () => run(['request', file, '--facts', facts, '--from', 'shop/app=web', 'GET', 'http://catalog/']);
  writeFileSync(facts, 'namespaces: [{ name: shop, mode: ambient, waypoint: wp }]\n');
  expect((await ask()).stdout).toContain('hop: ztunnel hands the connection to the waypoint shop/wp');
  writeFileSync(facts, 'namespaces: [{ name: shop, mode: ambient, waypoint: none }]\n');
  expect((await ask()).stdout).toContain('hop: ztunnel hands the connection to a pod of catalog.shop.svc.cluster.local, without a waypoint');
  writeFileSync(facts, 'namespaces: [{ name: shop, mode: ambient }]\n');
  expect((await ask()).stdout).toContain('hop: whether catalog.shop.svc.cluster.local uses a waypoint is not known');
});
