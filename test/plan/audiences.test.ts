import type { Chart } from 'cdk8s';
import { Duration } from 'cdk8s';
import { find, manifests, newChart } from '../manifests';
import type { HttpMatch } from 'cdk8s-istio';
import {
  Audience, CanaryRelease, CircuitBreakerPolicy, DarkLaunch, H2UpgradePolicy, IngressGateway, MeshService, MirroredService, Origins,
  PublicHost, RequestPolicy,
  ServicePort, StringMatch, TrafficRoute,
} from 'cdk8s-istio';

let chart: Chart;
let catalog: MeshService;
let made: PublicHost | undefined;
const publicHost = () =>
  (made ??= new PublicHost(chart, 'Host', { gateway: new IngressGateway(chart, 'Gateway'), host: 'shop.example.com' }));
const v = (n: number) => catalog.subset(`v${n}`);
const header = (name: string): HttpMatch[] => [{ headers: { [name]: StringMatch.exact('1') } }];
const path = (prefix: string): HttpMatch[] => [{ uri: StringMatch.prefix(prefix) }];
const http = (name = 'catalog') => find(chart, 'VirtualService', name).spec.http as { name: string; route: { destination: object }[] }[];
const names = (name?: string) => http(name).map(r => r.name);
const service = (id: string, name: string, namespace = 'shop', ports = [ServicePort.http(80)]) =>
  new MeshService(chart, id, { name, namespace, ports });
const errorAtSynth = () => {
  try {
    manifests(chart);
  } catch (e) {
    return (e as Error).message;
  }
  throw new Error('nothing was refused');
};

beforeEach(() => {
  chart = newChart();
  catalog = service('Catalog', 'catalog');
  for (const n of [1, 2, 3]) catalog.addSubset(`v${n}`, { labels: { version: `v${n}` } });
  made = undefined;
});

describe('a statement that no request reaches is an error', () => {
  test('a canary of a route of another service', () => {
    const other = service('Other', 'other');
    const route = new TrafficRoute(chart, 'Route', { service: other, matches: path('/a') });
    expect(() => new CanaryRelease(chart, 'Canary', { service: catalog, route, stable: v(1), canary: v(2), canaryPercent: 10 }))
      .toThrow('chart/Canary: the route \'route\' is not one of \'catalog.shop.svc.cluster.local\'; use a route of that service');
  });

  test('a canary of a route in an audience that the route does not have', () => {
    catalog.exposeVia(publicHost());
    const route = new TrafficRoute(chart, 'Route', {
      service: catalog,
      matches: path('/a'),
      audiences: [Audience.publicHost(publicHost())],
    });
    new CanaryRelease(chart, 'Canary', {
      service: catalog,
      route,
      stable: v(1),
      canary: v(2),
      canaryPercent: 10,
      audiences: [Audience.mesh()],
    });
    expect(errorAtSynth()).toContain(
      "chart/Canary applies to the route 'route', but no request reaches it; change the route, or its audiences",
    );
  });

  test('a timeout of the default route, which another route replaces', () => {
    new TrafficRoute(chart, 'All', { service: catalog, target: v(1) });
    new RequestPolicy(chart, 'Timeout', { service: catalog, route: catalog.defaultRoute, timeout: Duration.seconds(1) });
    expect(errorAtSynth()).toContain('chart/Timeout applies to the route \'default\', but no request reaches it');
  });

  test('a timeout of a route and a cohort that share no request', () => {
    catalog.routeDefaultTo(v(1));
    const route = new TrafficRoute(chart, 'Route', { service: catalog, matches: path('/a') });
    const cohort = new DarkLaunch(chart, 'Dark', { service: catalog, target: v(2), matches: path('/b') });
    new RequestPolicy(chart, 'Timeout', { service: catalog, route, cohort, timeout: Duration.seconds(1) });
    expect(errorAtSynth()).toContain('chart/Timeout applies to the route \'route\' and the cohort \'dark\', but no request reaches it');
  });

  test('a circuit breaker for an unknown subset', () => {
    new CircuitBreakerPolicy(chart, 'Breaker', { service: catalog, subset: catalog.subset('v9'), connectionPool: { maxConnections: 1 } });
    expect(errorAtSynth()).toContain('chart/Breaker: the service \'catalog.shop.svc.cluster.local\' has no subset \'v9\'; use one of');
  });
});

