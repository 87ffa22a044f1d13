import type { Chart } from 'cdk8s';
import { ApiObject, Duration } from 'cdk8s';
import { HOST, NAMES, canaryOf, catalogOf, hostOn, routed } from '../connections';
import { find, has, manifests, newChart } from '../manifests';
import {
  Audience, CanaryRelease, ExternalDependency, Listener, MeshService, Origins, RequestPolicy, Resolution, ServicePort, TcpRoute, TlsRoute,
} from 'cdk8s-istio';

let chart: Chart;
beforeEach(() => {
  chart = newChart();
});

describe('the split', () => {
  test('applies to HTTP, TCP and TLS ports', () => {
    const catalog = catalogOf(chart, ServicePort.http(80), ServicePort.tcp(5432), ServicePort.https(443));
    canaryOf(catalog);
    const split = (port: number) =>
      ['v1', 'v2'].map((subset, i) => ({ destination: { host: HOST, subset, port: { number: port } }, weight: [90, 10][i] }));
    expect(routed(chart)).toEqual({
      hosts: NAMES,
      http: [{ name: 'default', route: split(80) }],
      tcp: [{ match: [{ port: 5432 }], route: split(5432) }],
      tls: [{ match: NAMES.map(name => ({ port: 443, sniHosts: [name] })), route: split(443) }],
    });
  });

  test('of one public host does not change the mesh', () => {
    const catalog = catalogOf(chart, ServicePort.tcp(5432));
    const host = hostOn(chart, [Listener.tcp(31400)]);
    catalog.exposeVia(host);
    canaryOf(catalog, [Audience.publicHost(host)]);
    expect(has(chart, 'VirtualService')).toBe(true);
    expect(manifests(chart).filter(m => m.kind === 'VirtualService').map(m => m.metadata.name)).toEqual(['shop-example-com']);
    expect(routed(chart, 'shop-example-com').tcp[0].route).toHaveLength(2);
  });

  test('sets a cookie only on requests', () => {
    const catalog = catalogOf(chart, ServicePort.http(80), ServicePort.tcp(5432));
    new CanaryRelease(chart, 'Canary', {
      service: catalog,
      stable: catalog.subset('v1'),
      canary: catalog.subset('v2'),
      canaryPercent: 10,
      stickyCookie: {
        name: 'c',
        ttl: Duration.hours(1),
      },
    });
    expect(routed(chart).http).toHaveLength(3);
    expect(routed(chart).tcp).toEqual([
      { match: [{ port: 5432 }], route: [expect.not.objectContaining({ headers: expect.anything() }), expect.anything()] },
    ]);
  });

  test('does not apply to ports without a declared protocol', () => {
    const manifest = (name: string, ports: object[]) =>
      new ApiObject(chart, `${name}-service`, { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { ports } });
    const mixed = MeshService.fromService(
      chart,
      'Mixed',
      manifest('mixed', [
        { port: 80, name: 'http' },
        { port: 9000, name: 'data' },
        { port: 3306, name: 'x' },
      ]),
    );
    const v1 = mixed.addSubset('v1', { labels: { version: 'v1' } });
    mixed.routeDefaultTo(v1);
    expect(routed(chart, 'mixed').http).toHaveLength(1);
    expect(routed(chart, 'mixed').tcp.map((r: { match: unknown }) => r.match)).toEqual([[{ port: 3306 }]]);
    const unnamed = MeshService.fromService(chart, 'Unnamed', manifest('unnamed', [{ port: 8000 }]));
    unnamed.routeDefaultTo(unnamed.addSubset('v1', { labels: { version: 'v1' } }));
    expect(() => manifests(chart)).toThrow('the service has no HTTP port (8000 AUTO), so chart/Unnamed cannot apply; '
      + 'declare the protocol in the name of the port, such as http-web or tcp-db, because Istio otherwise detects it');
  });
});

