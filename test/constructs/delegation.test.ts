import type { Chart } from 'cdk8s';
import { Chart as ChartClass } from 'cdk8s';
import { errorOf } from '../error-of';
import { find, has, manifests, newChart } from '../manifests';
import type { DelegationProps } from 'cdk8s-istio';
import { DelegatedHost, Delegation, IngressGateway, MeshService, PublicHost, ServicePort, StringMatch, TrafficRoute } from 'cdk8s-istio';

let chart: Chart;
let host: PublicHost;
let catalog: MeshService;
const service = (name: string) => new MeshService(chart, name, { name: name.toLowerCase(), ports: [ServicePort.http(80)] });
const delegate = (id: string, props: Partial<DelegationProps> = {}) =>
  new Delegation(chart, id, { publicHost: host, pathPrefix: '/shop', namespace: 'shop', ...props });

beforeEach(() => {
  chart = newChart();
  host = new PublicHost(chart, 'Host', { gateway: new IngressGateway(chart, 'Gateway', { namespace: 'edge' }), host: 'shop.example.com' });
  catalog = service('Catalog');
});

test('the root has the delegate in its order, and the delegate has neither hosts nor gateways', () => {
  service('Web').exposeVia(host);
  service('Legacy').exposeVia(host, { pathPrefix: '/shop/legacy' });
  catalog.exposeVia(delegate('ShopTeam'));
  const root = find(chart, 'VirtualService', 'shop-example-com');
  expect(root.metadata.namespace).toBe('edge');
  expect(root.spec.http.map((r: { name: string }) => r.name)).toEqual(['legacy.default', 'shop-team', 'web.default']);
  expect(root.spec.http[1]).toEqual({
    name: 'shop-team',
    match: [{ uri: { exact: '/shop' } }, { uri: { prefix: '/shop/' } }],
    delegate: { name: 'shop-team', namespace: 'shop' },
  });
  const team = find(chart, 'VirtualService', 'shop-team');
  expect(team.metadata.namespace).toBe('shop');
  expect(Object.keys(team.spec)).toEqual(['exportTo', 'http']);
  expect(team.spec.exportTo).toEqual(['edge']);
  expect(team.spec.http[0].match).toEqual([{ uri: { exact: '/shop' } }, { uri: { prefix: '/shop/' } }]);
});

test('statements in any order give the same objects', () => {
  const build = (reverse: boolean) => {
    chart = newChart();
    host = new PublicHost(chart, 'Host', {
      gateway: new IngressGateway(chart, 'Gateway', { namespace: 'edge' }),
      host: 'shop.example.com',
    });
    const [web, shop, team] = [service('Web'), service('Catalog'), delegate('Team')];
    const statements = [
      () => web.exposeVia(host),
      () => shop.exposeVia(team),
      () => web.exposeVia(team, { pathPrefix: '/shop/web' }),
      () => web.exposeVia(host, { pathPrefix: '/shop/web/old' }),
    ];
    (reverse ? statements.reverse() : statements).forEach(state => state());
    return manifests(chart);
  };
  expect(build(true)).toEqual(build(false));
});

test('a delegate in the namespace of the root is exported only to it', () => {
  catalog.exposeVia(delegate('Team', { namespace: 'edge', name: 'team-routes' }));
  expect(find(chart, 'VirtualService', 'team-routes').spec.exportTo).toEqual(['.']);
});

test('a delegate owned elsewhere is named and not rendered', () => {
  delegate('Team', { namespace: 'team', name: 'team-routes', ownedElsewhere: true });
  expect(find(chart, 'VirtualService').spec.http).toEqual([
    expect.objectContaining({ delegate: { name: 'team-routes', namespace: 'team' } }),
  ]);
});

test('the other side renders only the delegate, in the namespace of its chart', () => {
  const other = newChart('team');
  const api = new MeshService(other, 'Api', { name: 'api', ports: [ServicePort.http(80)] });
  api.exposeVia(
    new DelegatedHost(other, 'Shop', { host: 'shop.example.com', pathPrefix: '/shop', name: 'team-routes', rootNamespace: 'edge' }),
    { rewrite: '/' },
  );
  expect(find(other, 'VirtualService').metadata).toEqual({ name: 'team-routes', namespace: 'team' });
  expect(has(other, 'Gateway')).toBe(false);
});

