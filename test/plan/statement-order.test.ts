import { App, Chart, Duration } from 'cdk8s';
import * as fc from 'fast-check';
import {
  AccessAction, AccessCondition, AccessLogging, AccessPolicy, Audience, Caller, CanaryRelease, CircuitBreakerPolicy, ClientTls,
  ClientTlsSettings, DarkLaunch, Delegation, EgressGateway, EgressPolicy, EgressTarget, ExternalDependency, FaultInjection, IngressGateway,
  LoadBalancerAlgorithm, LoadBalancerPolicy, MeshService, MirroredService, MutualTlsMode, OutboundTrafficMode, PolicyScope, PublicHost,
  RequestPolicy, Resolution, ServicePort, StringMatch, TcpRoute, TokenAuthentication, Tracing, TrafficDefaults, TrafficRoute,
  WorkloadAccess,
} from 'cdk8s-istio';

/** What statements are about. */
interface Nouns {
  readonly chart: Chart;
  readonly catalog: MeshService;
  readonly host: PublicHost;
  readonly gateway: IngressGateway;
  readonly egress: EgressGateway;
  readonly api: ExternalDependency;
}

type Statement = (nouns: Nouns, id: string) => void;

const header = (name: string) => [{ headers: { [name]: StringMatch.exact('1') } }];
const mesh = PolicyScope.mesh();
const shop = PolicyScope.namespace();
const pods = PolicyScope.workload({ app: 'catalog' });

