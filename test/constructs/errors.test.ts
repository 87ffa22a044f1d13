import type { Chart } from 'cdk8s';
import { Duration } from 'cdk8s';
import { errorOf } from '../error-of';
import { manifests, newChart } from '../manifests';
import type { EgressTarget } from 'cdk8s-istio';
import {
  Audience, CanaryRelease, CircuitBreakerPolicy, DarkLaunch, EgressPolicy, IngressGateway, Listener, MeshService, MirroredService,
  OutboundTrafficMode, PolicyScope, PublicHost, RequestPolicy, ServicePort, StringMatch, TrafficRoute,
} from 'cdk8s-istio';

let chart: Chart;
let catalog: MeshService;
const v = (n: number) => catalog.subset(`v${n}`);
const header = (name: string, value: StringMatch) => [{ headers: { [name]: value } }];

beforeEach(() => {
  chart = newChart();
  catalog = new MeshService(chart, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)] });
  for (const n of [1, 2, 3]) catalog.addSubset(`v${n}`, { labels: { version: `v${n}` } });
});

const atSynth = () => errorOf(() => manifests(chart));

describe('at the call, with the construct path', () => {
  test('a policy for no service, as programs without types may make', () => {
    expect(errorOf(() => new CircuitBreakerPolicy(chart, 'Breaker', { service: undefined as unknown as MeshService, connectionPool: { maxConnections: 1 } })))
      .toBe('chart/Breaker: service is missing; state the MeshService or ExternalDependency that it is about');
  });

  test('two canaries of one service name both', () => {
    const canary = (id: string) => new CanaryRelease(chart, id, { service: catalog, stable: v(1), canary: v(2), canaryPercent: 10 });
    canary('First');
    expect(errorOf(() => canary('Second'))).toBe('chart/Second: the canary of service \'catalog.shop.svc.cluster.local\' is already stated by chart/First; '
      + 'keep one, or give them different audiences');
  });

  test('two canaries of one route name both and the route', () => {
    const route = new TrafficRoute(chart, 'Items', { service: catalog, matches: [{ uri: StringMatch.prefix('/items') }] });
    const canary = (id: string) => new CanaryRelease(chart, id, { service: catalog, route, stable: v(1), canary: v(2), canaryPercent: 10 });
    canary('First');
    expect(errorOf(() => canary('Second'))).toMatch(/^chart\/Second: the canary of route chart\/Items is already stated by chart\/First; /);
  });

  test('canaryPercent 150', () => {
    expect(errorOf(() => new CanaryRelease(chart, 'Canary', { service: catalog, stable: v(1), canary: v(2), canaryPercent: 150 })))
      .toBe('chart/Canary: canaryPercent is 150; use a percentage from 0 to 100');
  });

  test('a regex that RE2 rejects', () => {
    expect(errorOf(() => new TrafficRoute(chart, 'Route', { service: catalog, matches: [{ uri: StringMatch.regex('/(?=a).*') }] })))
      .toMatch(/^chart\/Route: matches\[0\]\.uri '\/\(\?=a\)\.\*' is not a valid RE2 regex \(.*\); RE2 supports neither look-around nor back-references$/);
  });

  test('a policy on a service that is only named', () => {
    const named = MeshService.fromName(chart, 'Named', { name: 'legacy', port: 80 });
    expect(errorOf(() => new CircuitBreakerPolicy(chart, 'Breaker', { service: named, connectionPool: { maxConnections: 1 } })))
      .toMatch(/^chart\/Breaker: the service comes from MeshService\.fromName\(\), which serves as a target only; state policies where/);
  });

  test('two owners of a host on one gateway', () => {
    const gateway = (id: string) => new IngressGateway(chart, id, { selector: { istio: 'ingressgateway' } });
    new PublicHost(chart, 'One', { gateway: gateway('G1'), host: 'shop.example.com' });
    expect(errorOf(() => new PublicHost(chart, 'Two', { gateway: gateway('G2'), host: 'shop.example.com' })))
      .toBe('chart/Two: the host \'shop.example.com\' on the gateway {"istio":"ingressgateway"} is already taken by chart/One; describe each public host once, and pass it on');
  });

  test('a condition on the caller, stated for a gateway', () => {
    const host = new PublicHost(chart, 'Host', { gateway: new IngressGateway(chart, 'Gateway'), host: 'shop.example.com' });
    expect(errorOf(() => new TrafficRoute(chart, 'Route', {
      service: catalog, matches: [{ sourceLabels: { app: 'web' } }], audiences: [Audience.publicHost(host)],
    }))).toBe('chart/Route: sourceLabels cannot be met at the gateway of shop.example.com, which knows nothing of the calling workload; '
      + 'leave the condition out, or limit the statement to Audience.mesh()');
  });

  test('two egress policies that disagree on a scope', () => {
    new EgressPolicy(chart, 'Closed', { scope: PolicyScope.mesh(), mode: OutboundTrafficMode.REGISTRY_ONLY });
    expect(errorOf(() => new EgressPolicy(chart, 'Open', { scope: PolicyScope.mesh(), mode: OutboundTrafficMode.ALLOW_ANY })))
      .toBe('chart/Open: mode ALLOW_ANY for the mesh disagrees with REGISTRY_ONLY, which chart/Closed states; state one mode a scope, or narrow one of the scopes');
  });

  test('two policies on one field, at one level', () => {
    const breaker = (id: string) => new CircuitBreakerPolicy(chart, id, { service: catalog, connectionPool: { maxConnections: 1 } });
    breaker('A');
    expect(errorOf(() => breaker('B'))).toBe('chart/B: connectionPool.tcp.maxConnections is already stated by chart/A; state it once, or for a subset or port of its own');
  });

  test('two timeouts on the same requests', () => {
    const policy = (id: string) => new RequestPolicy(chart, id, { service: catalog, timeout: Duration.seconds(1) });
    policy('A');
    expect(errorOf(() => policy('B'))).toMatch(/^chart\/B: timeout of these requests is already stated by chart\/A; keep one/);
  });

  test('a service without namespace', () => {
    const bare = newChart(undefined as unknown as string);
    Object.defineProperty(bare, 'namespace', { value: undefined });
    expect(errorOf(() => new MeshService(bare, 'Web', { name: 'web', ports: [ServicePort.http(80)] })))
      .toBe('chart/Web: the service \'web\' has no namespace; state `namespace` here or on the chart');
  });

  test('the same service described twice', () => {
    expect(errorOf(() => new MeshService(chart, 'Again', { name: 'catalog', ports: [ServicePort.http(80)] })))
      .toBe('chart/Again: the service \'catalog.shop.svc.cluster.local\' is already taken by chart/Catalog; describe each service once, and pass it on');
  });

  test.each([
    ['http1MaxPendingRequests', 'connectionPool.http1MaxPendingRequests is 0, which Istio reads as unset (2^32-1), not as "none"; use 1, or omit it'],
    ['maxConnections', 'connectionPool.maxConnections is 0, which Istio reads as unset (2^32-1), not as "none"; use 1, or omit it'],
  ])('%s of zero', (field, message) => {
    expect(errorOf(() => new CircuitBreakerPolicy(chart, 'Breaker', { service: catalog, connectionPool: { [field]: 0 } }))).toBe(`chart/Breaker: ${message}`);
  });

  test.each<[string, () => unknown, RegExp]>([
    ['outlier detection without maxEjectionPercent', () => new CircuitBreakerPolicy(chart, 'X', { service: catalog, outlierDetection: {} as never }), /outlierDetection\.maxEjectionPercent is missing, and Istio's default of 10 % ejects no endpoint if there are fewer than ten; set it/],
    ['an empty breaker', () => new CircuitBreakerPolicy(chart, 'X', { service: catalog }), /neither connectionPool nor outlierDetection nor retryBudget is stated/],
    ['an unknown retry condition', () => new RequestPolicy(chart, 'X', { service: catalog, retries: { attempts: 2, retryOn: ['5xxx'] } }), /retries\.retryOn '5xxx' is neither a status code nor a retry condition of Envoy/],
    ['retries switched off beside other fields', () => new RequestPolicy(chart, 'X', { service: catalog, retries: { attempts: 0, retryOn: ['5xx'] } }), /retries\.attempts is 0 together with retryOn, which Istio rejects/],
    ['a timeout of zero', () => new RequestPolicy(chart, 'X', { service: catalog, timeout: Duration.seconds(0) }), /timeout is 0, which Istio rejects; use at least 1 ms/],
    ['a subset name that is no label', () => catalog.addSubset('V1', { labels: { version: 'v1' } }), /subset name 'V1' is not a DNS label; use at most 63/],
    ['a subset added twice', () => catalog.addSubset('v1', { labels: { version: 'v1' } }), /the subset 'v1' is already there, with labels/],
    ['a header name with a space', () => new TrafficRoute(chart, 'X', { service: catalog, matches: header('x y', StringMatch.present()) }), /matches\[0\].headers 'x y' is not an HTTP header name/],
    ['a path without slash', () => new TrafficRoute(chart, 'X', { service: catalog, matches: [{ uri: StringMatch.exact('items') }] }), /uri 'items' does not start with '\/'/],
    ['a port the service lacks', () => new TrafficRoute(chart, 'X', { service: catalog, matches: [{ port: 8080 }] }), /port 8080 is not an HTTP port of 'catalog.shop.*use one of 80/],
    ['a breaker for a port the service lacks', () => new CircuitBreakerPolicy(chart, 'X', { service: catalog, port: 8080, connectionPool: { maxConnections: 1 } }), /port 8080 is not a port of .*; use one of 80/],
    ['four cookies', () => new TrafficRoute(chart, 'X', { service: catalog, matches: [{ cookies: Object.fromEntries(['a', 'b', 'c', 'd'].map(c => [c, StringMatch.present()])) }] }), /names 4 cookies, and one regex on the cookie header can match at most three; remove the others/],
    ['a dark launch for everybody', () => new DarkLaunch(chart, 'X', { service: catalog, target: v(2), matches: [{}] }), /an alternative without conditions, which every request meets/],
    ['a match list without alternatives', () => new TrafficRoute(chart, 'X', { service: catalog, matches: [] }), /matches is an empty list/],
    ['a canary of itself', () => new CanaryRelease(chart, 'X', { service: catalog, stable: v(1), canary: v(1), canaryPercent: 1 }), /stable and canary are both 'v1'; name two versions/],
    ['a host that is a URL', () => new PublicHost(chart, 'X', { gateway: new IngressGateway(chart, 'G'), host: 'https://shop' }), /host 'https:\/\/shop' is not a host name/],
    ['HTTPS without certificate', () => new IngressGateway(chart, 'X', { listeners: [Listener.https(443, { credentialName: '' })] }), /the listener 'https' has no credentialName; set the name of the Secret with its certificate/],
    ['two listeners on a port', () => new IngressGateway(chart, 'X', { listeners: [Listener.http(80), Listener.http(80, { name: 'again' })] }), /two listeners have the port '80'/],
    ['a mirror share of 101', () => new MirroredService(chart, 'X', { service: catalog, mirror: v(2), percent: 101 }), /percent is 101; use a percentage from 0 to 100/],
    ['an egress policy that says nothing', () => new EgressPolicy(chart, 'X', { scope: PolicyScope.mesh() }), /neither mode nor allow is stated/],
    ['an empty list of what may be called', () => new EgressPolicy(chart, 'X', { scope: PolicyScope.mesh(), allow: [] as EgressTarget[] }), /allow is an empty list/],
  ])('%s', (_, act, message) => {
    const error = errorOf(act);
    expect(error).toMatch(/^chart\/(X|Catalog): /);
    expect(error).toMatch(message);
  });
});

describe('at synth, all errors of a service together', () => {
  test('a subset that nobody added', () => {
    catalog.routeDefaultTo(catalog.subset('v9'));
    expect(atSynth()).toContain('chart/Catalog: the service \'catalog.shop.svc.cluster.local\' has no subset \'v9\'; use one of \'v1\', \'v2\', \'v3\', or add it with addSubset()');
  });

  test('overlapping routes without an order', () => {
    new TrafficRoute(chart, 'ByPath', { service: catalog, matches: [{ uri: StringMatch.prefix('/items') }], target: v(1) });
    new TrafficRoute(chart, 'ByHeader', { service: catalog, matches: header('x-a', StringMatch.exact('1')), target: v(2) });
    expect(atSynth()).toContain('routes chart/ByHeader and chart/ByPath can both match one request, and neither is the narrower; '
      + 'give both a different `priority`, the lower is tried first (in the mesh)');
  });

  test('overlapping cohorts with different targets without an order', () => {
    catalog.routeDefaultTo(v(1));
    new DarkLaunch(chart, 'Staff', { service: catalog, target: v(2), matches: header('x-staff', StringMatch.present()) });
    new DarkLaunch(chart, 'Beta', { service: catalog, target: v(3), matches: header('x-beta', StringMatch.present()) });
    expect(atSynth()).toContain('cohorts chart/Beta and chart/Staff can both match one request');
  });

  test('a priority that contradicts narrowness', () => {
    new TrafficRoute(chart, 'Narrow', { service: catalog, priority: 2, matches: [{ uri: StringMatch.prefix('/items/1') }], target: v(1) });
    new TrafficRoute(chart, 'Wide', { service: catalog, priority: 1, matches: [{ uri: StringMatch.prefix('/items') }], target: v(2) });
    expect(atSynth()).toContain('route chart/Narrow has priority 2 and chart/Wide has 1, but the first is the narrower and would never be reached');
  });

  test('two matches on one header that Istio cannot state together', () => {
    catalog.routeDefaultTo(v(1));
    new TrafficRoute(chart, 'Route', { service: catalog, matches: header('x-a', StringMatch.regex('a.*')) });
    new DarkLaunch(chart, 'Cohort', { service: catalog, target: v(2), matches: header('x-a', StringMatch.regex('.*b')) });
    expect(atSynth()).toContain('route chart/Route and cohort chart/Cohort (to catalog v2) cannot be stated together: '
      + 'Istio holds one condition on headers[\'x-a\'] regex \'a.*\' and regex \'.*b\'; state one of them as exact');
  });

  test('a dark launch that the default undoes', () => {
    new DarkLaunch(chart, 'Dark', { service: catalog, target: v(2), matches: header('x-a', StringMatch.present()) });
    expect(atSynth()).toContain('chart/Dark sends its cohort to \'v2\', but other requests go to the whole service, which includes it, so that it is not dark; '
      + 'call routeDefaultTo() with the subset of everybody else, or state a CanaryRelease (in the mesh)');
  });

  test('a route to a retired subset', () => {
    catalog.retireSubset('v2');
    new CanaryRelease(chart, 'Canary', { service: catalog, stable: v(1), canary: v(2), canaryPercent: 1 });
    expect(atSynth()).toContain('chart/Canary still sends requests to catalog v2, which is retired');
  });

  test('an ejection percentage that ejects nobody, with the smallest that works', () => {
    catalog.addSubset('three', { labels: { version: 'three' }, replicas: 3 });
    new CircuitBreakerPolicy(chart, 'Outlier', { service: catalog, outlierDetection: { maxEjectionPercent: 33 } });
    expect(atSynth()).toContain('outlierDetection.maxEjectionPercent of subset \'three\' is 33 % of 3 endpoints, which ejects none; use 34 or more (stated by chart/Outlier)');
  });

  test('an audience through which the service is not exposed', () => {
    const host = new PublicHost(chart, 'Host', { gateway: new IngressGateway(chart, 'Gateway'), host: 'shop.example.com' });
    new TrafficRoute(chart, 'Route', { service: catalog, matches: header('x', StringMatch.present()), target: v(1), audiences: [Audience.publicHost(host)] });
    expect(atSynth()).toContain('chart/Route names the audience of chart/Host, through which the service is not exposed; call exposeVia()');
  });

  test('several errors of a service at once', () => {
    catalog.routeDefaultTo(catalog.subset('v8'));
    new MirroredService(chart, 'Mirror', { service: catalog, mirror: catalog.subset('v9') });
    const message = atSynth();
    expect(message).toContain('has no subset \'v8\'');
    expect(message).toContain('chart/Mirror: the service \'catalog.shop.svc.cluster.local\' has no subset \'v9\'');
  });

  test('the same text where a manifest is rendered without synth', () => {
    catalog.routeDefaultTo(catalog.subset('v9'));
    expect(errorOf(() => catalog.virtualService.toJson())).toContain('has no subset \'v9\'; use one of');
  });
});
