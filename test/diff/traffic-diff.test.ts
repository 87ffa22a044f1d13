import { changes, routes, rule, side, sideOf, to, VERSIONS, WORLD } from './sides';
import { rolloutProblems } from '../../src/diff/rollout';
import { callersOfBoth } from '../../src/diff/traffic-diff';

function service(name: string, spec: string): string {
  return `---\napiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: shop }\nspec: ${spec}\n`;
}

const CATALOG = 'catalog.shop.svc.cluster.local';
const V1 = WORLD + VERSIONS + routes(`[{ ${to({ v1: 1 })} }]`);

describe('what changes for traffic', () => {
  test('shares that move between subsets, with their size', () => {
    const [change, ...others] = changes(V1, WORLD + VERSIONS + routes(`[{ ${to({ v1: 90, v2: 10 })} }]`));
    expect(others).toEqual([]);
    expect(change).toMatchObject({
      kind: 'shares',
      risk: 'medium',
      host: 'catalog.shop.svc.cluster.local',
      port: 80,
      requests: 'every request',
    });
    expect(change.moves).toEqual([
      { destination: 'v1 of catalog.shop:80', before: 1, after: 0.9 },
      { destination: 'v2 of catalog.shop:80', before: 0, after: 0.1 },
    ]);
    expect(change.callers).toEqual([{ type: 'sidecar', namespace: 'shop' }]);
  });

  test('a move of at least half of the requests is a high risk', () => {
    expect(changes(V1, WORLD + VERSIONS + routes(`[{ ${to({ v2: 1 })} }]`))).toMatchObject([{ kind: 'shares', risk: 'high' }]);
  });

  test('a new route says what happened to its requests before', () => {
    const now = WORLD + VERSIONS + routes(`[{ match: [{ uri: { prefix: /items } }], ${to({ v2: 1 })} }, { ${to({ v1: 1 })} }]`);
    expect(changes(V1, now)).toMatchObject([
      { kind: 'route-added', requests: 'path /items*', before: 'v1 of catalog.shop:80', after: 'v2 of catalog.shop:80' },
    ]);
    expect(changes(now, V1)).toMatchObject([
      { kind: 'route-removed', requests: 'path /items*', before: 'v2 of catalog.shop:80', after: 'v1 of catalog.shop:80' },
    ]);
  });

  test('requests without a route get 404', () => {
    const only = WORLD + VERSIONS + routes(`[{ match: [{ uri: { prefix: /items } }], ${to({ v1: 1 })} }]`);
    expect(changes(V1, only)).toMatchObject([{
      kind: 'route-removed',
      risk: 'high',
      requests: 'every request, except path /items*',
      after: 'no route (404)',
      example: {
        method: 'GET',
        url: `http://${CATALOG}/`,
      },
    }]);
  });

  test('precedence of routes that share requests', () => {
    const [path, header] = [
      `{ match: [{ uri: { prefix: /items } }], ${to({ v2: 1 })} }`,
      `{ match: [{ headers: { x-a: { exact: b } } }], ${to({ v3: 1 })} }`,
    ];
    const both = (first: string, second: string) => WORLD + VERSIONS + routes(`[${first}, ${second}, { ${to({ v1: 1 })} }]`);
    expect(changes(both(path, header), both(header, path))).toMatchObject([
      {
        kind: 'precedence',
        risk: 'high',
        requests: 'header x-a b, and also path /items*',
        before: 'v2 of catalog.shop:80',
        after: 'v3 of catalog.shop:80',
      },
    ]);
  });

  test('timeout, retries, mirror, fault and rewrite separately', () => {
    const now = routes(`[{ ${to({ v1: 1 })}, timeout: 2s, retries: { attempts: 5, perTryTimeout: 500ms, retryOn: 5xx }, mirror: { host: catalog, subset: v2, port: { number: 80 } }, `
      + 'fault: { abort: { httpStatus: 503, percentage: { value: 1 } } }, rewrite: { uri: /v2 }, headers: { request: { set: { x-a: b } } } }]');
    const found = changes(V1, WORLD + VERSIONS + now);
    expect(found.map(({ kind, after }) => [kind, after])).toEqual([
      ['fault', '503 for 1 %'],
      ['rewrite', 'the matched path to /v2'],
      ['mirror', '100 % to v2 of catalog.shop:80'],
      ['timeout', '2s'],
      ['retries', '5 on 5xx, 0.500s for each try'],
      ['headers', 'request with x-a: b'],
    ]);
  });

  test('a redirect instead of a destination', () => {
    expect(changes(V1, WORLD + VERSIONS + routes('[{ redirect: { uri: /new } }]')))
      .toMatchObject([{ kind: 'answer', risk: 'high', before: 'v1 of catalog.shop:80', after: 'redirect (301) to path /new' }]);
  });

  test('limits and ejection of a cluster that gets requests', () => {
    const policy =
      '{ subsets: [{ name: v1, labels: { version: v1 } }], trafficPolicy: { connectionPool: { tcp: { maxConnections: 10 } }, outlierDetection: { consecutive5xxErrors: 3 } } }';
    const found = changes(WORLD + rule(
      'catalog',
      '{ subsets: [{ name: v1, labels: { version: v1 } }] }',
    ) + routes(`[{ ${to({ v1: 1 })} }]`),
    WORLD + rule('catalog', policy) + routes(`[{ ${to({ v1: 1 })} }]`));
    expect(found.map(({ kind, destination }) => [kind, destination])).toEqual([
      ['limits', 'v1 of catalog.shop:80'],
      ['outlier-detection', 'v1 of catalog.shop:80'],
    ]);
    expect(found[0].after).toBe('max connections 10');
  });

  test('a subset that keeps its name and selects other pods', () => {
    const now =
      WORLD + VERSIONS.replace('name: v1, labels: { version: v1 }', 'name: v1, labels: { version: v3 }') + routes(`[{ ${to({ v1: 1 })} }]`);
    expect(changes(V1, now)).toMatchObject([
      { kind: 'selection', risk: 'high', destination: 'v1 of catalog.shop:80', before: 'version=v1', after: 'version=v3' },
    ]);
  });

  test('a Service that selects other pods, as in a blue-green switch', () => {
    const world = (selector: string, targetPort: string) =>
      WORLD + service('cart', `{ selector: ${selector}, ports: [{ name: http, port: 80${targetPort} }] }`);
    const blue = world('{ app: cart, color: blue }', '');
    const place = { host: 'cart.shop.svc.cluster.local', port: 80, destination: 'cart.shop:80' };
    expect(changes(blue, world('{ app: cart, color: green }', '')))
      .toMatchObject([{ kind: 'selection', risk: 'high', ...place, before: 'app=cart, color=blue', after: 'app=cart, color=green' }]);
    expect(changes(blue, world('{ color: blue, app: cart }', ''))).toEqual([]);
  });

  test('a Service that loses its last pod: the workload is removed, scaled to 0, or has other labels', () => {
    const pods = (replicas: number, app: string) => '---\napiVersion: apps/v1\nkind: Deployment\nmetadata: { name: cart, namespace: shop }\n'
      + `spec: { replicas: ${replicas}, template: { metadata: { labels: { app: ${app} } } } }\n`;
    const cart = WORLD + service('cart', '{ selector: { app: cart }, ports: [{ name: http, port: 80 }] }');
    const [some, none] = ['pods of the manifests', 'no pod of the manifests'];
    for (const other of [cart, cart + pods(0, 'cart'), cart + pods(1, 'cartt')]) {
      expect(changes(cart + pods(2, 'cart'), other)).toContainEqual(
        expect.objectContaining({ kind: 'endpoints', risk: 'high', destination: 'cart.shop:80', before: some, after: none }),
      );
      expect(changes(other, cart + pods(2, 'cart'))).toContainEqual(
        expect.objectContaining({ kind: 'endpoints', risk: 'low', before: none, after: some }),
      );
    }
    expect(changes(cart + pods(2, 'cart'), cart + pods(3, 'cart'))).toEqual([]);
  });

  test('a Service with another target port, unless it is the default', () => {
    const world = (targetPort: string) =>
      WORLD + service('cart', `{ selector: { app: cart }, ports: [{ name: http, port: 80${targetPort} }] }`);
    expect(changes(world(', targetPort: 8080'), world(', targetPort: 9090')))
      .toMatchObject([{ kind: 'endpoints', risk: 'medium', destination: 'cart.shop:80', before: 'port 8080', after: 'port 9090' }]);
    expect(changes(world(''), world(', targetPort: 80'))).toEqual([]);
  });

  test('the addresses of a ServiceEntry with static endpoints', () => {
    const world = (address: string) => `${WORLD}---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: pay, namespace: shop }
spec: { hosts: [pay.example.com], ports: [{ number: 80, name: http, protocol: HTTP }], resolution: STATIC, endpoints: [{ address: ${address} }] }
`;
    expect(changes(world('10.0.0.1'), world('10.0.0.2'))).toMatchObject([{ kind: 'selection', destination: 'pay.example.com:80' }]);
    expect(changes(world('10.0.0.1'), world('10.0.0.1'))).toEqual([]);
  });

  test('the addresses of the WorkloadEntries that a ServiceEntry selects', () => {
    const world = (address: string, app = 'pay') => `${WORLD}---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: pay, namespace: shop }
spec: { hosts: [pay.example.com], ports: [{ number: 80, name: http, protocol: HTTP }], resolution: STATIC, workloadSelector: { labels: { app: pay } } }
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: { name: vm, namespace: shop }
spec: { address: ${address}, labels: { app: ${app} } }
`;
    expect(changes(world('10.0.0.1'), world('10.0.0.2')))
      .toMatchObject([
        { kind: 'selection', risk: 'high', destination: 'pay.example.com:80', before: 'app=pay (10.0.0.1)', after: 'app=pay (10.0.0.2)' },
      ]);
    expect(changes(world('10.0.0.1', 'other'), world('10.0.0.2', 'other'))).toEqual([]);
  });

  test('a subset without a definition is reported at its route', () => {
    const found = changes(V1, WORLD + routes(`[{ ${to({ v1: 1 })} }]`));
    expect(found).toMatchObject([{ kind: 'shares', risk: 'high', after: 'v1 of catalog.shop:80 (503: the proxy has no such cluster)' }]);
  });

  test('external hosts are blocked once the mesh allows only known hosts', () => {
    expect(changes(V1, V1, [undefined, { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } }]))
      .toMatchObject([{ kind: 'unknown-hosts', risk: 'high', after: 'blocked (502)' }]);
  });

  test('an external host becomes reachable under REGISTRY_ONLY when it is added, and blocked when it is removed', () => {
    const entry = `---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: json, namespace: shop }
spec: { hosts: [json.example.com], ports: [{ number: 80, name: http, protocol: HTTP }], resolution: DNS, location: MESH_EXTERNAL }
`;
    const registryOnly = { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } };
    expect(changes(WORLD, WORLD + entry, [registryOnly, registryOnly])).toMatchObject([
      { kind: 'host-reachable', host: 'json.example.com', before: 'blocked (502)' },
    ]);
    expect(changes(WORLD + entry, WORLD, [registryOnly, registryOnly])).toMatchObject([
      { kind: 'host-blocked', risk: 'high', after: 'blocked (502)' },
    ]);
    expect(changes(WORLD + entry, WORLD)).toMatchObject([{ kind: 'host-passed-through', risk: 'high' }]);
  });

  test('a removed host of a gateway is not served', () => {
    const gateway = `---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gateway, namespace: shop }
spec: { selector: { istio: ingressgateway }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ['*'] }] }
`;
    const served = routes(`[{ ${to({ v1: 1 })} }]`, { name: 'public', hosts: '[shop.example.com]', gateways: '[gateway]' });
    expect(changes(V1 + gateway + served, V1 + gateway)).toContainEqual(expect.objectContaining({
      kind: 'host-blocked',
      risk: 'high',
      host: 'shop.example.com',
      callers: [
        { type: 'gateway', namespace: 'istio-system', labels: { istio: 'ingressgateway' } },
      ],
    }));
    const renamed = gateway.replace('name: gateway', 'name: other') + served.replace('[gateway]', '[other]');
    expect(changes(V1 + gateway + served, V1 + renamed)).toEqual([]);
  });

  test('a change for only one class of callers names it', () => {
    const bySource = routes(`[{ match: [{ sourceLabels: { app: webapp } }], ${to({ v2: 1 })} }, { ${to({ v1: 1 })} }]`);
    const other = WORLD + WORLD.split('---')[2].replace(/webapp/g, 'batch').replace(/^/, '---');
    const found = changes(other + VERSIONS + routes(`[{ ${to({ v1: 1 })} }]`), other + VERSIONS + bySource);
    expect(found).toMatchObject([{ kind: 'shares', callers: [{ type: 'sidecar', namespace: 'shop', labels: { app: 'webapp' } }] }]);
  });

  test('the sidecars of a namespace with ServiceEntries alone', () => {
    const outside = (endpoint: string) => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: db, namespace: egress }
spec: { hosts: [db.example.com], ports: [{ name: tcp, number: 5432, protocol: TCP }], resolution: DNS, endpoints: [{ address: ${endpoint} }] }
`;
    expect(changes(outside('one.example.com'), outside('two.example.com'))).toMatchObject([
      { kind: 'endpoints', host: 'db.example.com', callers: [{ type: 'sidecar', namespace: 'egress' }] },
    ]);
  });

  test('the highest risk comes first', () => {
    const now =
      WORLD
      + VERSIONS
      + routes(
        `[{ ${to({ v1: 1 })}, headers: { request: { set: { x-a: b } } }, timeout: 1s, fault: { abort: { httpStatus: 500, percentage: { value: 100 } } } }]`,
      );
    expect(changes(V1, now).map(({ risk }) => risk)).toEqual(['high', 'medium', 'low']);
  });
});

describe('the rollout between two sets of manifests', () => {
  const problems = (old: string, now: string) => {
    const [before, after] = [side(old), side(now)];
    return rolloutProblems(before, after, objects => sideOf(objects), callersOfBoth(before, after)).map(({ kind, destination }) => [
      kind,
      destination,
    ]);
  };
  const [one, two] = ['v1', 'v2'].map(
    version =>
      WORLD
      + rule('catalog', `{ subsets: [{ name: ${version}, labels: { version: ${version} } }] }`)
      + routes(`[{ ${to({ [version]: 1 })} }]`),
  );

  test('a new subset may get requests before it exists, and an old one may be gone too early', () => {
    expect(problems(one, two)).toEqual([
      ['routed-before-it-exists', 'v2 of catalog.shop:80'],
      ['gone-while-routed-to', 'v1 of catalog.shop:80'],
    ]);
  });

  test('adding a subset first and removing one last is safe', () => {
    expect(problems(V1, WORLD + VERSIONS + routes(`[{ ${to({ v2: 1 })} }]`))).toEqual([]);
  });
});
