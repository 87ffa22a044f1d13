import { callerClasses } from '../../src/diff/caller-classes';
import { callersOf } from '../../src/diff/callers';
import { ProxyTraffic } from '../../src/diff/proxy-traffic';
import type { MeshConfigFields } from '../../src/envoy/mesh-config';
import type { ObjectFinding } from '../../src/graph/graph-builder';
import { buildGraph } from '../../src/graph/graph-builder';
import { htmlPage } from '../../src/graph/html-page';
import type { MeshGraph } from '../../src/graph/mesh-graph';
import { focusOn } from '../../src/graph/mesh-graph';
import { svg } from '../../src/graph/svg';
import { routes, side, to, VERSIONS, WORLD } from '../diff/sides';

function graph(text: string, meshConfig?: MeshConfigFields, findings: ObjectFinding[] = []): MeshGraph {
  const { objects, translator } = side(text, meshConfig);
  const classes = callerClasses(callersOf(objects), objects, [meshConfig]);
  const sent = classes.map(({ representative, members }) => (
    {
      caller: representative,
      namespaces: members.map(m => m.namespace),
      traffic: new ProxyTraffic(translator.translate(representative)),
    }));
  return buildGraph(objects, sent, findings, false);
}

const edges = ({ edges: all }: MeshGraph) =>
  all.map(({ from, to: end, kind, labels }) => `${kind} ${from} -> ${end}: ${labels.join(' / ')}`);
const CATALOG = 'service catalog.shop.svc.cluster.local';

