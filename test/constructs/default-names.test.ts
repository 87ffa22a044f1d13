import { Chart, Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { errorOf } from '../error-of';
import type { Manifest } from '../manifests';
import { manifests, newChart } from '../manifests';
import {
  AccessLogging, CanaryRelease, DarkLaunch, EgressPolicy, ExternalDependency, FaultInjection, IngressGateway, MeshService,
  OutboundTrafficMode, PolicyScope,
  PublicHost, Resolution, ServicePort, StringMatch, TrafficRoute,
} from 'cdk8s-istio';

/** What a platform team hands out: everything that its services have, without a name. */
class WebService extends Construct {
  constructor(scope: Construct, id: string, app: string) {
    super(scope, id);
    const workload = PolicyScope.workload({ app });
    new EgressPolicy(this, 'Egress', { scope: workload, mode: OutboundTrafficMode.REGISTRY_ONLY });
    new AccessLogging(this, 'Logs', { scope: workload, providers: ['envoy'] });
    new ExternalDependency(this, 'Payments', {
      hosts: [`${app}.payments.example.com`],
      ports: [ServicePort.https(443)],
      resolution: Resolution.DNS,
    });
    const gateway = new IngressGateway(this, 'Gateway', { selector: { app } });
    const service = new MeshService(this, 'Service', { name: app, ports: [ServicePort.http(80)] });
    service.exposeVia(new PublicHost(this, 'Host', { gateway, host: `${app}.example.com` }));
  }
}

const names = (made: readonly Manifest[]) => made.map(({ kind, metadata: { name } }) => `${kind} ${name}`);

let chart: Chart;
beforeEach(() => { chart = newChart(); });

test('two wrappers in one chart render objects of different names, each after its path below the chart', () => {
  new WebService(chart, 'Catalog', 'catalog');
  new WebService(chart, 'WebShop', 'shop');
  const byDefault = (name: string) => !/^(VirtualService|DestinationRule) /.test(name);
  expect(names(manifests(chart)).filter(byDefault).sort()).toEqual([
    'Gateway catalog-gateway', 'Gateway web-shop-gateway', 'ServiceEntry catalog-payments', 'ServiceEntry web-shop-payments',
    'Sidecar catalog-egress', 'Sidecar web-shop-egress', 'Telemetry catalog-logs', 'Telemetry web-shop-logs',
  ]);
});

test('a name stays when a sibling appears, whatever the order', () => {
  const namesOf = (...ids: string[]) => {
    const other = newChart();
    for (const id of ids) new WebService(other, id, id.toLowerCase());
    return names(manifests(other)).filter(name => name.includes(' catalog-')).sort();
  };
  expect(namesOf('Orders', 'Catalog')).toEqual(namesOf('Catalog'));
  expect(namesOf('Catalog', 'Orders')).toEqual(namesOf('Catalog'));
});

test('a direct child of the chart is named after its id, and names leave the chart out', () => {
  new EgressPolicy(chart, 'Egress', { scope: PolicyScope.workload({ app: 'a' }), mode: OutboundTrafficMode.ALLOW_ANY });
  const inner = new Chart(chart, 'inner', { namespace: 'orders' });
  new WebService(inner, 'Default', 'b');
  expect(names(chart.toJson() as Manifest[])).toEqual(['Sidecar egress']);
  expect(names(inner.toJson() as Manifest[])).toContain('Sidecar egress');
});

test('routes, dark launches, conditions and cookies of two wrappers on one service have different names', () => {
  const service = new MeshService(chart, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)] });
  const [v1, v2] = ['v1', 'v2'].map(version => service.addSubset(version, { labels: { version } }));
  service.routeDefaultTo(v1);
  const treat = (team: string) => {
    const at = new Construct(chart, team);
    const matches = [{ headers: { 'x-team': StringMatch.exact(team) } }];
    const route = new TrafficRoute(at, 'Items', { service, matches: [{ uri: StringMatch.prefix(`/${team}`) }] });
    new DarkLaunch(at, 'Internal', { service, matches, target: v2 });
    new FaultInjection(at, 'Slow', {
      service,
      route,
      matches: [{ method: StringMatch.exact('GET') }],
      delay: { fixedDelay: Duration.seconds(1), percentage: 1 },
    });
    new CanaryRelease(at, 'Canary', { service, route, stable: v1, canary: v2, canaryPercent: 5, stickyCookie: { ttl: Duration.hours(1) } });
  };
  treat('Blue');
  treat('Green');
  const routes = manifests(chart).find(({ kind }) => kind === 'VirtualService')!.spec.http as { name: string }[];
  expect(new Set(routes.map(({ name }) => name)).size).toBe(routes.length);
  expect(routes.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^blue-items/),
      expect.stringMatching(/^green-items/),
      expect.stringContaining('green-internal'),
    ]),
  );
});

test('a path that is too long for a name is an error, which asks for one', () => {
  const wrapper = new Construct(new Construct(chart, 'a'.repeat(130)), 'b'.repeat(130));
  expect(errorOf(() => new IngressGateway(wrapper, 'Gateway'))).toMatch(/name 'a+-b+-gateway'.*63/);
});
