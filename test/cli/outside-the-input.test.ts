import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './command-line';

const folder = mkdtempSync(join(tmpdir(), 'outside-the-input-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const SERVICE = `
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ name: http, port: 80 }] }
`;
const object = (kind: string, spec: string) =>
  `---\napiVersion: networking.istio.io/v1\nkind: ${kind}\nmetadata: { name: it, namespace: shop }\nspec: ${spec}\n`;
const bound = (timeout: string) => object('VirtualService',
  `{ hosts: [shop.example.com], gateways: [infra/public], http: [{ timeout: ${timeout}, route: [{ destination: { host: cart } }] }] }`);
const limited = (connections: number) => object('DestinationRule',
  `{ host: pay.billing.svc.cluster.local, trafficPolicy: { connectionPool: { tcp: { maxConnections: ${connections} } } } }`);
const AT_GATEWAY = 'routes at a Gateway outside the input of VirtualService shop/it (which requests from outside are served, and where they go)';

test.each([
  ['routes of a Gateway that the input lacks', bound('1s'), bound('2s'), AT_GATEWAY],
  ['settings of a host that the input lacks', limited(1), limited(2), 'settings of a host outside the input of DestinationRule shop/it'],
])('diff does not call a change of %s the same traffic, unless nothing else exists', async (_, old, now, told) => {
  const sides = [old, now].map((text, i) => file(`${i}.yaml`, SERVICE + text));
  const { code, stdout, stderr } = await run(['diff', ...sides, '--strict']);
  expect([code, stderr]).toEqual([1, 'the same traffic, except for what is not judged\n']);
  expect(stdout).toContain(`Not judged\n  changed: ${told}`);
  expect(await run(['diff', ...sides, '--strict', '--complete'])).toMatchObject({ code: 0, stderr: 'the same traffic\n' });
});

const headless = (port: string, connections: number) => `---
apiVersion: v1
kind: Service
metadata: { name: db, namespace: shop }
spec: { clusterIP: None, selector: { app: db }, ports: [{ ${port} }] }
${object('DestinationRule', `{ host: db, trafficPolicy: { connectionPool: { tcp: { maxConnections: ${connections} } } } }`)}`;

test('diff does not call other limits of a headless Service the same traffic, as the input lacks the addresses of its pods', async () => {
  const sides = [1, 2].map(connections => file(`${connections}.yaml`, SERVICE + headless('name: tcp, port: 5432', connections)));
  const { stdout, stderr } = await run(['diff', ...sides]);
  expect(stderr).toBe('the same traffic, except for what is not judged\n');
  expect(stdout).toContain('  changed: connections by pod address of DestinationRule shop/it (');
  const request = ['request', sides[0], 'tcp://db.shop.svc.cluster.local:5432', '--from', 'shop'];
  expect((await run(request)).stdout).toContain('not judged: connections by pod address of Service shop/db');
});

test('diff judges the limits of a headless Service with HTTP, which needs no listener of its own', async () => {
  const sides = [1, 2].map(connections => file(`${connections}.yaml`, SERVICE + headless('name: http, port: 8080', connections)));
  expect((await run(['diff', ...sides])).stderr).toBe('1 change for traffic\n');
});

const exported = (to: string, timeout = '1s') => object('VirtualService',
  `{ hosts: [cart], exportTo: [${to}], http: [{ timeout: ${timeout}, route: [{ destination: { host: cart } }] }] }`);
const toOthers = (timeout: string) => object('VirtualService',
  `{ hosts: [cart], http: [{ match: [{ sourceNamespace: billing }], timeout: ${timeout}, route: [{ destination: { host: cart } }] }] }`);

test.each([
  ['the namespaces that see a VirtualService', exported('"*"'), exported('.'), 'exportTo of VirtualService shop/it'],
  ['a VirtualService for another namespace', exported('billing'), exported('billing', '2s'), 'settings for a namespace outside the input'],
  ['a route for callers of another namespace', toOthers('1s'), toOthers('2s'), 'settings for a namespace outside the input'],
])('diff does not call a change of %s the same traffic, as the input lacks its callers', async (_, old, now, told) => {
  const { stdout, stderr } = await run(['diff', ...[old, now].map((text, i) => file(`${i}.yaml`, SERVICE + text))]);
  expect(stderr).toContain('what is not judged');
  expect(stdout).toContain(`  changed: ${told}`);
});

test('request does not say that a gateway refuses what a Gateway outside the input may serve', async () => {
  const ask = async (host: string, ...more: readonly string[]) => (await run(
    ['request', file('bound.yaml', SERVICE + bound('1s')), 'GET', `http://${host}/`, '--gateway', 'infra/istio=ingressgateway', ...more],
  )).stdout;
  expect(await ask('shop.example.com')).toContain(`  outcome: not decided\n  not decided, because of ${AT_GATEWAY}\n`);
  expect(await ask('www.example.org')).toContain('outcome: connection refused');
  expect(await ask('shop.example.com', '--complete')).toContain('outcome: connection refused');
});

