import { ApiObject, App, Chart, Duration } from 'cdk8s';
import { errorOf } from '../error-of';
import {
  AccessAction, AccessPolicy, Audience, Caller, CanaryRelease, CircuitBreakerPolicy, DarkLaunch, Delegation, EgressGateway, EgressPolicy,
  EgressTarget, ExternalDependency, IngressGateway, MeshEnvironment, MeshService, MirroredService, OutboundTrafficMode, PolicyScope,
  PublicHost, RequestPolicy, Resolution, ServicePort, StringMatch, TcpRoute, TokenAuthentication, TrafficDefaults, TrafficRoute,
  WorkloadAccess,
} from 'cdk8s-istio';

const http = [ServicePort.http(80)];
const timeout = Duration.seconds(1);

/** One of each construct that others take. */
function environment(name: string) {
  const chart = new Chart(new MeshEnvironment({ name, namespace: 'shop' }), 'shop', { namespace: 'shop' });
  const service = new MeshService(chart, 'Catalog', { name: 'catalog', ports: http, selector: { app: 'catalog' } });
  const v1 = service.addSubset('v1', { labels: { version: 'v1' } });
  service.routeDefaultTo(v1);
  const gateway = new IngressGateway(chart, 'Gateway');
  const host = new PublicHost(chart, 'Host', { gateway, host: 'shop.example.com' });
  service.exposeVia(host);
  const egress = new EgressGateway(chart, 'Egress');
  const api = new ExternalDependency(chart, 'Api', { hosts: ['api.example.com'], ports: http, resolution: Resolution.DNS });
  api.leaveVia(egress);
  const route = new TrafficRoute(chart, 'Items', { service, matches: [{ uri: StringMatch.prefix('/items') }] });
  const internal = [{ headers: { 'x-internal': StringMatch.present() } }];
  const cohort = new DarkLaunch(chart, 'Internal', { service, target: service.addSubset('v2', { labels: { version: 'v2' } }), matches: internal });
  const deployment = new ApiObject(chart, 'Deployment', {
    apiVersion: 'apps/v1', kind: 'Deployment', spec: { selector: { matchLabels: { app: 'catalog' } } },
  });
  return { chart, service, v1, gateway, host, egress, api, route, cohort, deployment };
}

type Made = ReturnType<typeof environment>;

test.each<[string, (prod: Made, dev: Made) => unknown]>([
  ['requests', ({ chart }, { service }) => new RequestPolicy(chart, 'X', { service, timeout })],
  ['requests of a route', ({ chart, service }, { route }) => new RequestPolicy(chart, 'X', { service, route, timeout })],
  ['requests of a dark launch', ({ chart, service }, { cohort }) => new RequestPolicy(chart, 'X', { service, cohort, timeout })],
  ['a subset', ({ chart, service }, { v1 }) =>
    new CircuitBreakerPolicy(chart, 'X', { service, subset: v1, connectionPool: { maxConnections: 1 } })],
  ['a split', ({ chart, service, v1 }, dev) => new CanaryRelease(chart, 'X', { service, stable: v1, canary: dev.v1, canaryPercent: 1 })],
  ['a mirror', ({ chart, service }, { v1 }) => new MirroredService(chart, 'X', { service, mirror: v1 })],
  ['connections', ({ chart }, { service }) => new TcpRoute(chart, 'X', { service, target: service })],
  ['a default subset', ({ service }, { v1 }) => service.routeDefaultTo(v1)],
  ['an exposure', ({ service }, { host }) => service.exposeVia(host)],
  ['a host', ({ chart }, { gateway }) => new PublicHost(chart, 'X', { gateway, host: 'other.example.com' })],
  ['a delegation', ({ chart }, { host }) => new Delegation(chart, 'X', { publicHost: host, namespace: 'team', pathPrefix: '/x' })],
  ['an egress gateway', ({ api }, { egress }) => api.leaveVia(egress)],
  ['callers', ({ chart }, { service }) => new WorkloadAccess(chart, 'X', { service, callers: [Caller.anyWorkload()] })],
  ['clients of a gateway', ({ chart }, { gateway }) =>
    new WorkloadAccess(chart, 'X', { gateway, action: AccessAction.deny(), ipBlocks: ['192.0.2.1'] })],
  ['callers of an egress gateway', ({ chart }, { egress }) =>
    new WorkloadAccess(chart, 'X', { service: egress, callers: [Caller.namespace('shop')] })],
  ['tokens', ({ chart }, { service }) => new TokenAuthentication(chart, 'X', { service, issuer: 'a' })],
])('a statement of prod about %s of dev is an error that names both environments', (_, state) => {
  const [prod, dev] = ['prod', 'dev'].map(environment);
  const before = JSON.stringify(dev.chart.toJson());
  expect(errorOf(() => state(prod, dev))).toMatch(/^environment 'prod': shop\/\w+: \w+ is 'shop\/\w+' of environment 'dev'; use the one in the App/);
  expect(JSON.stringify(dev.chart.toJson())).toBe(before);
});

