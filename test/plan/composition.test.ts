import { App, Chart, Duration } from 'cdk8s';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { kebab } from '../../src/traffic/name';
import type { Manifest } from '../manifests';
import type { HttpRoute, Request } from '../requests';
import { take } from '../requests';
import {
  Audience, CanaryRelease, CircuitBreakerPolicy, DarkLaunch, EgressPolicy, EgressTarget, AccessLogging, IngressGateway, Listener,
  MeshService, MirroredService,
  OutboundTrafficMode, PolicyScope, PublicHost, RequestPolicy, ServicePort, StringMatch, TcpRoute, Tracing, TrafficRoute,
} from 'cdk8s-istio';

/** A statement that can be made anywhere: in any order, scope and chart. */
type Statement = (scope: Construct, context: Context) => void;

interface Context {
  readonly catalog: MeshService;
  readonly publicHost: PublicHost;
}

const header = (name: string, text: string) => ({ headers: { [name]: StringMatch.exact(text) } });

const statements: { readonly [name: string]: Statement } = {
  canary: (scope, { catalog }) =>
    new CanaryRelease(scope, 'Canary', {
      service: catalog,
      stable: catalog.subset('v1'),
      canary: catalog.subset('v2'),
      canaryPercent: 12.5,
    }),
  internal: (scope, { catalog }) =>
    new DarkLaunch(scope, 'Internal', {
      service: catalog,
      target: catalog.subset('v2'),
      matches: [header('x-cohort', 'internal')],
      priority: 1,
    }),
  beta: (scope, { catalog }) =>
    new DarkLaunch(scope, 'Beta', { service: catalog, target: catalog.subset('v3'), matches: [header('x-beta', '1')], priority: 2 }),
  mirror: (scope, { catalog }) => new MirroredService(scope, 'Shadow', { service: catalog, mirror: catalog.subset('v3') }),
  timeout: (scope, { catalog }) => new RequestPolicy(scope, 'Timeout', { service: catalog, timeout: Duration.seconds(3) }),
  pool: (scope, { catalog }) => new CircuitBreakerPolicy(scope, 'Pool', { service: catalog, connectionPool: { maxConnections: 7 } }),
  outlier: (scope, { catalog }) =>
    new CircuitBreakerPolicy(scope, 'Outlier', { service: catalog, outlierDetection: { maxEjectionPercent: 50 } }),
  subsetPool: (scope, { catalog }) =>
    new CircuitBreakerPolicy(scope, 'SubsetPool', {
      service: catalog,
      subset: catalog.subset('v2'),
      connectionPool: { http1MaxPendingRequests: 5 },
    }),
  slow: (scope, { catalog }) =>
    new TrafficRoute(scope, 'Slow', {
      service: catalog,
      matches: [{ uri: StringMatch.prefix('/Slow'), ignoreUriCase: true, port: 80 }],
      rewrite: { uri: '/s' },
      priority: 2,
    }),
  files: (scope, { catalog }) =>
    new TrafficRoute(scope, 'Files', {
      service: catalog,
      matches: [{ uri: StringMatch.regex('/.*[.]png') }, { uri: StringMatch.exact('/icon') }],
      audiences: [Audience.mesh()],
      priority: 1,
    }),
  retries: (scope, { catalog, publicHost }) =>
    new RequestPolicy(scope, 'Retries', { service: catalog, retries: { attempts: 4 }, audiences: [Audience.publicHost(publicHost)] }),
  publicCanary: (scope, { catalog, publicHost }) =>
    new CanaryRelease(scope, 'PublicCanary', {
      service: catalog,
      route: catalog.defaultRoute,
      stable: catalog.subset('v1'),
      canary: catalog.subset('v3'),
      canaryPercent: 1,
      audiences: [Audience.publicHost(publicHost)],
    }),
  portPool: (scope, { catalog }) =>
    new CircuitBreakerPolicy(scope, 'PortPool', { service: catalog, port: 80, connectionPool: { maxRetries: 6 } }),
  jobs: (scope, { catalog }) =>
    new TcpRoute(scope, 'Jobs', { service: catalog, matches: [{ sourceNamespace: 'jobs' }], target: catalog.subset('v3'), priority: 1 }),
  batch: (scope, { catalog }) =>
    new TcpRoute(scope, 'Batch', {
      service: catalog,
      matches: [{ sourceLabels: { app: 'batch' } }],
      target: catalog.subset('v2'),
      priority: 2,
    }),
  connections: (_scope, { catalog, publicHost }) => catalog.exposeVia(publicHost, { port: 5432 }),
  exposed: (_scope, { catalog, publicHost }) => catalog.exposeVia(publicHost, { pathPrefix: '/shop', rewrite: '/' }),
  lockdown: scope => new EgressPolicy(scope, 'Lockdown', { scope: PolicyScope.mesh(), mode: OutboundTrafficMode.REGISTRY_ONLY }),
  allowCatalog: (scope, { catalog }) =>
    new EgressPolicy(scope, 'AllowCatalog', { scope: PolicyScope.namespace('shop'), allow: [EgressTarget.service(catalog)] }),
  allowData: scope =>
    new EgressPolicy(scope, 'AllowData', { scope: PolicyScope.namespace('shop'), allow: [EgressTarget.namespace('data')] }),
  logs: scope => new AccessLogging(scope, 'Logs', { scope: PolicyScope.workload({ app: 'web', tier: 'front' }, 'shop') }),
  ahead: scope => new Tracing(scope, 'Ahead', { scope: PolicyScope.workload({ tier: 'front', app: 'web' }, 'shop'), provider: 'zipkin' }),
};

