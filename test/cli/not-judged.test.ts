import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './command-line';

const folder = mkdtempSync(join(tmpdir(), 'not-judged-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, text: string) => {
  writeFileSync(join(folder, `${name}.yaml`), text);
  return join(folder, `${name}.yaml`);
};
const SERVICES = ['cart', 'mock'].map(name => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 80 }] }
`).join('---');
const WORLD = file('world', `${SERVICES}---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ route: [{ destination: { host: cart } }], timeout: 3s, retries: { attempts: 4 } }] }
`);
const DENY = file('deny', `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: deny, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, action: DENY, rules: [{}] }
`);
const PATCH = file('patch', `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: lua, namespace: shop }
spec: { workloadSelector: { labels: { app: cart } }, priority: 1, configPatches: [{ applyTo: HTTP_FILTER, match: { context: SIDECAR_INBOUND }, patch: { operation: REMOVE } }] }
`);
const PATCHED = 'EnvoyFilter shop/lua (anything in the configuration of the proxies that it patches)';
const ROUTE = file('route', `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: to-mock, namespace: shop }
spec: { parentRefs: [{ group: "", kind: Service, name: cart }], rules: [{ backendRefs: [{ name: mock, port: 80 }] }] }
`);
const TO_GONE = file('to-gone', readFileSync(ROUTE, 'utf8').replace('name: cart', 'name: gone'));
const AMBIENT = file(
  'ambient',
  '\napiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { istio.io/dataplane-mode: ambient } }\n',
);

describe('request', () => {
  const ask = (...args: readonly string[]) => run(['request', WORLD, ...args, '--from', 'shop/app=web', '--expect-routed']);
  const CART = ['GET', 'http://cart/'];

  test('names a patch of the called service in text and JSON, but not for another service', async () => {
    const line = `  not judged: ${PATCHED}\n`;
    expect((await ask(PATCH, ...CART)).stdout).toContain(line);
    expect((await ask(PATCH, 'GET', 'http://mock/')).stdout).not.toContain('not judged');
    const entry = {
      what: 'EnvoyFilter',
      changes: 'anything in the configuration of the proxies that it patches',
      objects: ['EnvoyFilter shop/lua'],
    };
    const notJudged = async (url: string) => JSON.parse((await ask(PATCH, 'GET', url, '-f', 'json')).stdout).notJudged as unknown;
    expect([await notJudged('http://cart/'), await notJudged('http://mock/')]).toEqual([[entry], []]);
  });

  test('--expect-routed says so and passes; with --strict it fails', async () => {
    expect(await ask(PATCH, ...CART)).toMatchObject({
      code: 0, stderr: `the request is routed, except for what is not judged: ${PATCHED}\n`,
    });
    expect([
      (await ask(PATCH, ...CART, '--strict')).code,
      (await ask(PATCH, 'GET', 'http://mock/', '--strict')).code,
      (await ask(...CART, '--strict')).code,
    ])
      .toEqual([1, 0, 0]);
  });

  test('decides nothing about a host that a route of the Gateway API claims for a Service that the input lacks', async () => {
    expect(await ask(TO_GONE, 'GET', 'http://gone.shop.svc.cluster.local/')).toMatchObject({
      code: 1,
      stdout: [
        'GET http://gone.shop.svc.cluster.local/ from sidecar of shop (app=web)', '  outcome: not decided',
        '  not decided, because of HTTPRoute shop/to-mock (where requests go)', '',
      ].join('\n'),
    });
    expect((await ask(TO_GONE, 'GET', 'http://mock/')).stdout).toContain('outcome: routed');
  });

  test('follows a route of the Gateway API, which takes the place of the VirtualService for callers of its namespace', async () => {
    const { code, stdout } = await ask(ROUTE, ...CART);
    expect(code).toBe(0);
    expect(stdout).toContain('mock.shop');
    expect(stdout).not.toContain('not judged');
  });

  test('promises no timeout, retries or shares to a caller in ambient mode', async () => {
    const { outcome, split, notJudged, ...answer } = JSON.parse((await ask(AMBIENT, ...CART, '-f', 'json')).stdout);
    expect([outcome, split]).toEqual(['not decided', []]);
    expect(notJudged).toEqual([expect.objectContaining({ what: 'ambient mode', objects: ['Namespace shop'], decides: true })]);
    expect(answer).not.toHaveProperty('timeoutMs');
    expect(answer).not.toHaveProperty('retry');
  });
});

test('explain lists what applies to the proxy, in text and JSON', async () => {
  const explain = (...args: readonly string[]) => run(['explain', WORLD, DENY, ROUTE, '--from', 'shop/app=web', ...args]);
  expect((await explain()).stderr).toContain('not judged: AuthorizationPolicy shop/deny (which calls are allowed)\n');
  const whats = async (...args: readonly string[]) => JSON.parse((await explain('-f', 'json', ...args)).stdout).notJudged
    .map(({ what }: { what: string }) => what) as unknown;
  expect([await whats(), await whats('--host', 'mock')]).toEqual([['AuthorizationPolicy'], []]);
});

test('explain says that nothing is known about a proxy that does not exist', async () => {
  const { stderr } = await run(['explain', WORLD, AMBIENT, '--from', 'shop/app=web']);
  expect(stderr).toContain('not decided, because of ambient mode of Namespace shop (ambient mode is not modelled: ');
});

describe('diff', () => {
  const NEW = file('new', `${[WORLD, PATCH].map(path => `---\n${readFileSync(path, 'utf8')}`).join('')}`);
  const diff = (...args: readonly string[]) => run(['diff', WORLD, NEW, ...args]);

  test('says what it could not judge instead of "the same traffic", and fails with --strict', async () => {
    expect(await diff()).toEqual({
      code: 0, stdout: `Not judged\n  added: ${PATCHED}\n`, stderr: 'the same traffic, except for what is not judged\n',
    });
    expect((await diff('--strict')).code).toBe(1);
    expect(await run(['diff', NEW, NEW, '--strict'])).toMatchObject({ code: 0, stderr: 'the same traffic\n' });
  });

  test('says so in Markdown and JSON', async () => {
    const { stdout } = await diff('-f', 'markdown');
    expect(stdout).toContain(
      'The same traffic as before, except for what is not judged.\n\n**Not judged:**\n\n- added: EnvoyFilter shop/lua ',
    );
    expect(JSON.parse((await diff('-f', 'json')).stdout).notJudged).toEqual([
      {
        what: 'EnvoyFilter',
        changes: 'anything in the configuration of the proxies that it patches',
        added: ['EnvoyFilter shop/lua'],
        removed: [],
        changed: [],
      },
    ]);
  });

  const weighted = (weight: number) => `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: cart, namespace: shop }
