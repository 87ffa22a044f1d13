import { Edge } from '../../src/edge/edge';
import { Translator } from '../../src/envoy/translator';
import { findHoles } from '../../src/holes/find-holes';
import type { Hole } from '../../src/holes/hole';
import { parseManifests } from '../../src/manifest/loader';
import { Mesh } from '../../src/simulator/mesh';
import { run } from '../cli/command-line';
import { file, workload } from '../invariants/mesh';

const CATALOG = workload('catalog', 'shop');
const routes = (http: string) => `${CATALOG}
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: catalog, namespace: shop }
spec: { hosts: [catalog], http: [${http}] }
`;
const ROUTE = 'route: [{ destination: { host: catalog } }]';
const OLD_TO_V9 = '{ match: [{ uri: { prefix: /old } }], route: [{ destination: { host: catalog, subset: v9 } }] }';

function holesOf(manifests: string, complete = false): readonly Hole[] {
  const { objects } = parseManifests(manifests);
  const edge = new Edge(objects, { complete, hasAllPods: complete });
  return findHoles({ objects, translator: new Translator(objects), edge }).holes;
}

const kinds = (manifests: string, complete?: boolean) => holesOf(manifests, complete).map(({ kind, origin }) => [kind, origin?.path[2]]);

/** The decision of the simulator about the request of a hole. */
function replayed(manifests: string, { witness }: Hole) {
  const { request, caller } = witness!;
  const mesh = Mesh.fromManifests(parseManifests(manifests).objects);
  if (!('method' in request)) throw new Error('a hole is shown by a request');
  return mesh.sidecar(caller).request(request.method, request.url, { headers: request.headers });
}

test('a mesh whose rules take all requests has no hole', () => {
  expect(holesOf(CATALOG)).toEqual([]);
  expect(kinds(routes(`{ ${ROUTE} }`))).toEqual([]);
  const both = `{ match: [{ uri: { prefix: /a } }], ${ROUTE} }, { match: [{ uri: { regex: "/([^a].*)?" } }], ${ROUTE} }`;
  expect(kinds(routes(both))).toEqual([]);
});

test('requests that no route takes get 404', () => {
  const manifests = routes(`{ match: [{ method: { exact: GET } }, { uri: { prefix: /a } }], ${ROUTE} }`);
  const [hole] = holesOf(manifests);
  expect(hole.kind).toBe('no route');
  expect(replayed(manifests, hole)).toMatchObject({ outcome: 'no route', status: 404 });
});

test('requests to a host or a subset that does not exist get 503', () => {
  const manifests = routes(`${OLD_TO_V9}, { ${ROUTE} }`);
  const [hole] = holesOf(manifests);
  expect(hole).toMatchObject({ kind: 'unknown cluster', origin: { path: ['spec', 'http', 0, 'match', 0] } });
  expect(replayed(manifests, hole)).toMatchObject({ outcome: 'unknown cluster', status: 503 });
});

test('a subset without pods of a service with pods has no endpoint', () => {
  const manifests = `${routes(`${OLD_TO_V9}, { ${ROUTE} }`)}---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: catalog, namespace: shop }
spec: { host: catalog, subsets: [{ name: v9, labels: { version: v9 } }] }
`;
  const [hole] = holesOf(manifests);
  expect(hole).toMatchObject({ kind: 'no endpoint', origin: { path: ['spec', 'http', 0, 'match', 0] } });
  expect(replayed(manifests, hole)).toMatchObject({ outcome: 'no healthy host', status: 503 });
});

test('a redirect that leads back to its own rule is a loop, and one that leads elsewhere is none', () => {
  const manifests = routes(`{ match: [{ uri: { prefix: /old } }], redirect: { uri: /old/x } },
    { match: [{ uri: { prefix: /a } }], redirect: { uri: /b } }, { ${ROUTE} }`);
  const holes = holesOf(manifests).filter(({ kind }) => kind !== 'default');
  expect(holes).toMatchObject([{ kind: 'redirect loop', origin: { path: ['spec', 'http', 0, 'match', 0] } }]);
  expect(replayed(manifests, holes[0]).isRedirectLoop).toBe(true);
});