describe('policies that Istio rejects together', () => {
  test('an upgrade to HTTP/2 together with the client\'s protocol, set by two constructs', () => {
    new CircuitBreakerPolicy(chart, 'Client', { service: catalog, connectionPool: { useClientProtocol: true } });
    new CircuitBreakerPolicy(chart, 'Upgrade', {
      service: catalog,
      subset: v(2),
      connectionPool: { h2UpgradePolicy: H2UpgradePolicy.UPGRADE },
    });
    expect(errorAtSynth()).toContain('connectionPool.useClientProtocol is true together with h2UpgradePolicy UPGRADE of subset \'v2\', '
      + 'which Istio rejects; keep one of them (set by chart/Client, chart/Upgrade)');
  });

  test('an ejection percentage at a port that ejects no endpoint', () => {
    const small = new MeshService(chart, 'Small', { name: 'small', ports: [ServicePort.http(80), ServicePort.http(81)], replicas: 2 });
    new CircuitBreakerPolicy(chart, 'Outlier', { service: small, port: 81, outlierDetection: { maxEjectionPercent: 10 } });
    expect(errorAtSynth()).toContain(
      'outlierDetection.maxEjectionPercent of the service at port 81 is 10 % of 2 endpoints, which ejects none; use 50 or more',
    );
  });
});

describe('the default of an audience', () => {
  test('is set once: by the exposure or by routeDefaultTo for the host', () => {
    catalog.exposeVia(publicHost(), { subset: v(1) });
    expect(() => catalog.routeDefaultTo(v(2), { audiences: [Audience.publicHost(publicHost())] }))
      .toThrow('chart/Catalog: the default subset of service \'catalog.shop.svc.cluster.local\' for shop.example.com is already set to \'v1\' by exposeVia(); omit one of them');
  });

  test('whichever came first', () => {
    catalog.routeDefaultTo(v(2), { audiences: [Audience.publicHost(publicHost())] });
    expect(() => catalog.exposeVia(publicHost(), { subset: v(1) })).toThrow(
      "the default subset of service 'catalog.shop.svc.cluster.local' for shop.example.com is already set to 'v2' by routeDefaultTo(); omit one of them",
    );
  });

  test('of all audiences gives way to that of an exposure', () => {
    catalog.routeDefaultTo(v(2));
    catalog.exposeVia(publicHost(), { subset: v(1) });
    expect(http('shop-example-com')[0].route[0].destination).toMatchObject({ subset: 'v1' });
    expect(http()[0].route[0].destination).toMatchObject({ subset: 'v2' });
  });
});

describe('a dark launch', () => {
  test('is dark if only the mesh can see its cohort', () => {
    catalog.exposeVia(publicHost());
    catalog.routeDefaultTo(v(1), { audiences: [Audience.mesh()] });
    new DarkLaunch(chart, 'Dark', { service: catalog, target: v(2), matches: [{ sourceLabels: { app: 'tester' } }] });
    expect(names()).toEqual(['default.dark', 'default']);
    expect(names('shop-example-com')).toEqual(['catalog.default']);
  });

  test('is dark if the whole service gets 0 percent', () => {
    new CanaryRelease(chart, 'Canary', { service: catalog, stable: v(1), canary: catalog, canaryPercent: 0 });
    new DarkLaunch(chart, 'Dark', { service: catalog, target: v(2), matches: header('x-a') });
    expect(names()).toEqual(['default.dark', 'default']);
  });
});

