import type { Chart } from 'cdk8s';
import { Duration } from 'cdk8s';
import { errorOf } from '../error-of';
import { find, has, manifests, newChart } from '../manifests';
import type { EgressGatewayProps, ExternalDependencyProps } from 'cdk8s-istio';
import {
  CircuitBreakerPolicy,
  EgressGateway,
  ExternalDependency,
  MeshService,
  RequestPolicy,
  Resolution,
  ServicePort,
  StringMatch,
  TrafficRoute,
} from 'cdk8s-istio';

let chart: Chart;
const gatewayOf = (props: EgressGatewayProps = {}) => new EgressGateway(chart, 'Egress', props);
const dependency = (id: string, props: Partial<ExternalDependencyProps> = {}) => new ExternalDependency(chart, id, {
  hosts: [`${id.toLowerCase()}.example.com`], ports: [ServicePort.http(80)], resolution: Resolution.DNS, ...props,
});
const GATEWAY = 'istio-egressgateway.istio-system.svc.cluster.local';

beforeEach(() => {
  chart = newChart();
});

test('a dependency leaves through the gateway: ServiceEntry, Gateway, two routes, DestinationRule', () => {
  dependency('Api').leaveVia(gatewayOf());
  expect(manifests(chart).map(m => `${m.kind} ${m.metadata.namespace}/${m.metadata.name}`)).toEqual([
    'ServiceEntry shop/api', 'VirtualService shop/api', 'Gateway istio-system/egress', 'DestinationRule istio-system/istio-egressgateway',
  ]);
  expect(find(chart, 'Gateway').spec).toEqual({
    selector: { istio: 'egressgateway' },
    servers: [{ port: { number: 80, name: 'https-mutual', protocol: 'HTTPS' }, hosts: ['api.example.com'], tls: { mode: 'ISTIO_MUTUAL' } }],
  });
  expect(find(chart, 'VirtualService').spec).toEqual({
    hosts: ['api.example.com'],
    gateways: ['istio-system/egress', 'mesh'],
    http: [
      {
        name: 'to-egress',
        match: [{ gateways: ['mesh'], port: 80 }],
        retries: { attempts: 2, retryOn: 'connect-failure,refused-stream' },
        route: [{ destination: { host: GATEWAY, subset: 'api-example-com', port: { number: 80 } } }],
      },
      {
        name: 'default',
        match: [{ gateways: ['istio-system/egress'], port: 80 }],
        route: [{ destination: { host: 'api.example.com', port: { number: 80 } } }],
      },
    ],
  });
  expect(find(chart, 'DestinationRule').spec).toEqual({
    host: GATEWAY,
    subsets: [
      {
        name: 'api-example-com',
        labels: {},
        trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls: { mode: 'ISTIO_MUTUAL', sni: 'api.example.com' } }] },
      },
    ],
  });
});

test('several dependencies share its servers, whatever the order of statements', () => {
  const build = (reverse: boolean) => {
    chart = newChart();
    const gateway = gatewayOf();
    const [b, a] = [dependency('B', { ports: [ServicePort.http(80), ServicePort.tls(443)] }), dependency('A')];
    const statements = [
      () => a.leaveVia(gateway),
      () => b.leaveVia(gateway),
      () => new RequestPolicy(chart, 'Timeout', { service: a, timeout: Duration.seconds(1) }),
      () => new CircuitBreakerPolicy(chart, 'Breaker', { service: b, connectionPool: { maxConnections: 1 } }),
      () => new CircuitBreakerPolicy(chart, 'Limits', { service: gateway, connectionPool: { maxConnections: 9 } }),
    ];
    (reverse ? statements.reverse() : statements).forEach(state => state());
    return manifests(chart);
  };
  const made = build(false);
  expect(build(true)).toEqual(made);
  expect(made.find(m => m.kind === 'Gateway')!.spec.servers.map((s: { hosts: string[] }) => s.hosts)).toEqual([
    ['a.example.com', 'b.example.com'],
    ['b.example.com'],
  ]);
});

test('in plaintext it needs no DestinationRule', () => {
  dependency('Api').leaveVia(gatewayOf({ mutualTls: false, name: 'out' }));
  expect(has(chart, 'DestinationRule')).toBe(false);
  expect(find(chart, 'Gateway').spec.servers).toEqual([
    { port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['api.example.com'] },
  ]);
});

test('conditions on callers of a dependency without an egress gateway still apply in the mesh', () => {
  new RequestPolicy(chart, 'Timeout', { service: dependency('Api'), timeout: Duration.seconds(1) });
  expect(find(chart, 'VirtualService').spec).not.toHaveProperty('gateways');
});