const STATEMENTS: { readonly [id: string]: Statement } = {
  Expose: ({ catalog, host }) => catalog.exposeVia(host, { port: 80 }),
  Default: ({ catalog }) => catalog.routeDefaultTo(catalog.subset('v1')),
  Canary: ({ chart, catalog }, id) =>
    new CanaryRelease(chart, id, { service: catalog, stable: catalog.subset('v1'), canary: catalog.subset('v2'), canaryPercent: 10 }),
  Dark: ({ chart, catalog }, id) =>
    new DarkLaunch(chart, id, { service: catalog, target: catalog.subset('v3'), matches: header('x-staff') }),
  Mirror: ({ chart, catalog }, id) => new MirroredService(chart, id, { service: catalog, mirror: catalog.subset('v3') }),
  Items: ({ chart, catalog }, id) => new TrafficRoute(chart, id, { service: catalog, matches: [{ uri: StringMatch.prefix('/items') }] }),
  Reports: ({ chart, catalog }, id) =>
    new TrafficRoute(chart, id, { service: catalog, matches: [{ uri: StringMatch.prefix('/items/reports') }] }),
  InTime: ({ chart, catalog }, id) => new RequestPolicy(chart, id, { service: catalog, timeout: Duration.seconds(2) }),
  Debug: ({ chart, catalog }, id) =>
    new RequestPolicy(chart, id, { service: catalog, matches: header('x-debug'), timeout: Duration.minutes(1) }),
  Fault: ({ chart, catalog }, id) =>
    new FaultInjection(chart, id, { service: catalog, abort: { httpStatus: 503, percentage: 1 }, audiences: [Audience.mesh()] }),
  Breaker: ({ chart, catalog }, id) => new CircuitBreakerPolicy(chart, id, { service: catalog, connectionPool: { maxConnections: 1 } }),
  BreakerOfPort: ({ chart, catalog }, id) =>
    new CircuitBreakerPolicy(chart, id, { service: catalog, port: 80, connectionPool: { maxRetries: 1 } }),
  Balancer: ({ chart, catalog }, id) => new LoadBalancerPolicy(chart, id, { service: catalog, algorithm: LoadBalancerAlgorithm.RANDOM }),
  Tcp: ({ chart, catalog }, id) =>
    new TcpRoute(chart, id, { service: catalog, matches: [{ sourceNamespace: 'x' }], target: catalog.subset('v2') }),
  Tls: ({ chart, catalog }, id) =>
    new ClientTls(chart, id, { service: catalog, port: 8080, tls: ClientTlsSettings.simple({ caCertificates: '/ca.pem' }) }),
  TlsOfSubset: ({ chart, catalog }, id) =>
    new ClientTls(chart, id, { service: catalog, subset: catalog.subset('v2'), tls: ClientTlsSettings.istioMutual() }),
  Again: ({ chart, catalog }, id) => new RequestPolicy(chart, id, { service: catalog, retries: { attempts: 3 } }),
  TeamA: ({ chart, host }, id) =>
    new Delegation(chart, id, { publicHost: host, namespace: 'a', pathPrefix: '/team-a', ownedElsewhere: true }),
  TeamB: ({ chart, host }, id) =>
    new Delegation(chart, id, { publicHost: host, namespace: 'b', pathPrefix: '/team-b', ownedElsewhere: true }),
  ApiInTime: ({ chart, api }, id) => new RequestPolicy(chart, id, { service: api, timeout: Duration.seconds(3) }),
  ApiBreaker: ({ chart, api }, id) => new CircuitBreakerPolicy(chart, id, { service: api, connectionPool: { maxConnections: 2 } }),
  Leavers: ({ chart, egress }, id) => new WorkloadAccess(chart, id, { service: egress, callers: [Caller.namespace('web')] }),
  MoreLeavers: ({ chart, egress }, id) => new WorkloadAccess(chart, id, { service: egress, callers: [Caller.namespace('jobs')] }),
  Readers: ({ chart, catalog }, id) =>
    new WorkloadAccess(chart, id, { service: catalog, callers: [Caller.namespace('web'), Caller.gateway('gateway')] }),
  Permissive: ({ chart, catalog }, id) => new WorkloadAccess(chart, id, { service: catalog, mode: MutualTlsMode.PERMISSIVE }),
  NoAdmin: ({ chart, catalog }, id) =>
    new WorkloadAccess(chart, id, { service: catalog, action: AccessAction.deny(), paths: [StringMatch.prefix('/admin')] }),
  NoDeletes: ({ chart, catalog }, id) =>
    new WorkloadAccess(chart, id, { service: catalog, action: AccessAction.deny(), methods: ['DELETE'], hosts: ['b.example', 'a.example'] }),
  NoReaders: ({ chart, catalog }, id) =>
    new WorkloadAccess(chart, id, { service: catalog, action: AccessAction.deny(), callers: [Caller.namespace('web'), Caller.gateway('gateway')] }),
  Ask: ({ chart, catalog }, id) =>
    new WorkloadAccess(chart, id, { service: catalog, action: AccessAction.custom('opa'), methods: ['PUT'], ports: [80] }),
  AskOther: ({ chart }, id) => new AccessPolicy(chart, id, { scope: shop, action: AccessAction.custom('other') }),
  Tenants: ({ chart, catalog }, id) => new WorkloadAccess(chart, id, {
    service: catalog,
    callers: [Caller.anyone()],
    when: [AccessCondition.claim(['b'], [StringMatch.exact('1')]), AccessCondition.claim(['a'], [StringMatch.exact('2'), StringMatch.exact('1')])],
  }),
  Tokens: ({ chart, catalog }, id) => new TokenAuthentication(chart, id, { service: catalog, issuer: 'b', audiences: ['2', '1'] }),
  OtherTokens: ({ chart, catalog }, id) => new TokenAuthentication(chart, id, { service: catalog, issuer: 'a' }),
  BadTokens: ({ chart, catalog }, id) => new TokenAuthentication(chart, id, { service: catalog, issuer: 'b' }),
  Closed: ({ chart }, id) => new AccessPolicy(chart, id, { scope: shop, denyByDefault: true, callers: [Caller.gateway('gateway')] }),
  NoBatch: ({ chart }, id) => new AccessPolicy(chart, id, { scope: shop, action: AccessAction.deny(), callers: [Caller.namespace('batch')] }),
  NoOthers: ({ chart }, id) => new AccessPolicy(chart, id, { scope: mesh, action: AccessAction.deny(), callers: [Caller.namespace('other')] }),
  MeshTokens: ({ chart }, id) => new TokenAuthentication(chart, id, { scope: mesh, issuer: 'mesh' }),
  Office: ({ chart, gateway }, id) =>
    new WorkloadAccess(chart, id, { gateway, callers: [Caller.anyone()], ipBlocks: ['10.0.0.0/8'] }),
  Shop: ({ chart, gateway }, id) => new WorkloadAccess(chart, id, { gateway, callers: [Caller.anyone()], ipBlocks: ['192.0.2.1'] }),
  MeshDefaults: ({ chart }, id) =>
    new TrafficDefaults(chart, id, { scope: mesh, timeout: Duration.seconds(9), connectionPool: { maxConnections: 9 } }),
  ShopDefaults: ({ chart }, id) =>
    new TrafficDefaults(chart, id, { scope: shop, retries: { attempts: 1 }, accessLogging: { filter: 'true' } }),
  ChartDefaults: ({ chart }, id) => new TrafficDefaults(chart, id, { outlierDetection: { maxEjectionPercent: 50 }, accessLogging: {} }),
  MeshAccess: ({ chart }, id) => new AccessPolicy(chart, id, { scope: mesh, mode: MutualTlsMode.PERMISSIVE }),
  ShopAccess: ({ chart }, id) => new AccessPolicy(chart, id, { scope: shop, mode: MutualTlsMode.PERMISSIVE }),
  MeshLogs: ({ chart }, id) => new AccessLogging(chart, id, { scope: mesh }),
  ShopLogs: ({ chart }, id) => new AccessLogging(chart, id, { scope: shop }),
  PodLogs: ({ chart }, id) => new AccessLogging(chart, id, { scope: pods, disabled: true }),
  MeshTraces: ({ chart }, id) => new Tracing(chart, id, { scope: mesh, provider: 'zipkin' }),
  MeshEgress: ({ chart }, id) => new EgressPolicy(chart, id, { scope: mesh, mode: OutboundTrafficMode.REGISTRY_ONLY }),
  ShopEgress: ({ chart }, id) => new EgressPolicy(chart, id, { scope: shop, allow: [EgressTarget.namespace('data')] }),
  MoreEgress: ({ chart }, id) => new EgressPolicy(chart, id, { scope: shop, allow: [EgressTarget.namespace('mail')] }),
};