describe('the names of routes are unique in their VirtualService', () => {
  test('a route and a cohort whose names join to the same', () => {
    catalog.routeDefaultTo(v(1));
    new TrafficRoute(chart, 'One', { service: catalog, name: 'a', matches: path('/a') });
    new TrafficRoute(chart, 'Two', { service: catalog, name: 'a.b', matches: path('/b') });
    new DarkLaunch(chart, 'Three', { service: catalog, name: 'b.c', target: v(2), matches: header('x-a'), priority: 1 });
    new DarkLaunch(chart, 'Four', { service: catalog, name: 'c', target: v(3), matches: header('x-b'), priority: 2 });
    expect(errorAtSynth()).toContain('route chart/Two for the cohort chart/Four has the name \'a.b.c\', like route chart/One for the '
      + 'cohort chart/Three; use a different `name` for one of them');
  });

  test('a route with the name of the default route', () => {
    new TrafficRoute(chart, 'Default', { service: catalog, matches: path('/a'), target: v(1) });
    expect(errorAtSynth()).toContain('has the name \'default\', like route chart/Default');
  });

  test('two services of one name in different namespaces, on one host', () => {
    catalog.exposeVia(publicHost());
    service('Other', 'catalog', 'data').exposeVia(publicHost(), { pathPrefix: '/data' });
    expect(names('shop-example-com')).toEqual(['catalog-data.default', 'catalog.default']);
  });

  test('paths with the same prefix, and a service with the name of another\'s path', () => {
    for (const pathPrefix of ['/a/b', '/a-b', '/A_b']) catalog.exposeVia(publicHost(), { pathPrefix });
    service('Twin', 'catalog', 'data').exposeVia(publicHost(), { pathPrefix: '/a.b' });
    service('Other', 'catalog-a-b').exposeVia(publicHost(), { pathPrefix: '/x' });
    const all = names('shop-example-com');
    expect(new Set(all).size).toBe(all.length);
    expect(all).toHaveLength(5);
  });

  test('the keys of the recorded origins, as rendered', () => {
    Origins.record(chart);
    const many = service('Many', 'many', 'shop', [ServicePort.http(80), ServicePort.http(8080)]);
    new RequestPolicy(chart, 'Timeout', { service: many, timeout: Duration.seconds(1) });
    const manifest = find(chart, 'VirtualService', 'many');
    const { routes } = JSON.parse(manifest.metadata.annotations!['cdk8s-istio/origin']);
    expect(Object.keys(routes)).toEqual(names('many'));
  });
});

describe('ports', () => {
  test('a target from fromName() goes to the port of the service', () => {
    const named = MeshService.fromName(chart, 'Named', { name: 'catalog', port: 9999 });
    catalog.routeDefaultTo(v(1));
    new DarkLaunch(chart, 'Dark', { service: catalog, target: named, matches: header('x-a') });
    expect(http()[0].route[0].destination).toEqual({ host: 'catalog.shop.svc.cluster.local', port: { number: 80 } });
  });

  test('a mirror to a service with another port goes to that port', () => {
    new MirroredService(chart, 'Mirror', {
      service: catalog,
      mirror: MeshService.fromName(chart, 'Shadow', { name: 'shadow', port: 9000 }),
    });
    expect(http()[0]).toMatchObject({ mirror: { host: 'shadow.shop.svc.cluster.local', port: { number: 9000 } } });
  });

  test('a service with several ports has the port of the caller in each entry, and routes to that port', () => {
    const many = service('Many', 'many', 'shop', [ServicePort.http(80), ServicePort.grpc(9000), ServicePort.tcp(5432)]);
    new TrafficRoute(chart, 'Route', {
      service: many,
      matches: [{ port: 9000, uri: StringMatch.prefix('/a') }, { uri: StringMatch.prefix('/b') }],
    });
    expect(http('many')).toMatchObject([
      { name: 'route-80', match: [{ port: 80, uri: { prefix: '/b' } }], route: [{ destination: { port: { number: 80 } } }] },
      { name: 'default-80', match: [{ port: 80 }], route: [{ destination: { port: { number: 80 } } }] },
      {
        name: 'route-9000',
        match: [
          { port: 9000, uri: { prefix: '/a' } },
          { port: 9000, uri: { prefix: '/b' } },
        ],
        route: [{ destination: { port: { number: 9000 } } }],
      },
      { name: 'default-9000', match: [{ port: 9000 }], route: [{ destination: { port: { number: 9000 } } }] },
    ]);
  });
});

