import { App, Chart } from 'cdk8s';
import { ScopedObject } from '../../src/plan/collect/scoped-object';
import * as product from '../../src/plan/compile/product';
import {
  AccessLogging, CanaryRelease, CircuitBreakerPolicy, DarkLaunch, EgressPolicy, IngressGateway, MeshService, OutboundTrafficMode,
  PolicyScope, PublicHost, ServicePort,
  StringMatch,
} from 'cdk8s-istio';

jest.mock('../../src/plan/compile/product', () => {
  const actual = jest.requireActual('../../src/plan/compile/product');
  return { ...actual, product: jest.fn(actual.product) };
});

const judged = jest.mocked(product.product);

/** Services in half of the charts, each with policies in another chart. */
function platform(services: number, charts: number): Chart[] {
  const app = new App();
  const all = Array.from({ length: charts }, (_, i) => new Chart(app, `chart-${i}`, { namespace: `ns-${i}` }));
  for (let i = 0; i < services; i++) {
    const service = new MeshService(all[i % (charts / 2)], `S${i}`, { name: `s${i}`, ports: [ServicePort.http(80)] });
    const [stable, canary] = ['v1', 'v2'].map(version => service.addSubset(version, { labels: { version } }));
    const elsewhere = all[charts / 2 + (i % (charts / 2))];
    new CanaryRelease(elsewhere, `Canary${i}`, { service, stable, canary, canaryPercent: 10 });
    new DarkLaunch(elsewhere, `Dark${i}`, { service, target: canary, matches: [{ headers: { 'x-a': StringMatch.present() } }] });
    new CircuitBreakerPolicy(elsewhere, `Breaker${i}`, { service, connectionPool: { maxConnections: 1 } });
  }
  return all;
}

describe('the cost of a synth grows with the number of services', () => {
  test('each service is compiled once, in however many charts it and its policies are', () => {
    const charts = platform(300, 20);
    judged.mockClear();
    for (let round = 0; round < 2; round++) for (const chart of charts) chart.toJson();
    expect(judged).toHaveBeenCalledTimes(300);
  });

  test('a later statement recompiles its service, and no other', () => {
    const charts = platform(50, 4);
    charts[0].toJson();
    judged.mockClear();
    const service = charts[0].node.findChild('S0') as MeshService;
    service.addSubset('v3', { labels: { version: 'v3' } });
    for (const chart of charts) chart.toJson();
    expect(judged).toHaveBeenCalledTimes(1);
  });

  test('scopes of workloads are compared with those that share a label, not with all', () => {
    const names = jest.spyOn(ScopedObject.prototype, 'name', 'get');
    const asked = (count: number) => {
      const chart = new Chart(new App(), 'chart', { namespace: 'shop' });
      for (let i = 0; i < count; i++) {
        const scope = PolicyScope.workload({ app: `app-${i}` });
        new EgressPolicy(chart, `Egress${i}`, { scope, mode: OutboundTrafficMode.REGISTRY_ONLY });
        new AccessLogging(chart, `Logs${i}`, { scope });
      }
      names.mockClear();
      chart.toJson();
      chart.toJson();
      return names.mock.calls.length;
    };
    expect(asked(200)).toBeLessThanOrEqual(2 * asked(100));
  });

  test('a public host finds its paths by name', () => {
    const chart = new Chart(new App(), 'chart', { namespace: 'shop' });
    const host = new PublicHost(chart, 'Host', { gateway: new IngressGateway(chart, 'Gateway'), host: 'shop.example.com' });
    const services = Array.from(
      { length: 200 },
      (_, i) => new MeshService(chart, `S${i}`, { name: `s${i}`, ports: [ServicePort.http(80)] }),
    );
    const replace = jest.spyOn(String.prototype, 'replace');
    services.forEach((service, i) => service.exposeVia(host, { pathPrefix: `/${i}` }));
    const calls = replace.mock.calls.length;
    replace.mockRestore();
    expect(calls).toBeLessThan(200 * 10);
  });
});