/** Statements that contradict others. */
const CONTRADICTING = ['Default', 'NoReaders', 'AskOther', 'BadTokens'];

/** What the App renders, and its summary; the error, if the statements contradict each other. */
function rendered(ids: readonly string[]): string {
  const app = new App();
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  const catalog = new MeshService(chart, 'Catalog', {
    name: 'catalog', ports: [ServicePort.http(80), ServicePort.http(8080), ServicePort.tcp(5432)], selector: { app: 'catalog' },
  });
  for (const version of ['v1', 'v2', 'v3']) catalog.addSubset(version, { labels: { version } });
  const gateway = new IngressGateway(chart, 'Gateway');
  const host = new PublicHost(chart, 'Host', { gateway, host: 'shop.example.com' });
  new MeshService(chart, 'Other', { name: 'other', ports: [ServicePort.http(80)], selector: { app: 'other' } }).exposeVia(host, {
    pathPrefix: '/other',
  });
  const egress = new EgressGateway(chart, 'Egress');
  const api = new ExternalDependency(chart, 'Api', { hosts: ['api.example.com'], ports: [ServicePort.http(80)], resolution: Resolution.DNS });
  api.leaveVia(egress);
  for (const id of ids) STATEMENTS[id]({ chart, catalog, host, gateway, egress, api }, id);
  return JSON.stringify([chart.toJson(), catalog.summary()]);
}

test('statements render the same bytes in any order, document by document', () => {
  const all = Object.keys(STATEMENTS);
  const composing = all.filter(id => !CONTRADICTING.includes(id));
  fc.assert(fc.property(fc.oneof(fc.shuffledSubarray(all), fc.shuffledSubarray(composing)), ids => {
    const sorted = [...ids].sort();
    let expected: string;
    try {
      expected = rendered(sorted);
    } catch {
      expect(() => rendered(ids)).toThrow();
      return;
    }
    expect(rendered(ids)).toBe(expected);
  }), { numRuns: 300 });
  expect(JSON.parse(rendered(composing))[0].length).toBeGreaterThan(10);
});