describe('errors at the call', () => {
  test('a path outside the delegated one, which Istio would drop', () => {
    const team = delegate('Team');
    expect(errorOf(() => catalog.exposeVia(team, { pathPrefix: '/shopping' }))).toBe('chart/Catalog: pathPrefix \'/shopping\' is outside '
      + '\'/shop\', the only path of shop.example.com that is delegated here, so Istio would drop it; use a path below it, or omit '
      + 'pathPrefix');
    expect(errorOf(() => catalog.exposeVia(team, { pathPrefix: '/' }))).toMatch(
      /pathPrefix '\/' is outside '\/shop', the only path of shop\.example\.com that is delegated here, so Istio would drop it/,
    );
  });

  test('one path delegated twice, or delegated and exposed', () => {
    delegate('Team');
    expect(errorOf(() => delegate('Other', { pathPrefix: '/shop/' }))).toBe('chart/Other: the path \'/shop\' of shop.example.com already '
      + 'is delegated to \'shop/team\' (chart/Team); use a different pathPrefix or public host');
    expect(errorOf(() => catalog.exposeVia(host, { pathPrefix: '/shop' }))).toMatch(
      /^chart\/Catalog: the path '\/shop' of shop\.example\.com already is delegated to 'shop\/team'/,
    );
  });

  test('two delegates of one name', () => {
    catalog.exposeVia(delegate('One', { name: 'routes' }));
    const two = delegate('Two', { name: 'routes', pathPrefix: '/two' });
    expect(errorOf(() => catalog.exposeVia(two))).toBe(
      "chart/Two: the name 'routes' of a VirtualService in namespace 'shop' is already taken by chart/One; use a different `name`",
    );
  });

  test('two root routes of one name', () => {
    delegate('Team');
    const inner = new ChartClass(chart, 'inner', { namespace: 'shop' });
    expect(errorOf(() => new Delegation(inner, 'Team', { publicHost: host, pathPrefix: '/two', namespace: 'shop', name: 'x' })))
      .toBe('chart/inner/Team: the route name \'team\' on shop.example.com is already taken by chart/Team; use a different construct id');
  });

  test('a service exposed via a delegate that is owned elsewhere', () => {
    expect(errorOf(() => catalog.exposeVia(delegate('Team', { ownedElsewhere: true }))))
      .toBe('chart/Team: the delegate \'shop/team\' is owned elsewhere; expose the service via a DelegatedHost there, or omit ownedElsewhere');
  });

  test.each<[string, () => unknown, RegExp]>([
    ['a path without slash', () => delegate('X', { pathPrefix: 'shop' }), /pathPrefix 'shop' is not a path; start it with '\/'/],
    ['an invalid namespace', () => delegate('X', { namespace: 'Shop' }), /namespace 'Shop' is not a DNS label/],
    ['an invalid name', () => delegate('X', { name: 'a b' }), /name 'a b' is not a valid Kubernetes name/],
    [
      'a host that is a URL',
      () => new DelegatedHost(chart, 'X', { host: 'https://shop', name: 'x', rootNamespace: 'edge' }),
      /host 'https:\/\/shop' is not a host name/,
    ],
    [
      'an invalid root namespace',
      () => new DelegatedHost(chart, 'X', { host: 'shop.example.com', name: 'x', rootNamespace: 'Edge' }),
      /rootNamespace 'Edge' is not a DNS label/,
    ],
  ])('%s', (_, act, message) => {
    const error = errorOf(act);
    expect(error).toMatch(/^chart\/X: /);
    expect(error).toMatch(message);
  });
});

describe('errors at synth', () => {
  const atSynth = () => errorOf(() => manifests(chart));

  test('a delegation without an exposed service', () => {
    delegate('Team');
    expect(atSynth()).toContain(
      'chart/Team: no service is exposed via this delegation, so Istio would omit its route; call exposeVia() on a service, or set ownedElsewhere',
    );
  });

  test('a regex below the delegated path, which Istio would drop', () => {
    catalog.exposeVia(delegate('Team'));
    new TrafficRoute(chart, 'Route', { service: catalog, matches: [{ uri: StringMatch.regex('/items/[0-9]+') }] });
    expect(atSynth()).toContain(
      'route chart/Route has a uri that cannot be expressed behind the path prefix of its public host; use an exact value or a prefix, or limit the route to Audience.mesh()',
    );
  });

  test('a case-insensitive path, which Istio would drop', () => {
    const team = delegate('Team', { pathPrefix: '/1' });
    catalog.exposeVia(team);
    new TrafficRoute(chart, 'Route', { service: catalog, matches: [{ uri: StringMatch.prefix('/1/items'), ignoreUriCase: true }] });
    const text = 'chart/Route matches the path prefix \'/1/items\' in any case, which Istio would drop from the delegate of \'/1\' on '
      + 'shop.example.com; use a case-sensitive prefix or exact path, or limit the statement to Audience.mesh()';
    expect(atSynth()).toContain(text);
    expect(errorOf(() => chart.toJson())).toContain(text);
  });
});