describe('routes', () => {
  test('for requests and for connections do not affect each other', () => {
    const catalog = catalogOf(chart, ServicePort.http(80), ServicePort.tcp(5432));
    new TcpRoute(chart, 'All', { service: catalog, target: catalog.subset('v1') });
    expect(Object.keys(routed(chart))).toEqual(['hosts', 'tcp']);
    new RequestPolicy(chart, 'Policy', { service: catalog, timeout: Duration.seconds(1) });
    expect(Object.keys(routed(chart))).toEqual(['hosts', 'http', 'tcp']);
  });

  test('are in the order of their meaning, on their ports', () => {
    const catalog = catalogOf(chart, ServicePort.tcp(5432), ServicePort.tcp(6432));
    new TcpRoute(chart, 'Wide', { service: catalog, matches: [{ sourceNamespace: 'jobs' }], target: catalog.subset('v1') });
    new TcpRoute(chart, 'Narrow', {
      service: catalog,
      matches: [{ sourceNamespace: 'jobs', sourceLabels: { app: 'etl' } }],
      target: catalog.subset('v2'),
      ports: [6432],
    });
    const order = routed(chart).tcp.map((r: { match: object[] }) => r.match);
    expect(order).toEqual([
      [{ port: 5432, sourceNamespace: 'jobs' }], [{ port: 5432 }],
      [{ port: 6432, sourceNamespace: 'jobs', sourceLabels: { app: 'etl' } }], [{ port: 6432, sourceNamespace: 'jobs' }], [{ port: 6432 }],
    ]);
  });

  test('to other services use the same port, or the only one', () => {
    const catalog = catalogOf(chart, ServicePort.tcp(5432));
    const named = MeshService.fromName(chart, 'Named', { name: 'other', port: 6000 });
    const many = new MeshService(chart, 'Many', { name: 'many', ports: [ServicePort.tcp(1), ServicePort.tcp(2), ServicePort.http(5432)] });
    new TcpRoute(chart, 'Route', { service: catalog, target: named });
    expect(routed(chart).tcp[0].route).toEqual([{ destination: { host: 'other.shop.svc.cluster.local', port: { number: 6000 } } }]);
    expect(() => new TcpRoute(chart, 'Lost', { service: catalog, target: many })).toThrow('chart/Lost: connections of port 5432 would go '
      + 'to many.shop.svc.cluster.local, whose TCP and TLS ports are 1, 2; use a service with the same port, or with only one');
  });

  test('of a dependency apply only to its host', () => {
    const api = new ExternalDependency(chart, 'Api', {
      hosts: ['api.example.net'],
      ports: [ServicePort.tls(443)],
      resolution: Resolution.DNS,
    });
    const proxy = new MeshService(chart, 'Proxy', { name: 'proxy', ports: [ServicePort.tls(8443)] });
    new TlsRoute(chart, 'Route', { service: api, target: proxy });
    expect(routed(chart, 'api')).toEqual({
      hosts: ['api.example.net'],
      tls: [
        {
          match: [{ port: 443, sniHosts: ['api.example.net'] }],
          route: [{ destination: { host: 'proxy.shop.svc.cluster.local', port: { number: 8443 } } }],
        },
      ],
    });
  });

  test('are identified by their place in recorded origins, and are in the summary', () => {
    const catalog = catalogOf(chart, ServicePort.tcp(5432));
    Origins.record(chart);
    canaryOf(catalog);
    new TcpRoute(chart, 'Jobs', { service: catalog, matches: [{ sourceNamespace: 'jobs' }], target: catalog.subset('v3') });
    expect(JSON.parse(find(chart, 'VirtualService').metadata.annotations!['cdk8s-istio/origin']).routes).toEqual({
      'tcp[0]': ['chart/Jobs'],
      'tcp[1]': ['chart/Canary'],
    });
    expect(catalog.summary()).toContain('  connections from the mesh:\n    1. TCP port 5432: caller in namespace jobs -> catalog v3\n'
      + '    2. TCP port 5432: every connection -> 90 % catalog v1, 10 % catalog v2');
  });

  test('are those of the split if only the escape hatch requests them', () => {
    const catalog = catalogOf(chart, ServicePort.tcp(5432));
    catalog.virtualService.addJsonPatch();
    expect(routed(chart)).toEqual({
      hosts: [HOST],
      tcp: [{ match: [{ port: 5432 }], route: [{ destination: { host: HOST, port: { number: 5432 } } }] }],
    });
  });
});

