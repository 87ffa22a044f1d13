import type { Chart } from 'cdk8s';
import { errorOf } from '../error-of';
import { manifests, newChart } from '../manifests';
import {
  ClientTls, ClientTlsSettings, EgressGateway, ExternalDependency, MeshEnvironment, MeshService, MutualTlsMode, Origins, Resolution,
  ServicePort, TcpRoute, TrafficRoute, WorkloadAccess,
} from 'cdk8s-istio';

let chart: Chart;
beforeEach(() => {
  chart = newChart();
});

function catalogOf(): MeshService {
  return new MeshService(chart, 'Catalog', {
    name: 'catalog', selector: { app: 'catalog' }, ports: [ServicePort.http(80), ServicePort.http(8080)],
  });
}

const atSynth = () => errorOf(() => manifests(chart));

describe('client TLS of a service whose pods require mutual TLS', () => {
  const states = {
    tls: (service: MeshService, tls: ClientTlsSettings, port?: number) => new ClientTls(chart, 'Tls', { service, tls, ...port && { port } }),
    access: (service: MeshService, mode: MutualTlsMode) => new WorkloadAccess(chart, 'Access', { service, mode }),
  };

  test.each<[string, () => ClientTlsSettings]>([
    ['SIMPLE', () => ClientTlsSettings.simple()], ['DISABLE', () => ClientTlsSettings.disable()],
  ])('is an error for mode %s, in any order', (mode, settings) => {
    const expected = `chart/Tls: callers use TLS mode ${mode}`;
    const first = catalogOf();
    states.tls(first, settings());
    states.access(first, MutualTlsMode.STRICT);
    expect(atSynth()).toContain(expected);
    expect(atSynth()).toContain('and chart/Access sets mode STRICT there, so the pods refuse their connections');
    chart = newChart();
    const second = catalogOf();
    states.access(second, MutualTlsMode.STRICT);
    states.tls(second, settings());
    expect(atSynth()).toContain(expected);
  });

  test('is an error at one port, and names it', () => {
    const service = catalogOf();
    states.access(service, MutualTlsMode.STRICT);
    states.tls(service, ClientTlsSettings.simple(), 8080);
    expect(atSynth()).toContain('chart/Tls: callers use TLS mode SIMPLE at port 8080');
  });

  test('is accepted if they take connections without mutual TLS, too', () => {
    const service = catalogOf();
    states.access(service, MutualTlsMode.PERMISSIVE);
    states.tls(service, ClientTlsSettings.simple());
    expect(manifests(chart)).toHaveLength(2);
  });
});

describe('two egress gateways on the same pods', () => {
  const dependency = (id: string, port: ServicePort) => new ExternalDependency(chart, id, {
    hosts: [`${id.toLowerCase()}.example.com`], ports: [port], resolution: Resolution.DNS,
  });

  /** Another Service in front of the same pods. */
  const OTHER_SERVICE = { serviceName: 'second' };

  test('may not have different protocols at a port, because Istio drops the second', () => {
    dependency('One', ServicePort.http(80)).leaveVia(new EgressGateway(chart, 'A', { mutualTls: false }));
    const second = new EgressGateway(chart, 'B', OTHER_SERVICE);
    expect(errorOf(() => dependency('Two', ServicePort.http(80)).leaveVia(second))).toMatch(
      /^chart\/Two: port 80 of the gateway \{"istio":"egressgateway"\} has protocol HTTP for chart\/A, and Istio drops the second protocol on a port, which is HTTPS for chart\/B; /,
    );
  });

  test('share a port with one protocol', () => {
    dependency('One', ServicePort.http(80)).leaveVia(new EgressGateway(chart, 'A'));
    dependency('Two', ServicePort.http(80)).leaveVia(new EgressGateway(chart, 'B', OTHER_SERVICE));
    expect(manifests(chart).filter(({ kind }) => kind === 'Gateway')).toHaveLength(2);
  });
});

describe('weights whose sum Envoy cannot hold', () => {
  const MOST = 2147483647;
  const weights = (service: MeshService) => ['v1', 'v2', 'v3'].map((name, i) => (
    { target: service.addSubset(name, { labels: { version: name } }), weight: i < 2 ? MOST : 5 }));

  test('are an error of a route of requests', () => {
    const service = catalogOf();
    expect(errorOf(() => new TrafficRoute(chart, 'Route', { service, targets: weights(service) })))
      .toMatch(/^chart\/Route: targets .*weights of 4294967299 in total, more than 4294967295/);
  });

  test('are an error of a route of connections', () => {
    const service = new MeshService(chart, 'Database', { name: 'database', ports: [ServicePort.tcp(5432)] });
    expect(errorOf(() => new TcpRoute(chart, 'Route', { service, targets: weights(service) })))
      .toMatch(/^chart\/Route: targets .*weights of 4294967299 in total, more than 4294967295/);
  });
});

test('what takes a place in the tree says so if it gets none', () => {
  const untyped = [Origins.record, MeshEnvironment.around] as unknown as ((...given: unknown[]) => unknown)[];
  for (const call of untyped) {
    expect(errorOf(() => call())).toMatch(/scope is missing|scope is undefined/);
    expect(errorOf(() => call('x'))).toMatch(/scope is 'x'/);
  }
});
