import type { Chart } from 'cdk8s';
import { Duration } from 'cdk8s';
import { find, newChart } from '../manifests';
import {
  CircuitBreakerPolicy, ClientTls, ClientTlsSettings, ConsistentHash, ExternalDependency, HashTable, LoadBalancerAlgorithm,
  LoadBalancerPolicy, MeshService,
  ProxyProtocol, ProxyProtocolVersion, Resolution, ServicePort, Tunnel, TunnelProtocol,
} from 'cdk8s-istio';

let chart: Chart;
const ruleOf = (name: string, scope = chart) => find(scope, 'DestinationRule', name).spec;

beforeEach(() => {
  chart = newChart();
});

function newService(scope: Chart, ports = [ServicePort.http(80), ServicePort.tcp(5432)]): MeshService {
  const service = new MeshService(scope, 'Catalog', { name: 'catalog', ports });
  for (const version of ['v1', 'v2']) service.addSubset(version, { labels: { version } });
  return service;
}

test('a tunnel is repeated in every subset, because Istio does not inherit it', () => {
  const proxy = newService(chart);
  new Tunnel(chart, 'Tunnel', { service: proxy, targetHost: 'db.example.com', targetPort: 5432 });
  new Tunnel(chart, 'Other', {
    service: proxy,
    subset: proxy.subset('v2'),
    targetHost: '10.0.0.1',
    targetPort: 5432,
    protocol: TunnelProtocol.POST,
  });
  const tunnel = { protocol: 'CONNECT', targetHost: 'db.example.com', targetPort: 5432 };
  expect(ruleOf('catalog').trafficPolicy).toEqual({ tunnel });
  expect(ruleOf('catalog').subsets).toEqual([
    { name: 'v1', labels: { version: 'v1' }, trafficPolicy: { tunnel } },
    { name: 'v2', labels: { version: 'v2' }, trafficPolicy: { tunnel: { protocol: 'POST', targetHost: '10.0.0.1', targetPort: 5432 } } },
  ]);
});

test('the inherited fields of a port and a subset are repeated next to their own', () => {
  const catalog = newService(chart);
  new LoadBalancerPolicy(chart, 'Balance', { service: catalog, algorithm: LoadBalancerAlgorithm.RANDOM });
  new ClientTls(chart, 'Tls', { service: catalog, port: 80, tls: ClientTlsSettings.disable() });
  new LoadBalancerPolicy(chart, 'Canary', {
    service: catalog,
    subset: catalog.subset('v2'),
    consistentHash: ConsistentHash.sourceIp({ table: HashTable.maglev({ tableSize: 3 }) }),
  });
  expect(ruleOf('catalog').trafficPolicy).toEqual({
    loadBalancer: { simple: 'RANDOM' },
    portLevelSettings: [{ port: { number: 80 }, loadBalancer: { simple: 'RANDOM' }, tls: { mode: 'DISABLE' } }],
  });
  const loadBalancer = { consistentHash: { useSourceIp: true, maglev: { tableSize: 3 } } };
  expect(ruleOf('catalog').subsets[1].trafficPolicy).toEqual({
    loadBalancer, portLevelSettings: [{ port: { number: 80 }, loadBalancer, tls: { mode: 'DISABLE' } }],
  });
});

test('the order of policies has no effect', () => {
  const statements: ((scope: Chart, service: MeshService) => void)[] = [
    (scope, service) => new LoadBalancerPolicy(scope, 'A', { service, warmup: { duration: Duration.seconds(3), aggression: 2 } }),
    (scope, service) =>
      new LoadBalancerPolicy(scope, 'B', { service, subset: service.subset('v1'), locality: { failoverPriority: ['version'] } }),
    (scope, service) => new ClientTls(scope, 'C', { service, subset: service.subset('v1'), tls: ClientTlsSettings.istioMutual() }),
    (scope, service) => new ProxyProtocol(scope, 'D', { service, version: ProxyProtocolVersion.V1 }),
    (scope, service) =>
      new CircuitBreakerPolicy(scope, 'E', { service, retryBudget: { percent: 7 }, outlierDetection: { maxEjectionPercent: 50 } }),
  ];
  const rendered = [statements, [...statements].reverse(), [...statements.slice(2), ...statements.slice(0, 2)]].map(all => {
    const scope = newChart();
    const service = newService(scope);
    all.forEach(state => state(scope, service));
    return JSON.stringify(ruleOf('catalog', scope));
  });
  expect(new Set(rendered).size).toBe(1);
});

test('TLS origination and a circuit breaker are combined in the settings of the port, in any order', () => {
  const rules = [true, false].map(first => {
    const scope = newChart();
    const api = new ExternalDependency(scope, 'Api', {
      hosts: ['api.example.com'],
      ports: [ServicePort.http(80, { targetPort: 443 })],
      resolution: Resolution.DNS,
    });
    if (first) api.originateTls({ port: 80 });
    new CircuitBreakerPolicy(scope, 'Breaker', { service: api, connectionPool: { maxConnections: 1 } });
    if (!first) api.originateTls({ port: 80 });
    return ruleOf('api', scope).trafficPolicy;
  });
  expect(rules[0].portLevelSettings).toEqual([
    { port: { number: 80 }, connectionPool: { tcp: { maxConnections: 1 } }, tls: { mode: 'SIMPLE' } },
  ]);
  expect(rules[1]).toEqual(rules[0]);
});

test('the policies and routes of a service are exported to the same namespaces as the service', () => {
  const web = new MeshService(chart, 'Web', { name: 'web', ports: [ServicePort.http(80)], exportTo: ['.', 'istio-system'] });
  web.routeDefaultTo(web.addSubset('v1', { labels: { version: 'v1' } }));
  expect(ruleOf('web').exportTo).toEqual(['.', 'istio-system']);
  expect(find(chart, 'VirtualService', 'web').spec.exportTo).toEqual(['.', 'istio-system']);
});

test('the summary lists them', () => {
  const catalog = newService(chart, [ServicePort.http(80)]);
  new LoadBalancerPolicy(chart, 'Balance', { service: catalog, locality: { distribute: [{ from: 'a', to: { b: 40, c: 60 } }] } });
  new ClientTls(chart, 'Tls', { service: catalog, tls: ClientTlsSettings.simple({ subjectAltNames: ['x.example.com', 'y.example.com'] }) });
  expect(catalog.summary()).toContain(`catalog.shop.svc.cluster.local (ports 80 HTTP)
  from the mesh: all endpoints (no routes, Istio's default)
  subset v1: version=v1
  subset v2: version=v2
  policies, per calling proxy and per cluster (one per subset):
    loadBalancer: distribute [from a, b 40, c 60]
    tls: mode SIMPLE, subjectAltNames [x.example.com; y.example.com]`);
});