spec: { parentRefs: [{ name: public }], rules: [{ backendRefs: [{ name: cart, port: 80, weight: ${weight} }, { name: mock, port: 80 }] }] }
`;

  test.each([
    ['a route of the Gateway API moves weight', weighted(1), weighted(9), 'changed: HTTPRoute shop/cart'],
    ['a namespace joins ambient mode', '', readFileSync(AMBIENT, 'utf8'), 'added: ambient mode of Namespace shop'],
  ])('is not sure of the same traffic if %s', async (_, old, now, difference) => {
    const sides = [old, now].map((text, i) => file(`side-${i}`, `${readFileSync(WORLD, 'utf8')}---${text}`));
    const { code, stdout, stderr } = await run(['diff', ...sides, '--strict']);
    expect([code, stderr]).toEqual([1, 'the same traffic, except for what is not judged\n']);
    expect(stdout).toContain(`Not judged\n  ${difference} (`);
  });

  test('lists both if traffic differs too', async () => {
    const changed = file('changed', readFileSync(NEW, 'utf8').replace('3s', '4s'));
    const { code, stdout, stderr } = await run(['diff', WORLD, changed]);
    expect([code, stderr]).toEqual([1, '1 change for traffic, besides what is not judged\n']);
    expect(stdout).toMatch(/timeout[^]*Not judged\n {2}added: EnvoyFilter shop\/lua/);
  });
});

describe('analyze', () => {
  const analyze = (...args: readonly string[]) => run(['analyze', WORLD, DENY, TO_GONE, AMBIENT, ...args]);
  const WHATS = ['AuthorizationPolicy', 'HTTPRoute', 'ambient mode'];

  test('lists what it did not judge once per kind, and the exit code does not depend on it', async () => {
    const { code, stderr } = await analyze();
    expect(code).toBe(0);
    expect(stderr.split('\n').filter(line => line.startsWith('not judged: ')).map(line => line.replace(/ \(.*/, ''))).toEqual([
      'not judged: AuthorizationPolicy shop/deny', 'not judged: HTTPRoute shop/to-mock', 'not judged: ambient mode of Namespace shop',
    ]);
  });

  test('names it in JSON, and in SARIF as notifications', async () => {
    const whats = (entries: readonly { what: string }[]) => entries.map(({ what }) => what);
    expect(whats(JSON.parse((await analyze('-f', 'json')).stdout).notJudged)).toEqual(WHATS);
    const { runs: [{ invocations: [{ toolExecutionNotifications: notifications }] }] } = JSON.parse((await analyze('-f', 'sarif')).stdout);
    const texts = notifications.map(({ message: { text } }: { message: { text: string } }) => text) as string[];
    expect(texts.filter(text => text.startsWith('not judged: ') && text.includes('shop'))).toHaveLength(WHATS.length);
  });

  test('names it for GitHub as notices without a file', async () => {
    const { stdout } = await analyze('-f', 'github', '-q');
    expect(
      stdout.split('\n').filter(line => line.startsWith('::notice title=not judged::')).map(line => line.replace(/ \(.*/, '')),
    ).toEqual([
      '::notice title=not judged::AuthorizationPolicy shop/deny', '::notice title=not judged::HTTPRoute shop/to-mock',
      '::notice title=not judged::ambient mode of Namespace shop',
    ]);
  });

  test('names the Ingresses, and the Gateways of classes that the input lacks', async () => {
    const edge = file('edge', `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: cart, namespace: shop }