describe('public hosts', () => {
  test('a wildcard host can be met by the authorities below it alone', () => {
    const wild = new PublicHost(chart, 'Wild', { gateway: new IngressGateway(chart, 'WildGateway'), host: '*.example.com' });
    catalog.exposeVia(wild);
    const route = (id: string, authority: string) => () => new TrafficRoute(chart, id, {
      service: catalog, matches: [{ authority: StringMatch.exact(authority) }], target: v(1), audiences: [Audience.publicHost(wild)],
    });
    expect(route('Other', 'shop.example.org')).toThrow(
      'chart/Other: authority cannot apply at the gateway of *.example.com, which does not know the calling workload',
    );
    route('A', 'a.example.com')();
    route('B', 'b.example.com:8080')();
    expect(names('wildcard-example-com')).toEqual(['catalog.a', 'catalog.b', 'catalog.default']);
  });

  test('route the segment, with any trailing slashes', () => {
    catalog.exposeVia(publicHost(), { pathPrefix: '/api//', rewrite: '/v1/' });
    service('Root', 'root').exposeVia(publicHost(), { pathPrefix: '/' });
    expect(http('shop-example-com')).toMatchObject([
      { name: 'catalog.default', match: [{ uri: { exact: '/api' } }], rewrite: { uri: '/v1' } },
      { name: 'catalog.default.2', match: [{ uri: { prefix: '/api/' } }], rewrite: { uri: '/v1/' } },
      { name: 'root.default' },
    ]);
    expect(() => service('Again', 'again').exposeVia(publicHost(), { pathPrefix: '/api' })).toThrow(
      "the path '/api' of shop.example.com already routes to 'catalog.shop.svc.cluster.local' (chart/Catalog)",
    );
  });

  test('a route and a cohort for a host, on a path that is routed to another service, are errors', () => {
    catalog.exposeVia(publicHost(), { subset: v(1) });
    service('Api', 'api').exposeVia(publicHost(), { pathPrefix: '/api' });
    const audiences = [Audience.publicHost(publicHost())];
    new TrafficRoute(chart, 'Lost', { service: catalog, matches: path('/api/items'), target: v(1), audiences });
    new TrafficRoute(chart, 'Kept', { service: catalog, matches: path('/apis'), target: v(1), audiences });
    new DarkLaunch(chart, 'LostToo', { service: catalog, matches: [{ uri: StringMatch.exact('/api') }], target: v(2), audiences });
    const error = errorAtSynth();
    expect(error).toContain('chart/Lost gets no request of shop.example.com: its path \'/api/items\' belongs to \'/api\', which routes to '
      + '\'api.shop.svc.cluster.local\' (chart/Api); change its match, or its audiences');
    expect(error).toContain('chart/LostToo gets no request of shop.example.com: its path \'/api\' belongs to \'/api\'');
    expect(error).not.toContain('chart/Kept');
  });

  test('a route that applies to a host by default may be on a path that is routed elsewhere', () => {
    catalog.exposeVia(publicHost());
    service('Api', 'api').exposeVia(publicHost(), { pathPrefix: '/api' });
    new TrafficRoute(chart, 'Route', { service: catalog, matches: path('/api/items'), target: v(1) });
    expect(names()).toEqual(['route', 'default']);
  });
});