test('check does not prove that no request of a gateway reaches what a Gateway outside the input may serve', async () => {
  const invariants = file('invariants.yaml',
    'kind: Invariants\ninvariants: [{ name: closed, never: { from: [{ gateway: infra/istio=ingressgateway }], to: { host: cart.shop } } }]\n');
  const { code, stdout } = await run(['check', invariants, file('bound.yaml', SERVICE + bound('1s'))]);
  expect([code, stdout]).toEqual([1, expect.stringContaining('not decided: closed')]);
});

describe('request names what may lie outside the input', () => {
  const GATEWAY = `---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: infra }
spec: { selector: { istio: ingressgateway }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ["*"] }] }
`;
  const ROUTES = object('VirtualService', `{ hosts: [cart, shop.example.com], gateways: [infra/public, mesh], http: [
    { match: [{ uri: { prefix: /subset } }], route: [{ destination: { host: cart, subset: v9 } }] },
    { match: [{ uri: { prefix: /host } }], route: [{ destination: { host: missing } }] },
    { match: [{ uri: { prefix: /port } }], route: [{ destination: { host: cart, port: { number: 81 } } }] }] }`);
  const DELEGATING = object('VirtualService', '{ hosts: [cart], http: [{ delegate: { name: cart-routes } }] }');
  const EXTERNAL = object('ServiceEntry',
    '{ hosts: [api.example.com], ports: [{ number: 80, name: http, protocol: HTTP }], resolution: DNS }').replace('name: it', 'name: api');
  const ONLY = object('Sidecar', '{ outboundTrafficPolicy: { mode: REGISTRY_ONLY } }');
  const BY_GATEWAY = ['--gateway', 'infra/istio=ingressgateway'];
  const FROM = ['--from', 'shop'];
  const SUBSET = 'subset v9 of cart.shop.svc.cluster.local (a DestinationRule outside the input may define it)';
  const HOST = 'host missing.shop.svc.cluster.local (a Service or ServiceEntry outside the input may have it)';
  const DELEGATE = 'delegate outside the input of VirtualService shop/it (where the requests of its rule go)';
  const SERVER = '(a Service or ServiceEntry outside the input may have it)';

  test.each([
    ['a subset that no DestinationRule defines', ROUTES, 'http://cart/subset', FROM, 'unknown cluster, 503 (NC)', SUBSET],
    ['a subset at a gateway', GATEWAY + ROUTES, 'http://shop.example.com/subset', BY_GATEWAY, 'unknown cluster, 503 (NC)', SUBSET],
    ['a destination without a Service', ROUTES, 'http://cart/host', FROM, 'unknown cluster, 503 (NC)', HOST],
    ['a delegate', DELEGATING, 'http://cart/', FROM, undefined, DELEGATE],
    ['a blocked host', ONLY, 'http://api.example.com/', FROM, 'blocked, 502', `host api.example.com ${SERVER}`],
    ['a blocked connection', ONLY, 'tls://api.example.com:443', FROM, 'blocked', `host api.example.com ${SERVER}`],
    ['a Service by its short name', ONLY, 'http://pay/', FROM, 'blocked, 502', `host pay ${SERVER}`],
    ['a port that no ServiceEntry has', EXTERNAL + ROUTES.replace('host: missing', 'host: api.example.com, port: { number: 8443 }'), 'http://cart/host',
      FROM, 'unknown cluster, 503 (NC)', 'port 8443 of api.example.com (another ServiceEntry outside the input may add it)'],
    ['a port of a host of ServiceEntries', ONLY + EXTERNAL, 'http://api.example.com:8443/', FROM, 'blocked', `host api.example.com ${SERVER}`],
    ['a host that is passed through', '', 'http://pay/', FROM, 'passed through', `host pay ${SERVER}`],
    ['a host without routes at a gateway', GATEWAY + ROUTES, 'http://www.example.org/', BY_GATEWAY, 'no route, 404 (NR)',
      'host www.example.org (a Gateway or VirtualService outside the input may serve it)'],
    ['a port of a gateway', GATEWAY + ROUTES, 'https://www.example.org/', BY_GATEWAY, 'connection refused',
      'port 443 (a Gateway outside the input may serve it)'],
  ])('%s', async (_, more, url, caller, outcome, told) => {
    const words = url.startsWith('http') ? ['GET', url] : [url];
    const ask = async (...options: readonly string[]) => (await run(
      ['request', file('lacking.yaml', SERVICE + more), ...words, ...caller, ...options])).stdout;
    const open = await ask();
    if (outcome !== undefined) expect(open).toContain(`outcome: ${outcome}\n`);
    expect(open).toContain(`  not judged: ${told}\n`);
    expect(await ask('--complete')).not.toContain('not judged');
  });

  test.each([
    ['a port that the Service lacks', ROUTES, 'http://cart/port', 'unknown cluster, 503 (NC)'],
    ['a host whose ServiceEntry has the port', EXTERNAL + ROUTES.replace('host: missing', 'host: api.example.com, port: { number: 80 }'), 'http://cart/host',
      'routed'],
    ['a path that no route takes', ROUTES, 'http://cart/', 'no route, 404 (NR)'],
  ])('but not for %s', async (_, more, url, outcome) => {
    const { stdout } = await run(['request', file('lacking.yaml', SERVICE + more), 'GET', url, ...FROM]);
    expect(stdout).toContain(`outcome: ${outcome}\n`);
    expect(stdout).not.toContain('not judged');
  });
});