const plan = fc.shuffledSubarray(Object.keys(statements)).map(
  names => (names.includes('exposed') ? names : names.filter(name => !/^(retries|publicCanary)$/.test(name))),
).chain(names => fc.record({
  names: fc.constant(names),
  nesting: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: names.length, maxLength: names.length }),
  charts: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: names.length, maxLength: names.length }),
}));

/**
 * Renders the statements. Returns objects by kind and name, because each object of a scope is in the chart of the first statement, and the
 * order of all others.
 */
function render(names: readonly string[], nesting: readonly number[], chartOf: readonly number[]): { [key: string]: string } {
  const app = new App();
  const owner = new Chart(app, 'owner', { namespace: 'shop' });
  const charts = [owner, new Chart(app, 'one', { namespace: 'shop' }), new Chart(app, 'two', { namespace: 'shop' })];
  const catalog = new MeshService(owner, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80), ServicePort.tcp(5432)] });
  for (const version of ['v1', 'v2', 'v3']) catalog.addSubset(version, { labels: { version } });
  catalog.routeDefaultTo(catalog.subset('v1'));
  const gateway = new IngressGateway(owner, 'Gateway', { listeners: [Listener.http(), Listener.tcp(31400)] });
  const publicHost = new PublicHost(owner, 'Host', { gateway, host: 'shop.example.com' });
  const other = new MeshService(owner, 'Other', { name: 'other', ports: [ServicePort.http(8080)] });
  other.exposeVia(publicHost, { pathPrefix: '/other' });
  const context: Context = { catalog, publicHost };
  names.forEach((name, i) => {
    let scope: Construct = charts[chartOf[i]];
    for (let depth = 0; depth < nesting[i]; depth++) scope = new Construct(scope, `${name}-${depth}`);
    statements[name](scope, context);
  });
  const key = (m: Manifest) => `${m.kind}/${m.metadata.namespace}/${m.metadata.name}`;
  const all = charts.flatMap(chart => chart.toJson() as Manifest[]);
  const order = all.map(key).filter(name => !/^(Sidecar|Telemetry)/.test(name));
  return { order: order.join(), ...Object.fromEntries(all.map((m): [string, string] => [key(m), JSON.stringify(m)]).sort()) };
}

describe('the same statements', () => {
  test('render the same bytes in any order and spread over any charts; nested, only with other default names', () => {
    fc.assert(fc.property(plan, ({ names, nesting, charts }) => {
      const sorted = [...names].sort();
      const nested = JSON.stringify(render(names, nesting, charts));
      // A construct in a wrapper is named after both.
      const flat = names.reduce((text, name) => text.replaceAll(new RegExp(`${kebab(name)}-\\d-`, 'g'), ''), nested);
      expect(JSON.parse(flat)).toEqual(render(sorted, sorted.map(() => 0), sorted.map(() => 0)));
    }), { numRuns: 150 });
  });

  test('keep every field of other statements', () => {
    fc.assert(fc.property(plan, ({ names }) => {
      const all = Object.values(render(names, names.map(() => 0), names.map(() => 0))).join();
      const traces: { readonly [name: string]: string } = {
        canary: '"weight":875',
        internal: '"internal"',
        mirror: '"mirror"',
        timeout: '"timeout":"3s"',
        pool: '"maxConnections":7',
        outlier: '"maxEjectionPercent":50',
        subsetPool: '"http1MaxPendingRequests":5',
        exposed: '"/shop/"',
        lockdown: 'REGISTRY_ONLY',
        allowCatalog: '"./*"', // the own namespace, which includes the service
        allowData: '"data/*"',
        logs: '"accessLogging"',
        ahead: '"zipkin"',
        beta: '"x-beta"',
        slow: '"ignoreUriCase":true',
        files: '[.]png',
        retries: '"attempts":4',
        publicCanary: '"weight":99',
        portPool: '"maxRetries":6',
        jobs: '"tcp":[{"match":[{"port":5432,"sourceNamespace":"jobs"}]',
        batch: '{"match":[{"port":5432,"sourceLabels":{"app":"batch"}}]',
        connections: '"tcp":[{"match":[{"port":31400}]',
      };
      for (const name of names) expect(all).toContain(traces[name]);
    }), { numRuns: 60 });
  });
});