describe('errors at the call', () => {
  test('two gateways of one dependency', () => {
    const api = dependency('Api');
    api.leaveVia(gatewayOf());
    const other = new EgressGateway(chart, 'Other', { serviceName: 'other' });
    expect(errorOf(() => api.leaveVia(other))).toBe(
      "chart/Api: the calls to 'api.example.com' already leave via chart/Egress; use one egress gateway",
    );
  });

  test('the gateway\'s Service created twice', () => {
    gatewayOf();
    expect(
      errorOf(
        () => new MeshService(chart, 'Again', { name: 'istio-egressgateway', namespace: 'istio-system', ports: [ServicePort.http(80)] }),
      ),
    )
      .toMatch(/^chart\/Again: the service 'istio-egressgateway\.istio-system\.svc\.cluster\.local' is already taken by chart\/Egress/);
  });

  test('a policy about requests at the gateway itself', () => {
    expect(errorOf(() => new RequestPolicy(chart, 'X', { service: gatewayOf(), timeout: Duration.seconds(1) })))
      .toBe('chart/X: the egress gateway \'istio-egressgateway\' routes the requests of the dependencies that leave through it; set the policy on the dependency');
  });

  test.each<[string, () => unknown, RegExp]>([
    [
      'no resolution',
      () => dependency('X', { resolution: Resolution.NONE }).leaveVia(gatewayOf()),
      /resolution NONE forwards calls to their original address, which at an egress gateway is the gateway itself; use resolution DNS/,
    ],
    [
      'a TCP port',
      () => dependency('X', { ports: [ServicePort.tcp(5432)], addresses: ['10.1.1.1'] }).leaveVia(gatewayOf()),
      /port 5432 is TCP, and an egress gateway cannot distinguish hosts on a TCP port; use ServicePort\.tls\(\), or call the dependency directly/,
    ],
    [
      'two HTTP ports',
      () => dependency('X', { ports: [ServicePort.http(80), ServicePort.http(8080)] }).leaveVia(gatewayOf()),
      /the ports 80 and 8080 are both HTTP, and would share one port of the egress gateway, which cannot distinguish them; create one ExternalDependency per port/,
    ],
    [
      'two TLS ports',
      () => dependency('X', { ports: [ServicePort.tls(443), ServicePort.https(8443)] }).leaveVia(gatewayOf()),
      /the ports 443 and 8443 are both TLS/,
    ],
    [
      'a gateway that cannot see the host',
      () => dependency('X', { exportTo: ['.'] }).leaveVia(gatewayOf()),
      /exportTo 'shop' excludes 'istio-system', where the egress gateway runs and must know the host; add it/,
    ],
    [
      'several hosts',
      () => dependency('X', { hosts: ['a.example.com', 'b.example.com'] }).leaveVia(gatewayOf()),
      /the dependency has 2 hosts, and policies in Istio are per host; create one ExternalDependency per host/,
    ],
    [
      'a wildcard',
      () => dependency('X', { hosts: ['*.example.com'], resolution: Resolution.DYNAMIC_DNS }).leaveVia(gatewayOf()),
      /the host '\*\.example\.com' is a wildcard, which cannot be the destination of a route/,
    ],
    [
      'one port for both',
      () => new EgressGateway(chart, 'X', { tlsPort: 80 }),
      /httpPort and tlsPort are both 80, and a port has one protocol; use two different ports/,
    ],
    ['an invalid port', () => new EgressGateway(chart, 'X', { httpPort: 0 }), /httpPort is 0; use a port from 1 to 65535/],
    ['an invalid Service name', () => new EgressGateway(chart, 'X', { serviceName: 'Out' }), /serviceName 'Out' is not a DNS label/],
  ])('%s', (_, act, message) => {
    const error = errorOf(act);
    expect(error).toMatch(/^chart\/X: /);
    expect(error).toMatch(message);
  });
});

describe('errors at synth', () => {
  test('a gateway without dependencies', () => {
    gatewayOf();
    expect(errorOf(() => manifests(chart))).toContain(
      'chart/Egress: no dependency leaves through the gateway, and Istio rejects a Gateway without hosts; call leaveVia() on an ExternalDependency, or remove the gateway',
    );
  });

  test('conditions on the caller, which the gateway cannot distinguish', () => {
    const api = dependency('Api');
    api.leaveVia(gatewayOf());
    new TrafficRoute(chart, 'Web', { service: api, matches: [{ sourceLabels: { app: 'web' } }], rewrite: { uri: '/web' } });
    const text =
      'chart/Web applies only to some callers, but the egress gateway chart/Egress cannot distinguish them; omit sourceLabels and sourceNamespace, or call the dependency directly';
    expect(errorOf(() => manifests(chart))).toContain(text);
    expect(errorOf(() => chart.toJson())).toContain(text);
  });

  test('a policy for only some callers', () => {
    const api = dependency('Api');
    api.leaveVia(gatewayOf());
    new RequestPolicy(chart, 'Web', { service: api, timeout: Duration.seconds(1), matches: [{ sourceNamespace: 'web' }] });
    expect(errorOf(() => manifests(chart))).toContain('chart/Web applies only to some callers');
  });

  test('a route with the name of the route to the gateway', () => {
    const api = dependency('Api');
    api.leaveVia(gatewayOf());
    new TrafficRoute(chart, 'ToEgress', { service: api, matches: [{ uri: StringMatch.prefix('/a') }], rewrite: { uri: '/b' } });
    expect(errorOf(() => manifests(chart))).toContain(
      "route chart/ToEgress has the name 'to-egress' of the route to the egress gateway; use a different `name`",
    );
  });
});
