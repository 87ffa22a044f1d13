import type { Chart } from 'cdk8s';
import { Duration } from 'cdk8s';
import { find, manifests, newChart } from '../manifests';
import type { HttpRoute, Request } from '../requests';
import { take } from '../requests';
import type { HttpMatch, Rewrite } from 'cdk8s-istio';
import { DarkLaunch, IngressGateway, MeshService, PublicHost, RequestPolicy, ServicePort, StringMatch, TrafficRoute } from 'cdk8s-istio';

let chart: Chart;
let catalog: MeshService;
const v = (n: number) => catalog.subset(`v${n}`);
const header = (name: string): HttpMatch => ({ headers: { [name]: StringMatch.exact('1') } });
const path = (prefix: string): HttpMatch => ({ uri: StringMatch.prefix(prefix) });
const route = (
  id: string,
  matches: HttpMatch[] | undefined,
  more: { rewrite?: Rewrite; priority?: number; target?: ReturnType<typeof v> } = {},
) =>
  new TrafficRoute(chart, id, { service: catalog, matches, ...more });
const cohort = (id: string, matches: HttpMatch[], priority?: number) =>
  new DarkLaunch(chart, id, { service: catalog, target: v(2), matches, priority });
const http = (name = 'catalog'): HttpRoute[] => find(chart, 'VirtualService', name).spec.http;
const sent = (request: Request, name?: string) => {
  const taken = take(http(name), request)!;
  return `${taken.path} -> ${taken.route.route[0].destination.subset}`;
};
const errorAtSynth = () => {
  try {
    manifests(chart);
  } catch (e) {
    return (e as Error).message;
  }
  throw new Error('nothing was refused');
};
const exposed = (pathPrefix: string, rewrite?: string) =>
  catalog.exposeVia(new PublicHost(chart, 'Host', { gateway: new IngressGateway(chart, 'Gateway'), host: 'shop.example.com' }), {
    pathPrefix,
    rewrite,
  });

beforeEach(() => {
  chart = newChart();
  catalog = new MeshService(chart, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)] });
  for (const n of [1, 2, 3]) catalog.addSubset(`v${n}`, { labels: { version: `v${n}` } });
  catalog.routeDefaultTo(v(1));
});

describe('the path that a cell forwards is the one that its route alone would produce', () => {
  test.each<[string, HttpMatch | undefined, string, HttpMatch, string, string]>([
    ['a prefix rewritten to the root', path('/a'), '/', path('/a/b'), '/a/b/c', '//b/c'],
    ['a prefix with a slash at its end', path('/a/'), '/', path('/a/b'), '/a/b/c', '/b/c'],
    ['a prefix that becomes longer', path('/a'), '/v1/a', path('/a/b'), '/a/b', '/v1/a/b'],
    ['an exact path below a prefix', path('/a'), '/x', { uri: StringMatch.exact('/a/b') }, '/a/b', '/x/b'],
    ['no path, rewritten', undefined, '/x/', path('/a'), '/a/b', '/x/a/b'],
    ['an exact path that a regex matches', { uri: StringMatch.regex('/a/.*') }, '/x', { uri: StringMatch.exact('/a/b') }, '/a/b', '/x'],
    ['a prefix below a regex that matches every string', { uri: StringMatch.regex('.*') }, '/x', path('/a'), '/a/b', '/x'],
  ])('%s', (_, match, uri, narrowed, request, path_) => {
    route('Route', match && [match], { rewrite: { uri } });
    cohort('Cohort', [narrowed]);
    expect(sent({ path: request })).toBe(`${path_} -> v2`);
  });

  test('a regex that matches every path is rewritten as a whole, with and without cohort', () => {
    route('Route', [{ uri: StringMatch.regex('/.*') }], { rewrite: { uri: '/x' } });
    cohort('Cohort', [header('x-a')]);
    expect(sent({ path: '/a/b', headers: { 'x-a': '1' } })).toBe('/x -> v2');
    expect(sent({ path: '/a/b' })).toBe('/x -> v1');
  });

  test('behind a public path too', () => {
    route('Route', [{ uri: StringMatch.regex('/.*') }], { rewrite: { uri: '/x' } });
    exposed('/shop', '/');
    expect(sent({ path: '/shop/a/b' }, 'shop-example-com')).toBe('/x -> v1');
    expect(sent({ path: '/shop' }, 'shop-example-com')).toBe('/x -> v1');
  });

  test('in a case-insensitive match, the case of the rest of the path stays', () => {
    route('Route', [{ ...path('/a'), ignoreUriCase: true }], { rewrite: { uri: '/x' } });
    cohort('Cohort', [{ ...path('/a/b'), ignoreUriCase: true }]);
    expect(sent({ path: '/A/B/C' })).toBe('/x/B/C -> v2');
    expect(sent({ path: '/A/C' })).toBe('/x/C -> v1');
  });

  test('a case-insensitive exact path keeps its case too', () => {
    route('Route', [{ ...path('/a'), ignoreUriCase: true }], { rewrite: { uri: '/x' } });
    cohort('Cohort', [{ uri: StringMatch.exact('/a/b'), ignoreUriCase: true }]);
    expect(sent({ path: '/A/B' })).toBe('/x/B -> v2');
  });

  test('a rewrite to the same string with fixed case is a rewrite', () => {
    route('Route', [{ ...path('/a'), ignoreUriCase: true }], { rewrite: { uri: '/a' } });
    expect(sent({ path: '/A/x' })).toBe('/a/x -> v1');
  });
});

