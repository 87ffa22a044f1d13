import { replayed, resultOf, workload } from './mesh';

const SHOP = `${workload('catalog', 'shop', ['v1', 'v2'])}
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: catalog, namespace: shop }
spec: { host: catalog, subsets: [{ name: v1, labels: { version: v1 } }, { name: v2, labels: { version: v2 } }] }
---`;
const routes = (http: string) => `${SHOP}
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: catalog, namespace: shop }
spec:
  hosts: [catalog]
  http: [${http}]
`;
const to = (subset: string) => `route: [{ destination: { host: catalog, subset: ${subset} } }]`;
const INTERNAL = 'match: [{ headers: { x-cohort: { exact: internal } } }]';
const reachesV2 = (match = INTERNAL) => `always: { requests: { host: catalog.shop, ${match} }, reach: { host: catalog.shop, subset: v2 } }`;

test('every request of the cohort reaches its version', () => {
  expect(resultOf(routes(`{ ${INTERNAL}, ${to('v2')} }, { ${to('v1')} }`), reachesV2()).outcome).toBe('holds');
});

test('an earlier route that takes some of the requests is found', () => {
  const manifests = routes(`{ match: [{ uri: { prefix: /old } }], ${to('v1')} }, { ${INTERNAL}, ${to('v2')} }, { ${to('v1')} }`);
  const result = resultOf(manifests, reachesV2());
  expect(result).toMatchObject({ outcome: 'does not hold', witness: { request: { headers: { 'x-cohort': 'internal' } } } });
  expect(replayed(result, manifests)).toMatchObject({ outcome: 'routed', split: [{ subset: 'v1' }] });
});

test('routes that only together take all requests prove it', () => {
  const manifests = routes(`
    { match: [{ headers: { x-cohort: { exact: internal } }, method: { exact: GET } }], ${to('v2')} },
    { match: [{ headers: { x-cohort: { prefix: int } }, method: { regex: "[^G].*|G|G[^E].*|GE|GE[^T].*|GET.+" } }], ${to('v2')} },
    { ${to('v1')} }`);
  expect(resultOf(manifests, reachesV2()).outcome).toBe('holds');
});

test('a redirect, an injected abort and a share that goes elsewhere break it', () => {
  for (const action of [
    'redirect: { uri: /new }', `fault: { abort: { httpStatus: 503, percentage: { value: 1 } } }, ${to('v2')}`,
    'route: [{ destination: { host: catalog, subset: v2 }, weight: 99 }, { destination: { host: catalog, subset: v1 }, weight: 1 }]',
  ]) {
    const manifests = routes(`{ ${INTERNAL}, ${action} }, { ${to('v1')} }`);
    const result = resultOf(manifests, reachesV2());
    expect([action, result.outcome]).toEqual([action, 'does not hold']);
    expect(replayed(result, manifests).request.path).toBeDefined();
  }
});

test('a policy that denies some of the requests breaks it, and the witness is denied', () => {
  const manifests = `${routes(`{ ${INTERNAL}, ${to('v2')} }, { ${to('v1')} }`)}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: admin, namespace: shop }
spec: { action: DENY, rules: [{ to: [{ operation: { paths: ["/admin*"] } }] }] }
`;
  const result = resultOf(manifests, reachesV2());
  expect(result).toMatchObject({ outcome: 'does not hold', witness: { request: { url: 'http://catalog.shop.svc.cluster.local/admin' } } });
  expect(replayed(result, manifests).outcome).toBe('denied');
  const items = 'match: [{ uri: { exact: /items }, headers: { x-cohort: { exact: internal } } }]';
  expect(resultOf(manifests, reachesV2(items)).outcome).toBe('holds');
});

test('a host that no caller has routes for is not decided', () => {
  const result = resultOf(SHOP, 'always: { requests: { host: shop.example.com }, reach: { host: catalog.shop } }');
  expect(result).toMatchObject({ outcome: 'not decided', reasons: ['no caller has HTTP routes for shop.example.com'] });
});

const LIMITED = routes(`
  { match: [{ uri: { prefix: /api/ } }], timeout: 5s, retries: { attempts: 2 }, ${to('v1')} },
  { match: [{ uri: { prefix: /slow } }], timeout: 30s, ${to('v1')} },
  { ${to('v1')} }`);

test('a timeout is proven below a path, and its absence is found', () => {
  const within = (prefix: string, atMost: string) => resultOf(
    LIMITED, `always: { requests: { host: catalog.shop, match: [{ uri: { prefix: ${prefix} } }] }, timeout: { atMost: ${atMost} } }`);
  expect(within('/api/', '5s').outcome).toBe('holds');
  expect(within('/api/', '4999ms').outcome).toBe('does not hold');
  expect(within('/api', '5s').outcome).toBe('does not hold');
  const result = within('/slow', '5s');
  expect(replayed(result, LIMITED).timeoutMs).toBe(30_000);
});

test('retries are proven below a path', () => {
  const retried = (atMost: number) => resultOf(
    LIMITED, `always: { requests: { host: catalog.shop, match: [{ uri: { prefix: /api/ } }] }, retries: { atMost: ${atMost} } }`);
  expect(retried(2).outcome).toBe('holds');
  expect(retried(1).outcome).toBe('does not hold');
});

test('a subset receives at most its share', () => {
  const manifests = routes(`
    { ${INTERNAL}, ${to('v2')} },
    { route: [{ destination: { host: catalog, subset: v1 }, weight: 90 }, { destination: { host: catalog, subset: v2 }, weight: 10 }] }`);
  const share = (match: string, bounds: string) => resultOf(
    manifests, `always: { requests: { host: catalog.shop, ${match} }, share: { to: { host: catalog.shop, subset: v2 }, ${bounds} } }`);
  const others = 'match: [{ withoutHeaders: { x-cohort: { exact: internal } } }]';
  expect(share(others, 'atMost: 10').outcome).toBe('holds');
  expect(share(others, 'atMost: 9.9').outcome).toBe('does not hold');
  expect(share(others, 'atLeast: 10').outcome).toBe('holds');
  const result = share('', 'atMost: 10');
  expect(result.outcome).toBe('does not hold');
  expect(replayed(result, manifests).split).toMatchObject([{ subset: 'v2', percent: 100 }]);
});

const GATEWAY = `${routes(`{ ${INTERNAL}, ${to('v2')} }, { ${to('v1')} }`)}---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec:
  selector: { istio: ingressgateway }
  servers:
    - { port: { number: 80, name: http, protocol: HTTP }, hosts: [shop.example.com], tls: { httpsRedirect: true } }
    - { port: { number: 443, name: https, protocol: HTTPS }, hosts: [shop.example.com], tls: { mode: SIMPLE, credentialName: c } }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: public, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [public]
  http: [{ ${INTERNAL}, ${to('v2')} }, { ${to('v1')} }]
`;

test('at a gateway, requests that are redirected to HTTPS count when they arrive again', () => {
  const invariant = (subset: string) => (
    `always: { requests: { host: shop.example.com, ${INTERNAL} }, reach: { host: catalog.shop, subset: ${subset} } }`);
  expect(resultOf(GATEWAY, invariant('v2')).outcome).toBe('holds');
  const result = resultOf(GATEWAY, invariant('v1'));
  expect(result).toMatchObject({ outcome: 'does not hold', witness: { caller: { type: 'gateway' } } });
  expect(replayed(result, GATEWAY)).toMatchObject({ outcome: 'routed', split: [{ subset: 'v2' }] });
});