describe('the graph of a mesh', () => {
  test('a split goes from the service to its subsets, with shares and conditions', () => {
    const split = graph(
      WORLD + VERSIONS + routes(`[{ match: [{ headers: { x-a: { exact: b } } }], ${to({ v3: 1 })} }, { ${to({ v1: 90, v2: 10 })} }]`),
    );
    expect(edges(split)).toEqual([
      `route ${CATALOG} -> ${CATALOG}|v3: x-a: b`,
      `route ${CATALOG} -> ${CATALOG}|v1: 90 %`,
      `route ${CATALOG} -> ${CATALOG}|v2: 10 %`,
    ]);
  });

  test('a mirror is a separate edge', () => {
    const mirrored = graph(
      WORLD
        + VERSIONS
        + routes(`[{ ${to({ v1: 1 })}, mirror: { host: catalog, subset: v2, port: { number: 80 } }, mirrorPercentage: { value: 25 } }]`),
    );
    expect(edges(mirrored)).toContain(`mirror ${CATALOG} -> ${CATALOG}|v2: mirror 25 %`);
  });

  const MYSQL = 'service mysql.shop.svc.cluster.local';
  const database = (address: string, port: string, kind: string) => `${WORLD}---
apiVersion: v1
kind: Service
metadata: { name: mysql, namespace: shop }
spec: { ${address} selector: { app: mysql }, ports: [{ name: ${port}, port: 3306 }] }
${VERSIONS.replaceAll('catalog', 'mysql')}---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: database, namespace: shop }
spec: { hosts: [mysql], ${kind} }
`;
  const canary =
    'route: [{ destination: { host: mysql, subset: v1 }, weight: 90 }, { destination: { host: mysql, subset: v2 }, weight: 10 }]';

  test.each([
    ['TCP', '', 'tcp', `tcp: [{ ${canary} }]`],
    ['TCP with an address', 'clusterIP: 10.0.0.9,', 'tcp', `tcp: [{ ${canary} }]`],
    ['TLS', '', 'tls', `tls: [{ match: [{ sniHosts: [mysql.shop.svc.cluster.local] }], ${canary} }]`],
    ['TLS by another server name', '', 'tls', `tls: [{ match: [{ sniHosts: [mysql] }], ${canary} }]`],
  ])('a canary of a %s service goes from the service to its subsets, with the shares', (_, address, port, kind) => {
    const drawn = graph(database(address, port, kind));
    expect(edges(drawn)).toEqual([`route ${MYSQL} -> ${MYSQL}|v1: 90 %`, `route ${MYSQL} -> ${MYSQL}|v2: 10 %`]);
    expect(drawn.nodes.find(({ id }) => id === MYSQL)!.routes).toEqual([
      'connections to port 3306 → 90 % v1 of mysql.shop:3306, 10 % v2 of mysql.shop:3306',
    ]);
  });

  test('connections to another service are an edge to it, and a service without a route has none', () => {
    const moved = graph(database('', 'tcp', 'tcp: [{ route: [{ destination: { host: orders, port: { number: 80 } } }] }]'));
    expect(edges(moved)).toEqual([`route ${MYSQL} -> service orders.shop.svc.cluster.local: port 3306`]);
    expect(
      edges(graph(database('', 'tcp', 'http: []').replace('spec: { hosts: [mysql], http: [] }', 'spec: { hosts: [other.example.com] }'))),
    ).toEqual([]);
  });

  test('the cookie of a sticky canary and the TLS of a service are in words', () => {
    const cookie = (version: string) => `headers: { response: { add: { set-cookie: cat=${version} } } }`;
    const destination = (version: string, weight: number) => (
      `{ destination: { host: catalog, subset: ${version} }, weight: ${weight}, ${cookie(version)} }`);
    const tls = '{ mode: SIMPLE, caCertificates: /etc/ca.pem, sni: db.example.com, subjectAltNames: [db] }';
    const { nodes } = graph(WORLD + VERSIONS.replace('subsets:', `trafficPolicy: { tls: ${tls} }, subsets:`)
      + routes(`[{ route: [${destination('v1', 90)}, ${destination('v2', 10)}] }]`));
    expect(nodes.find(({ id }) => id === CATALOG)!.routes[0]).toContain(
      '90 % v1 of catalog.shop:80 (response also with set-cookie: cat=v1), 10 % v2 of catalog.shop:80 (response also with set-cookie: cat=v2)');
    expect(nodes.find(({ id }) => id === `${CATALOG}|v1`)!.badges).toContainEqual(
      { text: 'TLS', details: 'simple; SNI db.example.com; verified by /etc/ca.pem, subject alternative name db' });
  });

  test('an undefined destination is a node that says so', () => {
    expect(graph(WORLD + routes(`[{ ${to({ v9: 1 })} }]`)).nodes).toContainEqual(
      expect.objectContaining({ kind: 'missing', title: 'v9 of catalog.shop:80: missing, 503' }),
    );
  });

  test('other treatments of a service are badges', () => {
    const { nodes } = graph(WORLD + VERSIONS.replace(
      'subsets:',
      'trafficPolicy: { connectionPool: { tcp: { maxConnections: 5 } } }, subsets:',
    )
      + routes(`[{ ${to({ v1: 1 })}, timeout: 3s, retries: { attempts: 7, retryOn: 5xx } }]`));
    expect(
      nodes
        .find(({ id }) => id === CATALOG)!
        .badges.map(({ text }) => text)
        .sort(),
    ).toEqual(['circuit breaker', 'retries', 'timeout 3s']);
  });

  test('under REGISTRY_ONLY, other hosts are blocked, and the allowed ones are connected', () => {
    const entry = `---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: json, namespace: shop }
spec: { hosts: [json.example.com], ports: [{ number: 80, name: http, protocol: HTTP }], resolution: DNS, location: MESH_EXTERNAL }
`;
    const locked = edges(graph(WORLD + entry, { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } }));
    expect(locked).toEqual([
      expect.stringMatching(/^blocked egress .* -> blocked: 502$/),
      expect.stringMatching(/^route egress .* -> service json\.example\.com: $/),
    ]);
    expect(edges(graph(WORLD + entry))).toEqual([]);
  });

  test('a finding is at the service of its object', () => {
    const finding: ObjectFinding = {
      severity: 'error',
      rule: 'a-rule',
      message: 'wrong',
      repair: 'repair it',
      resource: {
        kind: 'VirtualService',
        namespace: 'shop',
        name: 'catalog',
      },
    };
    const { nodes } = graph(WORLD + VERSIONS + routes(`[{ ${to({ v1: 1 })} }]`), undefined, [finding]);
    expect(nodes.filter(({ findings }) => findings.length > 0).map(({ id }) => id)).toEqual([CATALOG]);
  });

  test('the focus keeps a service, its subsets and their neighbors', () => {
    const focused = focusOn(graph(WORLD + VERSIONS + routes(`[{ ${to({ v1: 90, v2: 10 })} }]`)), CATALOG);
    expect(focused.nodes.map(({ title }) => title)).toEqual(['catalog', 'v1', 'v2']);
  });

  test('the page has no invisible or reversing characters of names', () => {
    const gateway = `---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gate, namespace: shop }
spec: { selector: { app: "a\\u202eb\\u2028" }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ["*"] }] }
`;
    const page = htmlPage('', graph(WORLD + gateway), 'names');
    expect(page).not.toMatch(/[\u202e\u2028]/);
    const [, data] = /type="application\/json">(.*?)<\/script>/.exec(page)!;
    expect((JSON.parse(data) as { title: string }[]).map(({ title }) => title)).toContain('app=a\\u202eb\\u2028');
  });

  test('a picture of 200 services has each of them once, and the page lists each', async () => {
    const services = Array.from({ length: 200 }, (_, i) => `---
apiVersion: v1
kind: Service
metadata: { name: service-${i}, namespace: team-${i % 20} }
spec: { selector: { app: service-${i} }, ports: [{ name: http, port: 80 }] }
`);
    const mesh = graph(services.join(''));
    const picture = await svg(mesh);
    const names = [...picture.matchAll(/service-\d+(?=[^\d"]*<)/g)].map(([name]) => name);
    expect(new Set(names).size).toBe(200);
    expect(names.length).toBe(200);
    const ids = [...picture.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const page = htmlPage(picture, mesh, 'two hundred');
    const data = JSON.parse(/<script id="data"[^>]*>(.*?)<\/script>/s.exec(page)![1]) as { title: string }[];
    expect(data.map(({ title }) => title).sort()).toEqual(services.map((_, i) => `service-${i}`).sort());
  });
});

describe('the graph of Gateway API routes', () => {
  const GATEWAY = 'gateway gateway shop/gateway.networking.k8s.io/gateway-name=public';
  const CART = 'service cart.shop.svc.cluster.local';
  const services = ['cart', 'orders'].map(name => `
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 80 }] }
`).join('');
  const route = (name: string, spec: string) => `
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: ${name}, namespace: shop }
spec: { ${spec} }
`;
  const MIXED = `${services}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec: { gatewayClassName: istio, listeners: [{ name: http, port: 80, protocol: HTTP }] }
${route('public', 'parentRefs: [{ name: public }], hostnames: [shop.example.com], rules: [{ matches: [{ path: { value: /a } }], backendRefs: '
    + '[{ name: cart, port: 80, weight: 9 }, { name: orders, port: 80 }] }]')}
${route('cart', 'parentRefs: [{ group: "", kind: Service, name: cart }], rules: [{ matches: [{ headers: [{ name: x-a, value: b }] }], backendRefs: '
    + '[{ name: orders, port: 80 }] }, { backendRefs: [{ name: cart, port: 80 }] }]')}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: orders, namespace: shop }
spec: { hosts: [orders], http: [{ match: [{ uri: { prefix: /cart } }], route: [{ destination: { host: cart, port: { number: 80 } } }] }] }
`;

  test('draws gateways, routes of services and VirtualServices side by side', () => {
    const drawn = graph(MIXED);
    expect(edges(drawn)).toEqual([
      `route ${GATEWAY} -> ${GATEWAY} shop.example.com: `,
      `route ${GATEWAY} shop.example.com -> ${CART}: path /a or below 90 %`,
      `route ${GATEWAY} shop.example.com -> service orders.shop.svc.cluster.local: path /a or below 10 %`,
      `route ${CART} -> service orders.shop.svc.cluster.local: x-a: b`,
      `route service orders.shop.svc.cluster.local -> ${CART}: /cart*`,
    ]);
    expect(drawn.nodes.find(({ id }) => id === GATEWAY)?.title).toBe('Gateway public');
  });

  test('shows the findings of a route and of a Gateway at their nodes', () => {
    const finding = (kind: string, name: string): ObjectFinding => (
      { rule: 'a', severity: 'warning', message: '', repair: '', resource: { kind, namespace: 'shop', name } });
    const { nodes } = graph(MIXED, undefined, [finding('HTTPRoute', 'public'), finding('HTTPRoute', 'cart'), finding('Gateway', 'public')]);
    expect(nodes.filter(({ findings }) => findings.length > 0).map(({ id }) => id)).toEqual([GATEWAY, `${GATEWAY} shop.example.com`, CART]);
  });
});
