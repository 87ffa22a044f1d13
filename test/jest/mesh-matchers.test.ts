import { parseManifests } from '../../src/manifest/loader';
import { errorOf } from '../error-of';
import { file, workload } from '../invariants/mesh';
import { Mesh } from 'cdk8s-istio/jest';

const MANIFESTS = `${workload('catalog', 'shop', ['v1', 'v2'])}${workload('ledger', 'payments')}
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: catalog, namespace: shop }
spec: { host: catalog, subsets: [{ name: v1, labels: { version: v1 } }, { name: v2, labels: { version: v2 } }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: catalog, namespace: shop }
spec:
  hosts: [catalog]
  http:
    - { match: [{ headers: { x-cohort: { exact: internal } } }], route: [{ destination: { host: catalog, subset: v2 } }] }
    - { timeout: 2s, route: [{ destination: { host: catalog, subset: v1 } }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: shop, namespace: payments }
spec: { rules: [{ from: [{ source: { namespaces: [shop] } }] }] }
`;
const mesh = Mesh.fromManifests(parseManifests(MANIFESTS).objects);
const INTERNAL = { host: 'catalog.shop', match: [{ headers: { 'x-cohort': { exact: 'internal' } } }] };

test('what no request reaches is proven of a mesh', () => {
  expect(mesh).toNeverReach({ namespace: 'payments' }, { from: [{ namespace: 'dev' }] });
  expect(mesh).toNeverReach({ host: 'ledger.payments' }, { except: [{ namespace: 'shop' }] });
  expect(mesh).not.toNeverReach({ host: 'ledger.payments' }, { from: [{ namespace: 'shop' }] });
});

test('where every request goes, and its limits, are proven of a mesh', () => {
  expect(mesh).toAlwaysReach({ host: 'catalog.shop', subset: 'v2' }, INTERNAL);
  expect(mesh).not.toAlwaysReach({ host: 'catalog.shop', subset: 'v2' }, { host: 'catalog.shop' });
  const others = { host: 'catalog.shop', match: [{ withoutHeaders: { 'x-cohort': {} } }] };
  expect(mesh).toAlwaysStayWithin({ timeout: { atMost: '2s' }, share: { to: { host: 'catalog.shop', subset: 'v2' }, atMost: 0 } }, others);
  expect(mesh).not.toAlwaysStayWithin({ timeout: { atMost: '1s' } }, others);
  expect(mesh).not.toLeaveOnlyThrough('istio-system/istio=egressgateway');
});

test('the invariants of a file are proven of a mesh', () => {
  const kept = 'invariants: [{ name: dev, never: { from: [{ namespace: dev }], to: { namespace: payments } } }]';
  expect(mesh).toKeepInvariants(file('kept.yaml', kept));
});

test('a failure shows a request that breaks the expectation, and its way through the proxy', () => {
  expect(errorOf(() => expect(mesh).toAlwaysReach({ host: 'catalog.shop', subset: 'v1' }, INTERNAL))).toContain(
    'expected every request to reach v1 of catalog.shop.svc.cluster.local, but not for '
    + 'GET http://catalog.shop.svc.cluster.local/ with x-cohort: internal, from sidecars in',
  );
  expect(errorOf(() => expect(mesh).toAlwaysReach({ host: 'catalog.shop', subset: 'v1' }, INTERNAL))).toContain('outcome: routed');
  expect(errorOf(() => expect(mesh).not.toNeverReach({ namespace: 'payments' }, { from: [{ namespace: 'dev' }] })))
    .toBe('expected a request that breaks this: no request to reach a Service of namespace payments; it is proven that there is none');
});

test('an expectation that is not decided, or that has a mistake, throws with and without not', () => {
  for (const expectation of [expect(mesh), expect(mesh).not]) {
    expect(errorOf(() => expectation.toNeverReach({ host: 'leger.payments' })))
      .toContain('is not decided: the input has no Service or ServiceEntry with the host leger.payments; did you mean ledger.payments?');
  }
  expect(errorOf(() => expect(mesh).toNeverReach({}))).toBe('toNeverReach: never.to has no destination; add host or namespace');
  expect(errorOf(() => expect('mesh').toNeverReach({ host: 'catalog' })))
    .toBe('expect() received string, but this matcher needs a mesh, such as Mesh.fromChart(chart)');
});