test('a rule is unreachable if earlier rules take all of its requests together, and they are named', () => {
  const manifests = routes(`
    { match: [{ uri: { regex: "/pay.*[0-9]" } }], ${ROUTE} }, { match: [{ uri: { regex: "/pay(.*[^0-9])?" } }], ${ROUTE} },
    { match: [{ uri: { prefix: /pay } }, { uri: { prefix: /other } }], ${ROUTE} }, { ${ROUTE} }`);
  const [hole, ...others] = holesOf(manifests);
  expect(hole).toMatchObject({ kind: 'unreachable', origin: { path: ['spec', 'http', 2, 'match', 0] } });
  expect(hole.coveredBy.map(({ path }) => path[2]).sort()).toEqual([0, 1]);
  expect(others.map(({ kind }) => kind)).toEqual(['default']);
});

test('a rule that only a header with several values reaches is reachable', () => {
  const header = (value: string) => `headers: { x-a: { exact: ${value} } }`;
  const manifests = routes(`{ match: [{ ${header('a')} }], ${ROUTE} }, { match: [{ ${header('b')} }], ${ROUTE} },
    { match: [{ headers: { x-a: { regex: "b|c" } } }], ${ROUTE} }, { ${ROUTE} }`);
  expect(kinds(manifests)).toEqual([['default', 3]]);
});

describe('requests that no route takes are shown by one that Envoy accepts', () => {
  const all = (methods: readonly string[]) => methods.map(method => `{ method: { exact: ${method} } }`).join(', ');

  test.each([
    ['all usual methods', all(['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'])],
    ['a regex of methods', '{ method: { regex: "[GPDHOT].*" } }'],
    ['other methods than one', '{ method: { regex: "[^M]*" } }, { method: { regex: "..?.?.?.?" } }'],
    ['requests without a body', '{ withoutHeaders: { content-length: {} } }'],
    ['requests with some lengths', '{ withoutHeaders: { content-length: { regex: "[^0-8]*" } } }'],
  ])('rules for %s', (_, matches) => {
    const manifests = routes(`{ match: [${matches}], ${ROUTE} }`);
    const [hole] = holesOf(manifests);
    expect(hole.kind).toBe('no route');
    expect(replayed(manifests, hole)).toMatchObject({ outcome: 'no route', status: 404 });
  });
});

describe('a rule that earlier rules for some callers cover', () => {
  const after = (first: string) => `
    { match: [{ uri: { prefix: /a }, ${first} }], ${ROUTE} }, { match: [{ uri: { prefix: /a/b } }], ${ROUTE} }, { ${ROUTE} }`;

  test.each(['sourceNamespace: shop', 'sourceLabels: { app: catalog }'])('is reachable for callers outside the input: %s', condition => {
    expect(kinds(routes(after(condition)))).toEqual([['default', 2]]);
    expect(kinds(routes(after(condition)), true)).toEqual([['unreachable', 1], ['default', 2]]);
  });

  test('may be reached at a Gateway outside the input', () => {
    const bound = (condition: string) => routes(after(condition)).replace('hosts: [catalog]', 'hosts: [catalog], gateways: [mesh, public]');
    const [hole] = holesOf(bound('gateways: [mesh]'));
    expect(hole).toMatchObject({ kind: 'unreachable', notJudged: [{ objects: ['VirtualService shop/catalog'] }] });
    expect(holesOf(bound('port: 80'))[0]).toMatchObject({ kind: 'unreachable', notJudged: [] });
  });
});

test('the command names file and line, and counts what is certain', async () => {
  const text = routes(`
    { match: [{ uri: { prefix: /a } }], ${ROUTE} },
    { match: [{ uri: { prefix: /a/b } }], ${ROUTE} },
    { match: [{ uri: { prefix: /c } }], route: [{ destination: { host: gone.other.svc.cluster.local } }] },
    { ${ROUTE} }`);
  const manifests = file('holes.yaml', text);
  const line = text.split('\n').findIndex(each => each.includes('/a/b')) + 1;
  const { code, stdout, stderr } = await run(['holes', manifests]);
  expect([code, stderr]).toEqual([1, '1 certain hole\n']);
  expect(stdout).toContain('unreachable: catalog.shop.svc.cluster.local, port 80: no request reaches this rule');
  expect(stdout).toContain(`rule: ${manifests}:${line} `);
  expect(stdout).toContain(`covered by: ${manifests}:${line - 1} `);
  expect(stdout).toContain('unless: host gone.other.svc.cluster.local (a Service or ServiceEntry outside the input may have it)');
  const { holes } = JSON.parse((await run(['holes', manifests, '--format', 'json', '--complete'])).stdout);
  expect(holes.map(({ kind }: Hole) => kind)).toEqual(['unreachable', 'unknown cluster', 'default']);
});