describe('the route that matches everything', () => {
  test.each(['prefix /', 'regex .*', 'regex /.*'])('replaces the default one, also as %s', text => {
    const [kind, value] = text.split(' ') as ['prefix' | 'regex', string];
    route('All', [{ uri: StringMatch[kind](value) }], { target: v(3) });
    cohort('Cohort', [header('x-a')]);
    expect(http().map(r => r.name)).toEqual(['all.cohort', 'all']);
    expect(sent({ path: '/a' })).toBe('/a -> v3');
  });

  test('is not a cohort', () => {
    expect(() => cohort('Cohort', [path('/')])).toThrow(
      'chart/Cohort: matches contains an alternative without conditions, which matches every request',
    );
  });
});

describe('two overlapping routes', () => {
  test('need an order if the same rewrite produces two paths', () => {
    route('ByPath', [path('/a')], { rewrite: { uri: '/' } });
    route('ByHeader', [header('x-a')], { rewrite: { uri: '/' } });
    expect(errorAtSynth()).toContain('routes chart/ByHeader and chart/ByPath can both match one request, and neither match is narrower');
  });

  test('need none if both rewrite the path in the same way', () => {
    route('One', [{ ...path('/a'), ...header('x-a') }], { rewrite: { uri: '/' } });
    route('Two', [{ ...path('/a'), ...header('x-b') }], { rewrite: { uri: '/' } });
    expect(sent({ path: '/a/b', headers: { 'x-a': '1', 'x-b': '1' } })).toBe('//b -> v1');
  });

  test('may share a priority with a third if no request matches both', () => {
    route('Get', [{ method: StringMatch.exact('GET'), ...path('/a') }], { priority: 1, target: v(2) });
    route('Post', [{ method: StringMatch.exact('POST'), ...path('/a') }], { priority: 1, target: v(3) });
    route('Header', [header('x-a')], { priority: 2, target: v(1) });
    expect(sent({ path: '/a', method: 'POST', headers: { 'x-a': '1' } })).toBe('/a -> v3');
  });
});

describe('a timeout for the route and one for the cohort', () => {
  const statements = () => {
    const items = route('Items', [path('/items')]);
    const staff = cohort('Staff', [header('x-staff')]);
    const timeout = (id: string, seconds: number, cells: object) =>
      () => new RequestPolicy(chart, id, { service: catalog, timeout: Duration.seconds(seconds), ...cells });
    return [
      timeout('OfRoute', 1, { route: items }),
      timeout('OfCohort', 2, { cohort: staff }),
      timeout('OfBoth', 3, { route: items, cohort: staff }),
    ];
  };

  test.each([[[0, 1, 2]], [[0, 2, 1]], [[2, 0, 1]], [[1, 0, 2]]])('give way to one for both, in the order %s', order => {
    const all = statements();
    order.forEach(i => all[i]());
    expect(take(http(), { path: '/items', headers: { 'x-staff': '1' } })!.route.timeout).toBe('3s');
    expect(take(http(), { path: '/items' })!.route.timeout).toBe('1s');
    expect(take(http(), { path: '/', headers: { 'x-staff': '1' } })!.route.timeout).toBe('2s');
  });

  test('without it are rejected', () => {
    const [ofRoute, ofCohort] = statements();
    ofRoute();
    ofCohort();
    expect(errorAtSynth()).toContain('chart/OfCohort and chart/OfRoute both set timeout for the route \'items\' and the cohort \'staff\', '
      + 'one for the route, one for the cohort; use one that sets both');
  });

  test('do not conflict if no request belongs to both', () => {
    const items = route('Items', [path('/items')]);
    const search = cohort('Search', [path('/search')]);
    new RequestPolicy(chart, 'OfRoute', { service: catalog, route: items, timeout: Duration.seconds(1) });
    new RequestPolicy(chart, 'OfCohort', { service: catalog, cohort: search, timeout: Duration.seconds(2) });
    expect(take(http(), { path: '/items' })!.route.timeout).toBe('1s');
    expect(take(http(), { path: '/search' })!.route.timeout).toBe('2s');
  });
});
