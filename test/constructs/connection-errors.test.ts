import type { Chart } from 'cdk8s';
import { Duration } from 'cdk8s';
import { HOST, NAMES, canaryOf, catalogOf, hostOn } from '../connections';
import { errorOf } from '../error-of';
import { manifests, newChart } from '../manifests';
import type { TcpMatch } from 'cdk8s-istio';
import {
  Audience, CanaryRelease, DarkLaunch, ExternalDependency, FaultInjection, IngressGateway, Listener, MeshService, MirroredService,
  PublicHost, RequestPolicy,
  Resolution, ServicePort, StringMatch, TcpRoute, TlsRoute, TrafficRoute,
} from 'cdk8s-istio';

let chart: Chart;
beforeEach(() => {
  chart = newChart();
});

const atSynth = () => errorOf(() => manifests(chart));

describe('rejected at the call', () => {
  test.each<[string, (catalog: MeshService) => unknown, string]>([
    ['no TCP port', () => new TcpRoute(
      chart,
      'X',
      {
        service: new MeshService(chart, 'Web', { name: 'web', ports: [ServicePort.http(80)] }),
        target: MeshService.fromName(chart, 'N', { name: 'n', port: 1 }),
      },
    ),
    'chart/X: the service \'web.shop.svc.cluster.local\' has no TCP port (80 HTTP); name the port tcp-…, or use a TlsRoute or TrafficRoute'],
    [
      'a port of another kind',
      c => new TcpRoute(chart, 'X', { service: c, ports: [8443], target: c.subset('v1') }),
      `chart/X: port 8443 is not a TCP port of '${HOST}'; use one of 5432`,
    ],
    [
      'no ports',
      c => new TcpRoute(chart, 'X', { service: c, ports: [], target: c.subset('v1') }),
      'chart/X: ports is an empty list; add one of 5432, or omit it to use all',
    ],
    [
      'no matches',
      c => new TcpRoute(chart, 'X', { service: c, matches: [], target: c.subset('v1') }),
      'chart/X: matches is an empty list, which matches nothing; add a value, or omit it to match every connection',
    ],
    ['no target', c => new TcpRoute(chart, 'X', { service: c }), 'chart/X: target and targets are both missing; set one of them'],
    [
      'two kinds of target',
      c => new TcpRoute(chart, 'X', { service: c, target: c.subset('v1'), targets: [] }),
      'chart/X: target and targets are both set; omit one of them',
    ],
    ['empty targets', c => new TcpRoute(chart, 'X', { service: c, targets: [] }), 'chart/X: targets is an empty list; add a target'],
    [
      'no weight above 0',
      c => new TcpRoute(chart, 'X', { service: c, targets: [{ target: c, weight: 0 }] }),
      'chart/X: targets has no weight above 0, so no connection could be served; set one',
    ],
    [
      'one target twice',
      c =>
        new TcpRoute(chart, 'X', {
          service: c,
          targets: [
            { target: c, weight: 1 },
            { target: c, weight: 2 },
          ],
        }),
      `chart/X: targets contains '${HOST}' twice; use each target once`,
    ],
    [
      'an invalid priority',
      c => new TcpRoute(chart, 'X', { service: c, target: c.subset('v1'), priority: 0.5 }),
      'chart/X: priority is 0.5; use an integer, the lower number comes first',
    ],
    [
      'an invalid subnet',
      c => new TcpRoute(chart, 'X', { service: c, matches: [{ destinationSubnets: ['10.0.0'] }], target: c.subset('v1') }),
      "chart/X: matches[0].destinationSubnets '10.0.0' is neither an IP address nor a CIDR block; use a value such as 10.0.0.1 or 10.0.0.0/24",
    ],
    [
      'empty labels',
      c => new TcpRoute(chart, 'X', { service: c, matches: [{ sourceLabels: {} }], target: c.subset('v1') }),
      'chart/X: matches[0].sourceLabels is empty; add at least one label',
    ],
    [
      'an unknown field',
      c => new TcpRoute(chart, 'X', { service: c, matches: [{ sniHosts: ['a'] } as TcpMatch], target: c.subset('v1') }),
      'chart/X: matches[0].sniHosts is an unknown field; expected one of sourceLabels, sourceNamespace, destinationSubnets',
    ],
    [
      'subnets in a TLS match',
      c => new TlsRoute(chart, 'X', { service: c, matches: [{ destinationSubnets: ['10.0.0.0/8'] } as object], target: c.subset('v1') }),
      'chart/X: matches[0].destinationSubnets is an unknown field; expected one of sniHosts, sourceLabels, sourceNamespace',
    ],
    [
      'every server name',
      c => new TlsRoute(chart, 'X', { service: c, matches: [{ sniHosts: ['*'] }], target: c.subset('v1') }),
      "chart/X: matches[0].sniHosts '*' matches every server name; use specific names, or omit it",
    ],
    [
      'a server name twice',
      c => new TlsRoute(chart, 'X', { service: c, matches: [{ sniHosts: ['a', 'a'] }], target: c.subset('v1') }),
      "chart/X: matches[0].sniHosts contains 'a' twice; use each value once",
    ],
    ['a caller at a gateway', c => new TcpRoute(
      chart,
      'X',
      {
        service: c,
        matches: [{ sourceNamespace: 'a' }],
        target: c.subset('v1'),
        audiences: [Audience.publicHost(hostOn(chart, [Listener.tcp(1)]))],
      },
    ),
    'chart/X: sourceNamespace cannot apply at the gateway of shop.example.com, where Istio ignores it; omit the condition, or limit the route to Audience.mesh()'],
    [
      'a path for TCP',
      c => c.exposeVia(hostOn(chart, [Listener.tcp(1)]), { port: 5432, pathPrefix: '/a' }),
      "chart/Catalog: pathPrefix '/a' is set for port 5432, where Envoy sees no requests (TCP); omit it, or expose an HTTP port",
    ],
    [
      'a rewrite for TLS',
      c => c.exposeVia(hostOn(chart, [Listener.tls(1)]), { port: 8443, rewrite: '/a' }),
      "chart/Catalog: rewrite '/a' is set for port 8443, where Envoy sees no requests (TLS); omit it, or expose an HTTP port",
    ],
    [
      'no listener for TCP',
      c => c.exposeVia(hostOn(chart, [Listener.http()]), { port: 5432 }),
      'chart/Catalog: port 5432 is a TCP port, and the gateway of shop.example.com has no listener for it; add a Listener.tcp() to the gateway',
    ],
    [
      'no listener for HTTP',
      c => c.exposeVia(hostOn(chart, [Listener.tcp(1)]), { port: 80 }),
      'chart/Catalog: port 80 is an HTTP port, and the gateway of shop.example.com has no HTTP listener; add Listener.http() or Listener.https() to it',
    ],
    [
      'a listener of another kind',
      c => {
        const l = Listener.tcp(1);
        c.exposeVia(hostOn(chart, [l]), { port: 8443, listener: l });
      },
      "chart/Catalog: the listener 'tcp-1' has protocol TCP, and port 8443 of the service has TLS; use a Listener.tls()",
    ],
    [
      'a listener of another gateway',
      c => c.exposeVia(hostOn(chart, [Listener.tcp(1)]), { port: 5432, listener: Listener.tcp(2) }),
      "chart/Catalog: the listener 'tcp-2' (port 2) is not a listener of the gateway of shop.example.com; add it to the gateway's listeners",
    ],
    [
      'a listener for HTTP',
      c => {
        const l = Listener.http();
        c.exposeVia(hostOn(chart, [l]), { port: 80, listener: l });
      },
      'chart/Catalog: listener is set for the HTTP port 80, which every HTTP listener of the gateway serves; omit it',
    ],
    [
      'an invalid port',
      c => c.exposeVia(hostOn(chart, [Listener.http()]), { port: 81 }),
      'chart/Catalog: port 81 is not a port of the service that can be exposed; use one of 80, 5432, 8443',
    ],
    ['one listener of a host for two', c => {
      const host = hostOn(chart, [Listener.tls(1)]);
      c.exposeVia(host, { port: 8443 });
      new MeshService(chart, 'Other', { name: 'other', ports: [ServicePort.tls(443)] }).exposeVia(host);
    }, `chart/Other: the listener at port 1 of shop.example.com already routes to '${HOST}' (chart/Catalog), and a listener has one service per host; use a different listener or public host`],
    ['one TCP listener for two hosts', c => {
      const gateway = new IngressGateway(chart, 'G', { listeners: [Listener.tcp(1)] });
      c.exposeVia(new PublicHost(chart, 'A', { gateway, host: 'a.example.com' }), { port: 5432 });
      c.exposeVia(new PublicHost(chart, 'B', { gateway, host: 'b.example.com' }), { port: 5432 });
    }, 'chart/Catalog: the TCP listener \'tcp-1\' (port 1) already routes a.example.com to chart/Catalog, and nothing in a TCP connection distinguishes hosts; use a listener on another port, or TLS'],
    [
      'two TCP servers of one port',
      () => ['A', 'B'].forEach(id => new IngressGateway(chart, id, { listeners: [Listener.tcp(1)] })),
      'chart/B: port 1 of the gateway {"istio":"ingressgateway"} is already a TCP port of chart/A, and Istio drops a second TCP server on a port; use another port',
    ],
    ['two defaults of a host', c => {
      const host = hostOn(chart, [Listener.tcp(1)]);
      c.exposeVia(host, { port: 5432, subset: c.subset('v1') });
      c.routeDefaultTo(c.subset('v2'), { audiences: [Audience.publicHost(host)] });
    }, `chart/Catalog: the default subset of service '${HOST}' for shop.example.com is already set to 'v1' by exposeVia(); omit one of them`],
  ])('%s', (_, act, message) => {
    const catalog = catalogOf(chart, ServicePort.http(80), ServicePort.tcp(5432), ServicePort.tls(8443));
    expect(errorOf(() => act(catalog))).toBe(message);
  });

  test('several ports without HTTP, and no port with a declared protocol', () => {
    const catalog = catalogOf(chart, ServicePort.tcp(1), ServicePort.tcp(2));
    expect(errorOf(() => catalog.exposeVia(hostOn(chart, [Listener.tcp(1)])))).toBe(
      'chart/Catalog: the service has no HTTP port and 2 others (1, 2); set the `port` for shop.example.com',
    );
  });
});