describe('the product of routes and cohorts', () => {
  const paths = [
    '/',
    '/A',
    '/A/b/C',
    '/a/B/c/D',
    '/B/x',
    '/B/X',
    '/a',
    '/a/',
    '/a/b',
    '/a/b/c',
    '/ab',
    '/b',
    '/b/x',
    '/shop',
    '/shop/',
    '/shop/a',
    '/shop/a/b/c',
    '/shop/b/x',
    '/shopping',
  ];
  const route = fc.record({
    path: fc.option(fc.constantFrom('/a', '/a/b', '/b', '/ab', '/a/'), { nil: undefined, freq: 6 }),
    kind: fc.constantFrom('prefix' as const, 'exact' as const),
    ignoreCase: fc.boolean(),
    rewrite: fc.option(fc.constantFrom('/new', '/', '/v2/'), { nil: undefined }),
    method: fc.option(fc.constantFrom('GET', 'POST'), { nil: undefined }),
  });
  const cohort = fc.record({
    path: fc.option(fc.constantFrom('/a', '/a/b/c', '/b/x'), { nil: undefined }),
    ignoreCase: fc.boolean(),
    header: fc.constantFrom('x-one', 'x-two'),
  });
  const unique = <T>(items: fc.Arbitrary<T>, most: number) => fc.uniqueArray(items, { maxLength: most, selector: i => JSON.stringify(i) });
  const request = fc.record({
    path: fc.constantFrom(...paths),
    method: fc.constantFrom('GET', 'POST'),
    headers: fc.dictionary(fc.constantFrom('x-one', 'x-two'), fc.constant('1'), { maxKeys: 2 }),
  });

  interface Route { path?: string; kind: 'prefix' | 'exact'; rewrite?: string; method?: string; ignoreCase?: boolean }

  interface Model {
    routes: Route[];
    cohorts: { path?: string; header: string; ignoreCase?: boolean }[];
  }

  /** The two VirtualServices, or undefined if the statements are rejected. */
  function build({ routes, cohorts }: Model, pathPrefix?: string): { mesh: HttpRoute[]; gateway: HttpRoute[] } | undefined {
    const chart = new Chart(new App(), 'chart', { namespace: 'shop' });
    const catalog = new MeshService(chart, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)] });
    catalog.routeDefaultTo(catalog.addSubset('rest', { labels: { version: 'rest' } }));
    routes.forEach((r, i) => {
      const it = new TrafficRoute(chart, `R${i}`, {
        service: catalog,
        matches: [
          {
            ...(r.path ? { uri: StringMatch[r.kind](r.path), ignoreUriCase: r.ignoreCase } : {}),
            ...(r.method ? { method: StringMatch.exact(r.method) } : {}),
          },
        ],
        ...(r.rewrite ? { rewrite: { uri: r.rewrite } } : {}),
        priority: i,
      });
      new RequestPolicy(chart, `T${i}`, { service: catalog, route: it, timeout: Duration.seconds(i + 1) });
    });
    cohorts.forEach((c, i) => new DarkLaunch(chart, `C${i}`, {
      service: catalog,
      target: catalog.addSubset(`c${i}`, { labels: { version: `c${i}` } }),
      matches: [{ ...header(c.header, '1'), ...(c.path ? { uri: StringMatch.prefix(c.path), ignoreUriCase: c.ignoreCase } : {}) }],
      priority: i,
    }));
    const gateway = new IngressGateway(chart, 'Gateway');
    catalog.exposeVia(
      new PublicHost(chart, 'Host', { gateway, host: 'shop.example.com' }),
      pathPrefix === undefined ? {} : { pathPrefix, rewrite: '/' },
    );
    try {
      const services = (chart.toJson() as Manifest[]).filter(m => m.kind === 'VirtualService');
      const http = (name: string) => services.find(m => m.metadata.name === name)?.spec.http;
      return { mesh: http('catalog') ?? [], gateway: http('shop-example-com') };
    } catch (e) {
      expect((e as Error).message).toMatch(
        /priority|same match|unreachable|matches no request|cannot be combined|cannot be expressed behind/,
      );
      return undefined;
    }
  }

  interface PathMatch { path?: string; kind?: string; ignoreCase?: boolean }
  const meets = ({ path: own = '', kind, ignoreCase }: PathMatch, path: string): boolean => {
    if (ignoreCase) return meets({ path: own.toLowerCase(), kind }, path.toLowerCase());
    return kind === 'exact' ? path === own : path.startsWith(own);
  };
  const pathWithin = (a: PathMatch, b: PathMatch) =>
    b.path === undefined
      || (a.path !== undefined
        && (a.kind === 'exact' || b.kind !== 'exact')
        && (!a.ignoreCase || b.ignoreCase === true)
        && meets(b, a.path));

  const matchesRoute = (r: Model['routes'][number], path: string, method: string) =>
    (r.path === undefined || meets(r, path)) && (r.method === undefined || r.method === method);
  const within = (a: Route, b: Route) => pathWithin(a, b) && (b.method === undefined || a.method === b.method);

  /** The winner by the rules of docs/route-order.md: no narrower one matches, and it has the lowest priority of the others. */
  function winner<T extends { path?: string; kind?: string; method?: string }>(
    items: readonly T[],
    narrower: (a: T, b: T) => boolean,
  ): number | undefined {
    const best = items.map((item, i) => ({ item, i })).filter(({ item, i }) => !items.some((o, j) => j !== i && narrower(o, item)));
    return best.length === 0 ? undefined : Math.min(...best.map(b => b.i));
  }

  /** The target of a request, its timeout and the path that the service receives. */
  type Way = readonly [subset: string | undefined, timeout: string | undefined, path: string];

  const stated = (model: Model, r: Request, path: string): Way => {
    const live = model.routes.map((route_, i) => ({ route: route_, i })).filter(({ route: x }) => matchesRoute(x, path, r.method!));
    const w = winner(live.map(l => l.route), (a, b) => within(a, b));
    const chosen = w === undefined ? undefined : live[w];
    const cohorts = model.cohorts.map((c, i) => ({ c, i })).filter(({ c }) => r.headers![c.header] === '1' && meets(c, path));
    const cw = winner(cohorts.map(c => c.c), (a, b) => a.header === b.header && pathWithin(a, b));
    const rewrite = chosen?.route.rewrite;
    const sent =
      rewrite === undefined
        ? path
        : chosen!.route.path !== undefined && chosen!.route.kind === 'exact'
          ? rewrite
          : rewrite + path.slice((chosen!.route.path ?? '/').length);
    return [cw === undefined ? 'rest' : `c${cohorts[cw].i}`, chosen ? `${chosen.i + 1}s` : undefined, sent];
  };
  const taken = (http: HttpRoute[], r: Request): Way => {
    const { route: it, path } = take(http, r)!;
    return [it.route[0].destination.subset, it.timeout, path];
  };

  const model = fc.record({
    routes: unique(
      route.filter(r => r.path !== undefined || r.method !== undefined),
      4,
    ),
    cohorts: unique(cohort, 3),
  });

  test('sends every request to the target of its cohort, with the whole treatment and the path of its route', () => {
    let built = 0;
    fc.assert(fc.property(model, fc.array(request, { minLength: 20, maxLength: 40 }), (m, requests) => {
      const vs = build(m);
      if (!vs || (m.routes.length === 0 && m.cohorts.length === 0)) return;
      built++;
      expect(requests.map(r => taken(vs.mesh, r))).toEqual(requests.map(r => stated(m, r, r.path)));
    }), { numRuns: 400 });
    expect(built).toBeGreaterThan(100);
  });

  test.each(['/shop', '/5'])('does the same behind the rewritten path prefix %s, with the path that the service receives', shop => {
    fc.assert(fc.property(model, fc.array(request, { minLength: 20, maxLength: 40 }), (m, requests) => {
      const vs = build(m, shop);
      if (!vs) return;
      const asked = requests.map(r => ({ ...r, path: shop + r.path.slice(shop === '/5' && r.path === '/' ? 1 : 0) }));
      expect(asked.map(r => taken(vs.gateway, r))).toEqual(asked.map(r => stated(m, r, r.path === shop ? '/' : r.path.slice(shop.length))));
      expect(requests.filter(r => take(vs.gateway, { ...r, path: r.path.replace('/', '/x') }))).toEqual([]);
    }), { numRuns: 400 });
  });
});