spec: { defaultBackend: { service: { name: cart, port: { number: 80 } } } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec: { gatewayClassName: inner, listeners: [{ name: http, port: 80, protocol: HTTP }] }
`);
    expect((await run(['analyze', WORLD, edge])).stderr.match(/^not judged: .*$/gm)).toEqual([
      'not judged: Ingress shop/cart (which hosts the gateway serves, and where their requests go)',
      'not judged: Gateway shop/public (which ports and hosts its gateway serves)',
    ]);
  });

  test('reports a misspelt kind as an error with the intended kind', async () => {
    const { code, stdout } = await run([
      'analyze',
      file('misspelt', readFileSync(WORLD, 'utf8').replace('VirtualService', 'VirtualServcie')),
    ]);
    expect(code).toBe(1);
    expect(stdout).toContain('error unknown-kind\n  VirtualServcie shop/cart kind\n');
    expect(stdout).toContain('repair: write VirtualService\n');
  });

  test('knows that a Gateway of the Gateway API exists', async () => {
    const gateways = file('gateways', `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec: { gatewayClassName: istio, listeners: [{ name: http, port: 80, protocol: HTTP }] }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: other, namespace: shop }
spec: { selector: { istio: ingressgateway }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ["*"] }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: bound, namespace: shop }
spec: { hosts: [shop.example.com], gateways: [public], http: [{ route: [{ destination: { host: cart } }] }] }
`);
    const { stdout } = await run(['analyze', WORLD, gateways, '--complete']);
    expect(stdout).toContain('Gateway \'shop/public\' is one of the Gateway API, to which no VirtualService can be bound');
    expect(stdout).not.toContain('\'shop/public\' does not exist');
  });
});

describe('who may call', () => {
  const ask = (...args: readonly string[]) => run(['request', WORLD, DENY, ...args, '--from', 'shop/app=web']);
  const ALLOW = file('allow', `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: allow, namespace: shop }
spec: { selector: { matchLabels: { app: mock } }, rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/web] } }] }] }
`);

  test('request says that a policy denies the call, with its rule, and not where another service is called', async () => {
    const { code, stdout } = await ask('GET', 'http://cart/', '--expect-denied');
    expect([code, stdout]).toEqual([0, expect.stringContaining('denied with 403: AuthorizationPolicy shop/deny, rules[0] denies it')]);
    expect(stdout).toMatch(/outcome: denied, 403\n$/);
    expect((await ask('GET', 'http://cart/', '--expect-routed')).code).toBe(1);
    expect([
      (await ask('GET', 'http://mock/', '--expect-routed', '--strict')).code,
      (await ask('GET', 'http://mock/', '--expect-denied')).code,
    ]).toEqual([0, 1]);
  });

  test('as JSON, the outcome and the deciding rule', async () => {
    const { outcome, status, access, split, notJudged } = JSON.parse((await ask('GET', 'http://cart/', '-f', 'json')).stdout);
    expect([outcome, status, notJudged]).toEqual(['denied', 403, []]);
    expect(access).toEqual({
      outcome: 'denied',
      status: 403,
      by: { policy: 'AuthorizationPolicy shop/deny', rule: 0 },
      why: 'AuthorizationPolicy shop/deny, rules[0] denies it',
      missed: [],
    });
    expect(split).toMatchObject([{ reception: 'denied', percent: 100 }]);
  });

  test('--as is the account of the caller, which is unknown without pods', async () => {
    const outcome = async (...args: readonly string[]) =>
      JSON.parse((await ask(ALLOW, 'GET', 'http://mock/', '-f', 'json', ...args)).stdout).outcome as unknown;
    expect([await outcome(), await outcome('--as', 'shop/web'), await outcome('--as', 'other/web'), await outcome('--plaintext')])
      .toEqual(['undecided', 'routed', 'denied', 'denied']);
  });

  test('--plaintext is what the endpoint gets', async () => {
    const security = async (...args: readonly string[]) => (await ask('GET', 'http://mock/', ...args)).stdout.match(/the endpoint gets .*/g);
    expect(await security()).toEqual(["the endpoint gets mutual TLS, or plaintext if it does not accept Istio's mutual TLS"]);
    expect(await security('--plaintext')).toEqual(['the endpoint gets plaintext']);
  });

  test.each([
    [['--as', 'web'], '--as: \'web\' is not a service account; write NAMESPACE/SERVICEACCOUNT'],
    [['--as', 'shop/web', '--plaintext'], '--plaintext and --as contradict each other'],
    [['--token', 'nowhere.json'], '--token: nowhere.json: there is no such file or folder; name an existing one'],
    [['--token', file('text', 'iss: alice')], 'text.yaml is not JSON ('],
    [['--token', file('list', '[]')], 'the claims must be a JSON object'],
  ])('%j is told what is wrong', async (args, message) => {
    const { code, stderr } = await ask('GET', 'http://cart/', ...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