describe('rejected at synth', () => {
  test('statements about requests on a service without an HTTP port', () => {
    const catalog = catalogOf(chart, ServicePort.tcp(5432), ServicePort.tls(8443));
    const [v1, v2] = [catalog.subset('v1'), catalog.subset('v2')];
    new TrafficRoute(chart, 'A', { service: catalog, matches: [{ uri: StringMatch.exact('/') }], target: v1 });
    new DarkLaunch(chart, 'B', { service: catalog, target: v2, matches: [{ headers: { a: StringMatch.present() } }] });
    new MirroredService(chart, 'C', { service: catalog, mirror: v2 });
    new FaultInjection(chart, 'D', { service: catalog, abort: { httpStatus: 500, percentage: 1 } });
    new CanaryRelease(chart, 'E', {
      service: catalog,
      stable: v1,
      canary: v2,
      canaryPercent: 1,
      stickyCookie: { name: 'c', ttl: Duration.hours(1) },
    });
    expect(atSynth()).toContain('the service has no HTTP port (5432 TCP, 8443 TLS), so chart/A, chart/B, chart/C, chart/D, chart/E cannot '
      + 'apply; name the port http-…, or remove them; on TCP and TLS ports, use the split, TcpRoute and TlsRoute');
  });

  test.each<[string, (catalog: MeshService) => unknown, string]>([
    [
      'an unknown subset',
      c => new TcpRoute(chart, 'X', { service: c, target: c.subset('v9') }),
      `chart/X: the service '${HOST}' has no subset 'v9'; use one of 'v1', 'v2', 'v3', or add it with addSubset()`,
    ],
    [
      'a retired subset',
      c => {
        new TcpRoute(chart, 'X', { service: c, target: c.subset('v3') });
        c.retireSubset('v3');
      },
      'chart/X still sends requests to catalog v3, which is retired',
    ],
    ['two that overlap', c => [['A', { sourceLabels: { app: 'web' } }], ['B', { sourceNamespace: 'shop' }]].forEach(
      ([id, match], i) => new TcpRoute(chart, id as string, { service: c, matches: [match as TcpMatch], target: c.subset(`v${i + 1}`) }),
    ),
    'routes chart/A and chart/B can both match one connection, and neither match is narrower; set a different `priority` on each, the lower number comes first'],
    [
      'two that are the same',
      c => ['A', 'B'].forEach(id => new TcpRoute(chart, id, { service: c, target: c.subset('v1') })),
      'routes chart/A and chart/B have the same match',
    ],
    ['an order that Envoy ignores', c => {
      new TcpRoute(chart, 'A', {
        service: c,
        matches: [{ destinationSubnets: ['10.0.0.0/8'], sourceLabels: { app: 'web' } }],
        target: c.subset('v1'),
        priority: 1,
      });
      new TcpRoute(chart, 'B', { service: c, matches: [{ destinationSubnets: ['10.1.0.0/16'] }], target: c.subset('v2'), priority: 2 });
    }, 'chart/A comes before chart/B, but Envoy uses the longer prefix \'10.1.0.0/16\' before \'10.0.0.0/8\', regardless of the order; make the match with the longer prefix the narrower one'],
    ['one block twice', c => {
      new TcpRoute(chart, 'A', {
        service: c,
        matches: [{ destinationSubnets: ['10.0.0.0/8'], sourceLabels: { app: 'web' } }],
        target: c.subset('v1'),
      });
      new TcpRoute(chart, 'B', { service: c, matches: [{ destinationSubnets: ['10.0.0.0/8'] }], target: c.subset('v2') });
    }, 'chart/A and chart/B name destinationSubnets \'10.0.0.0/8\' twice for one caller, which Envoy rejects; use each block once'],
    ['a server name that the service does not have', c => new TlsRoute(
      chart,
      'X',
      { service: c, matches: [{ sniHosts: ['catalog', 'db.example.com'] }], target: c.subset('v1') },
    ),
    `chart/X: matches[0].sniHosts contains 'db.example.com', which is not a name of '${HOST}'; use one of ${NAMES.join(', ')}`],
    ['an audience that does not expose the port', c => {
      const host = hostOn(chart, [Listener.tls(1)]);
      c.exposeVia(host, { port: 8443 });
      new TcpRoute(chart, 'X', { service: c, target: c.subset('v1'), audiences: [Audience.publicHost(host)] });
    }, 'chart/X has the audience of chart/Host, which does not expose port 5432; call exposeVia() with that port, or omit the audience'],
    [
      'names of another audience',
      c =>
        new TlsRoute(chart, 'X', {
          service: c,
          matches: [{ sniHosts: ['a.example.com'] }],
          target: c.subset('v1'),
          audiences: [Audience.mesh()],
        }),
      'chart/X matches no connection in the mesh; change its match, or its audiences',
    ],
    ['statements about requests for a host with connections', c => {
      const host = hostOn(chart, [Listener.tcp(1)]);
      c.exposeVia(host, { port: 5432 });
      new RequestPolicy(chart, 'X', { service: c, timeout: Duration.seconds(1), audiences: [Audience.publicHost(host)] });
    }, 'chart/X has the audience of chart/Host, which exposes port 5432, where Envoy sees no requests; omit that audience, or use a TcpRoute or TlsRoute'],
  ])('%s', (_, act, message) => {
    const catalog = catalogOf(chart, ServicePort.http(80), ServicePort.tcp(5432), ServicePort.tls(8443));
    expect(errorOf(() => {
      act(catalog);
      manifests(chart);
    })).toContain(message);
  });

  test('a name below a wildcard that is also a public host', () => {
    const catalog = catalogOf(chart, ServicePort.tls(8443), ServicePort.tls(9443));
    const gateway = new IngressGateway(chart, 'G', { listeners: [Listener.tls(443)] });
    catalog.exposeVia(new PublicHost(chart, 'Wild', { gateway, host: '*.example.com' }), { port: 8443 });
    catalog.exposeVia(new PublicHost(chart, 'One', { gateway, host: 'a.example.com' }), { port: 9443 });
    new TlsRoute(chart, 'X', { service: catalog, ports: [8443], matches: [{ sniHosts: ['a.example.com'] }], target: catalog.subset('v1') });
    expect(atSynth()).toContain(
      "chart/X contains 'a.example.com', which is a separate public host on that gateway; omit it, or expose the service via that host",
    );
  });

  test('a canary without effect, because routes match everything', () => {
    const catalog = catalogOf(chart, ServicePort.tcp(5432));
    canaryOf(catalog);
    new TcpRoute(chart, 'All', { service: catalog, target: catalog.subset('v3') });
    expect(atSynth()).toContain(
      `chart/Canary has no effect, because routes match every connection of '${HOST}'; remove it, or add matches to the routes`,
    );
  });

  test('the address of a dependency as a condition on it', () => {
    const data = new ExternalDependency(chart, 'Data', {
      hosts: ['data.example.net'],
      ports: [ServicePort.tcp(5432)],
      resolution: Resolution.NONE,
      addresses: ['10.20.0.0/16'],
    });
    new TcpRoute(chart, 'X', {
      service: data,
      matches: [{ destinationSubnets: ['10.20.9.9/16'] }],
      target: MeshService.fromName(chart, 'N', { name: 'n', port: 5432 }),
    });
    expect(atSynth()).toContain(
      "chart/X: destinationSubnets contains '10.20.9.9/16', which is an address of the dependency itself and matches all its connections; omit it",
    );
  });
});