describe('public hosts', () => {
  test('route the connections of each listener to a port', () => {
    const catalog = catalogOf(chart, ServicePort.http(80), ServicePort.tcp(5432), ServicePort.tls(8443));
    const host = hostOn(chart, [Listener.http(), Listener.tls(443), Listener.tcp(31400)]);
    catalog.exposeVia(host);
    catalog.exposeVia(host, { port: 8443, subset: catalog.subset('v1') });
    catalog.exposeVia(host, { port: 5432 });
    const to = (port: number, subset?: string) => [{ destination: { host: HOST, ...(subset ? { subset } : {}), port: { number: port } } }];
    expect(routed(chart, 'shop-example-com')).toEqual({
      hosts: ['shop.example.com'],
      gateways: ['host-gateway'],
      http: [{ name: 'catalog.default', route: to(80) }],
      tcp: [{ match: [{ port: 31400 }], route: to(5432) }],
      tls: [{ match: [{ port: 443, sniHosts: ['shop.example.com'] }], route: to(8443, 'v1') }],
    });
    expect(find(chart, 'Gateway').spec.servers).toEqual([
      { port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['shop.example.com'] },
      { port: { number: 443, name: 'tls', protocol: 'TLS' }, hosts: ['shop.example.com'], tls: { mode: 'PASSTHROUGH' } },
      { port: { number: 31400, name: 'tcp-31400', protocol: 'TCP' }, hosts: ['shop.example.com'] },
    ]);
  });

  test('use the given listener if several fit', () => {
    const catalog = catalogOf(chart, ServicePort.tcp(5432));
    const [a, b] = [Listener.tcp(1001), Listener.tcp(1002)];
    const host = hostOn(chart, [a, b]);
    expect(() => catalog.exposeVia(host)).toThrow(
      'chart/Catalog: the gateway of shop.example.com has 2 listeners for port 5432 (tcp-1001, tcp-1002); set `listener`',
    );
    catalog.exposeVia(host, { listener: b });
    expect(routed(chart, 'shop-example-com').tcp[0].match).toEqual([{ port: 1002 }]);
  });

  test('get the routes without conditions on callers', () => {
    const catalog = catalogOf(chart, ServicePort.tcp(5432));
    catalog.exposeVia(hostOn(chart, [Listener.tcp(31400)]));
    new TcpRoute(chart, 'Web', { service: catalog, matches: [{ sourceLabels: { app: 'web' } }], target: catalog.subset('v2') });
    expect(routed(chart, 'shop-example-com').tcp).toHaveLength(1);
    expect(routed(chart).tcp).toHaveLength(2);
  });

  test('a TLS route that applies only to a public host renders no VirtualService for the mesh', () => {
    const catalog = catalogOf(chart, ServicePort.tls(8443));
    catalog.exposeVia(hostOn(chart, [Listener.tls(443)], '*.example.com'));
    new TlsRoute(chart, 'Beta', { service: catalog, matches: [{ sniHosts: ['beta.example.com'] }], target: catalog.subset('v2') });
    expect(manifests(chart).filter(m => m.kind === 'VirtualService').map(m => m.metadata.name)).toEqual(['wildcard-example-com']);
  });
});


test('an alternative that repeats another is rendered once, because Istio warns about the second one', () => {
  const service = new MeshService(chart, 'Redis', { name: 'redis', ports: [ServicePort.tcp(6379)] });
  const matches = [{ sourceNamespace: 'a' }, { sourceNamespace: 'b' }, { sourceNamespace: 'a' }];
  new TcpRoute(chart, 'Route', { service, matches, target: service.addSubset('v1', { labels: { version: 'v1' } }) });
  expect(find(chart, 'VirtualService').spec.tcp[0].match).toHaveLength(2);
});