test('an audience of dev is an error in prod, although its host has the same name', () => {
  const [prod, dev] = ['prod', 'dev'].map(environment);
  expect(errorOf(() => new RequestPolicy(prod.chart, 'X', { service: prod.service, timeout, audiences: [Audience.publicHost(dev.host)] })))
    .toBe("environment 'prod': shop/X: an audience is 'shop/Host' of environment 'dev'; use the public host in the App of this construct");
});

test('the pods of a Deployment of dev are an error in prod', () => {
  const [prod, dev] = ['prod', 'dev'].map(environment);
  expect(errorOf(() => new EgressPolicy(prod.chart, 'X', { scope: PolicyScope.podsOf(dev.deployment), mode: OutboundTrafficMode.ALLOW_ANY })))
    .toBe("environment 'prod': shop/X: the workload of the scope is 'shop/Deployment' of environment 'dev'; use the labels of its pods");
});

test.each<[string, (made: Made) => EgressTarget]>([
  ['a service', ({ service }) => EgressTarget.service(service)], ['a dependency', ({ api }) => EgressTarget.dependency(api)],
])('%s of dev is an error in the egress policy of prod', (_, target) => {
  const [prod, dev] = ['prod', 'dev'].map(environment);
  expect(errorOf(() => new EgressPolicy(prod.chart, 'X', { scope: PolicyScope.namespace(), allow: [target(dev)] }))).toMatch(
    /^environment 'prod': shop\/X: a target in allow is 'shop\/\w+' of environment 'dev'; use the one in the App of this construct/,
  );
});

test('the Service of dev is an error in prod', () => {
  const [prod, dev] = ['prod', 'dev'].map(environment);
  const service = new ApiObject(dev.chart, 'Service', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'x' }, ...{ spec: { ports: [{ port: 80 }] } } });
  expect(errorOf(() => MeshService.fromService(prod.chart, 'X', service))).toBe("environment 'prod': shop/X: service is 'shop/Service' of environment 'dev'; "
    + 'use a Service of the App of this construct, or MeshService.fromName() for a target');
});

test('a plain App is another App', () => {
  const dev = environment('dev');
  const chart = new Chart(new App(), 'shop', { namespace: 'shop' });
  expect(errorOf(() => MeshService.fromService(chart, 'X', dev.deployment))).toContain("shop/X: service is 'shop/Deployment' of environment 'dev'");
  const plain = new MeshService(chart, 'Catalog', { name: 'catalog', ports: http });
  expect(errorOf(() => new EgressPolicy(dev.chart, 'X', { scope: PolicyScope.namespace(), allow: [EgressTarget.service(plain)] })))
    .toContain("environment 'dev': shop/X: a target in allow is 'shop/Catalog' of another App");
});

test('what dev sets for its mesh or namespace leaves prod alone', () => {
  const [prod, dev] = ['prod', 'dev'].map(environment);
  const before = JSON.stringify(prod.chart.toJson());
  new TrafficDefaults(dev.chart, 'Defaults', { scope: PolicyScope.mesh(), timeout });
  new AccessPolicy(dev.chart, 'Closed', { scope: PolicyScope.namespace(), denyByDefault: true, callers: [Caller.gateway('gateway')] });
  expect(JSON.stringify(dev.chart.toJson())).not.toBe(before);
  expect(JSON.stringify(prod.chart.toJson())).toBe(before);
});
