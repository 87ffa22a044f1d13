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
  test('a policy without a service, as in untyped programs', () => {
    expect(
      errorOf(
        () =>
          new CircuitBreakerPolicy(chart, 'Breaker', {
            service: undefined as unknown as MeshService,
            connectionPool: { maxConnections: 1 },
          }),
      ),
    )
      .toBe('chart/Breaker: service is missing; use an IOwnedService: MeshService, ExternalDependency, EgressGateway');
  });

  test('two canaries of one service name both', () => {
    const canary = (id: string) => new CanaryRelease(chart, id, { service: catalog, stable: v(1), canary: v(2), canaryPercent: 10 });
    canary('First');
    expect(errorOf(() => canary('Second'))).toBe('chart/Second: the canary of service \'catalog.shop.svc.cluster.local\' is already set '
      + 'by chart/First; remove one of them, or use different audiences');
  });

  test('two canaries of one route name both and the route', () => {
    const route = new TrafficRoute(chart, 'Items', { service: catalog, matches: [{ uri: StringMatch.prefix('/items') }] });
    const canary = (id: string) => new CanaryRelease(chart, id, { service: catalog, route, stable: v(1), canary: v(2), canaryPercent: 10 });
    canary('First');
    expect(errorOf(() => canary('Second'))).toMatch(
      /^chart\/Second: the canary of route chart\/Items is already set by chart\/First; remove one of them, or use different audiences/,
    );
  });

  test('canaryPercent 150', () => {
    expect(errorOf(() => new CanaryRelease(chart, 'Canary', { service: catalog, stable: v(1), canary: v(2), canaryPercent: 150 })))
      .toBe('chart/Canary: canaryPercent is 150; use a percentage from 0 to 100');
  });

  test('a regex that RE2 rejects', () => {
    expect(errorOf(() => new TrafficRoute(chart, 'Route', { service: catalog, matches: [{ uri: StringMatch.regex('/(?=a).*') }] })))
      .toMatch(/^chart\/Route: matches\[0\]\.uri '\/\(\?=a\)\.\*' is not a valid RE2 regex \(.*\); RE2 supports neither look-around nor back-references$/);
  });

  test('a policy on a service from fromName()', () => {
    const named = MeshService.fromName(chart, 'Named', { name: 'legacy', port: 80 });
    // @ts-expect-error: fromName() returns an ITrafficService, and policies take an IOwnedService
    expect(errorOf(() => new CircuitBreakerPolicy(chart, 'Breaker', { service: named, connectionPool: { maxConnections: 1 } })))
      .toMatch(/^chart\/Breaker: the service comes from MeshService\.fromName\(\), which can only be a target; use a service from `new MeshService\(\)` or MeshService\.fromService\(\)/);
  });

  test('two owners of a host on one gateway', () => {
    const gateway = (id: string) => new IngressGateway(chart, id, { selector: { istio: 'ingressgateway' } });
    new PublicHost(chart, 'One', { gateway: gateway('G1'), host: 'shop.example.com' });
    expect(errorOf(() => new PublicHost(chart, 'Two', { gateway: gateway('G2'), host: 'shop.example.com' })))
      .toBe('chart/Two: the host \'shop.example.com\' on the gateway {"istio":"ingressgateway"} is already taken by chart/One; create each public host once, and pass it on');
  });

  test('a condition on the caller for a gateway', () => {
    const host = new PublicHost(chart, 'Host', { gateway: new IngressGateway(chart, 'Gateway'), host: 'shop.example.com' });
    expect(errorOf(() => new TrafficRoute(chart, 'Route', {
      service: catalog, matches: [{ sourceLabels: { app: 'web' } }], audiences: [Audience.publicHost(host)],
    }))).toBe('chart/Route: sourceLabels cannot apply at the gateway of shop.example.com, which does not know the calling workload; omit '
      + 'the condition, or set audiences to Audience.mesh()');
  });

  test('two egress policies that disagree on a scope', () => {
    new EgressPolicy(chart, 'Closed', { scope: PolicyScope.mesh(), mode: OutboundTrafficMode.REGISTRY_ONLY });
    expect(errorOf(() => new EgressPolicy(chart, 'Open', { scope: PolicyScope.mesh(), mode: OutboundTrafficMode.ALLOW_ANY })))
      .toBe('chart/Open: mode ALLOW_ANY for the mesh differs from REGISTRY_ONLY, which chart/Closed sets; use one mode per scope, or narrow one of the scopes');
  });

  test('two policies on one field, at one level', () => {
    const breaker = (id: string) => new CircuitBreakerPolicy(chart, id, { service: catalog, connectionPool: { maxConnections: 1 } });
    breaker('A');
    expect(errorOf(() => breaker('B'))).toBe(
      'chart/B: connectionPool.tcp.maxConnections is already set by chart/A; set it once, or for different subsets or ports',
    );
  });

  test('two timeouts on the same requests', () => {
    const policy = (id: string) => new RequestPolicy(chart, id, { service: catalog, timeout: Duration.seconds(1) });
    policy('A');
    expect(errorOf(() => policy('B'))).toMatch(
      /^chart\/B: timeout of these requests is already set by chart\/A; remove one of them, or limit them to different routes, cohorts or audiences/,
    );
  });

  test('a service without namespace', () => {
    const bare = newChart(undefined as unknown as string);
    Object.defineProperty(bare, 'namespace', { value: undefined });
    expect(errorOf(() => new MeshService(bare, 'Web', { name: 'web', ports: [ServicePort.http(80)] })))
      .toBe('chart/Web: the service \'web\' has no namespace; set `namespace` here or on the chart');
  });

  test('the same service created twice', () => {
    expect(errorOf(() => new MeshService(chart, 'Again', { name: 'catalog', ports: [ServicePort.http(80)] })))
      .toBe('chart/Again: the service \'catalog.shop.svc.cluster.local\' is already taken by chart/Catalog; create each service once, and pass it on');
  });

  test.each([
    [
      'http1MaxPendingRequests',
      'connectionPool.http1MaxPendingRequests is 0, which Istio reads as unset (2^32-1), not as "none"; use 1, or omit it',
    ],
    ['maxConnections', 'connectionPool.maxConnections is 0, which Istio reads as unset (2^32-1), not as "none"; use 1, or omit it'],
  ])('%s of zero', (field, message) => {
    expect(errorOf(() => new CircuitBreakerPolicy(chart, 'Breaker', { service: catalog, connectionPool: { [field]: 0 } }))).toBe(
      `chart/Breaker: ${message}`,
    );
  });

  test.each<[string, () => unknown, RegExp]>([
    [
      'outlier detection without maxEjectionPercent',
      () => new CircuitBreakerPolicy(chart, 'X', { service: catalog, outlierDetection: {} as never }),
      /outlierDetection\.maxEjectionPercent is missing; use a number/,
    ],
    [
      'an empty circuit breaker',
      () => new CircuitBreakerPolicy(chart, 'X', { service: catalog }),
      /connectionPool, outlierDetection and retryBudget are all missing/,
    ],
    [
      'an unknown retry condition',
      () => new RequestPolicy(chart, 'X', { service: catalog, retries: { attempts: 2, retryOn: ['5xxx'] } }),
      /retries\.retryOn has '5xxx', which is neither a status nor a condition that Envoy knows/,
    ],
    ['attempts that are longer than the request', () => new RequestPolicy(chart, 'X', {
      service: catalog, timeout: Duration.seconds(1), retries: { attempts: 2, perTryTimeout: Duration.seconds(2) },
    }), /retries\.perTryTimeout is 2000 ms, longer than timeout, 1000 ms, which ends all attempts; use at most the timeout/],
    [
      'disabled retries together with other fields',
      () => new RequestPolicy(chart, 'X', { service: catalog, retries: { attempts: 0, retryOn: ['5xx'] } }),
      /retries\.attempts is 0 together with retryOn, which Istio rejects/,
    ],
    [
      'a timeout of zero',
      () => new RequestPolicy(chart, 'X', { service: catalog, timeout: Duration.seconds(0) }),
      /timeout is 0, which Istio rejects; use at least 1 ms/,
    ],
    [
      'a subset name that is not a label',
      () => catalog.addSubset('V1', { labels: { version: 'v1' } }),
      /subset name 'V1' is not a DNS label; use at most 63/,
    ],
    [
      'a subset added twice',
      () => catalog.addSubset('v1', { labels: { version: 'v1' } }),
      /the subset 'v1' already exists, with labels \{"version":"v1"\}/,
    ],
    [
      'a header name with a space',
      () => new TrafficRoute(chart, 'X', { service: catalog, matches: header('x y', StringMatch.present()) }),
      /matches\[0\].headers 'x y' is not an HTTP header name/,
    ],
    [
      'a path without slash',
      () => new TrafficRoute(chart, 'X', { service: catalog, matches: [{ uri: StringMatch.exact('items') }] }),
      /uri 'items' does not start with '\/'/,
    ],
    [
      'a port that the service does not have',
      () => new TrafficRoute(chart, 'X', { service: catalog, matches: [{ port: 8080 }] }),
      /port 8080 is not an HTTP port of 'catalog.shop.*use one of 80/,
    ],
    [
      'a circuit breaker for a port that the service does not have',
      () => new CircuitBreakerPolicy(chart, 'X', { service: catalog, port: 8080, connectionPool: { maxConnections: 1 } }),
      /port 8080 is not a port of .*; use one of 80/,
    ],
    [
      'four cookies',
      () =>
        new TrafficRoute(chart, 'X', {
          service: catalog,
          matches: [{ cookies: Object.fromEntries(['a', 'b', 'c', 'd'].map(c => [c, StringMatch.present()])) }],
        }),
      /names 4 cookies, and one regex on the cookie header can match at most three; remove the others/,
    ],
    [
      'a dark launch for every request',
      () => new DarkLaunch(chart, 'X', { service: catalog, target: v(2), matches: [{}] }),
      /matches contains an alternative without conditions, which matches every request/,
    ],
    [
      'a match list without alternatives',
      () => new TrafficRoute(chart, 'X', { service: catalog, matches: [] }),
      /matches is an empty list/,
    ],
    [
      'a canary of itself',
      () => new CanaryRelease(chart, 'X', { service: catalog, stable: v(1), canary: v(1), canaryPercent: 1 }),
      /stable and canary are both 'v1'; use two different versions/,
    ],
    [
      'a host that is a URL',
      () => new PublicHost(chart, 'X', { gateway: new IngressGateway(chart, 'G'), host: 'https://shop' }),
      /host 'https:\/\/shop' is not a host name/,
    ],
    [
      'HTTPS without certificate',
      () => new IngressGateway(chart, 'X', { listeners: [Listener.https(443, { credentialName: '' })] }),
      /the listener 'https' has no credentialName; set the name of the Secret with its certificate/,
    ],
    [
      'two listeners on a port',
      () => new IngressGateway(chart, 'X', { listeners: [Listener.http(80), Listener.http(80, { name: 'again' })] }),
      /two listeners have the port '80'/,
    ],
    [
      'a mirror share of 101',
      () => new MirroredService(chart, 'X', { service: catalog, mirror: v(2), percent: 101 }),
      /percent is 101; use a percentage from 0 to 100/,
    ],
    [
      'an egress policy without settings',
      () => new EgressPolicy(chart, 'X', { scope: PolicyScope.mesh() }),
      /mode and allow are both missing/,
    ],
    [
      'an empty list of targets',
      () => new EgressPolicy(chart, 'X', { scope: PolicyScope.mesh(), allow: [] as EgressTarget[] }),
      /allow is an empty list/,
    ],
  ])('%s', (_, act, message) => {
    const error = errorOf(act);
    expect(error).toMatch(/^chart\/(X|Catalog): /);
    expect(error).toMatch(message);
  });
});

describe('at synth, all errors of a service together', () => {
  test('an unknown subset', () => {
    catalog.routeDefaultTo(catalog.subset('v9'));
    expect(atSynth()).toContain(
      "chart/Catalog: the service 'catalog.shop.svc.cluster.local' has no subset 'v9'; use one of 'v1', 'v2', 'v3', or add it with addSubset()",
    );
  });

  test('overlapping routes without an order', () => {
    new TrafficRoute(chart, 'ByPath', { service: catalog, matches: [{ uri: StringMatch.prefix('/items') }], target: v(1) });
    new TrafficRoute(chart, 'ByHeader', { service: catalog, matches: header('x-a', StringMatch.exact('1')), target: v(2) });
    expect(atSynth()).toContain('routes chart/ByHeader and chart/ByPath can both match one request, and neither match is narrower; '
      + 'set a different `priority` on each, the lower number comes first (in the mesh)');
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
    expect(atSynth()).toContain(
      'route chart/Narrow has priority 2 and chart/Wide has 1, but the first match is narrower and would be unreachable after the second',
    );
  });

  test('two matches on one header that Istio cannot combine', () => {
    catalog.routeDefaultTo(v(1));
    new TrafficRoute(chart, 'Route', { service: catalog, matches: header('x-a', StringMatch.regex('a.*')) });
    new DarkLaunch(chart, 'Cohort', { service: catalog, target: v(2), matches: header('x-a', StringMatch.regex('.*b')) });
    expect(atSynth()).toContain('route chart/Route and cohort chart/Cohort (to catalog v2) cannot be combined: Istio has one condition on '
      + 'headers[\'x-a\'] regex \'a.*\' and regex \'.*b\'; use an exact value in one of them, or combine both in one match');
  });

  test('a dark launch whose version other requests also reach', () => {
    new DarkLaunch(chart, 'Dark', { service: catalog, target: v(2), matches: header('x-a', StringMatch.present()) });
    expect(atSynth()).toContain('chart/Dark sends its cohort to \'v2\', but all other requests go to the whole service, which includes it; '
      + 'call routeDefaultTo() with the subset for all other requests, or add a CanaryRelease (in the mesh)');
  });

  test('a route to a retired subset', () => {
    catalog.retireSubset('v2');
    new CanaryRelease(chart, 'Canary', { service: catalog, stable: v(1), canary: v(2), canaryPercent: 1 });
    expect(atSynth()).toContain('chart/Canary still sends requests to catalog v2, which is retired');
  });

  test('an ejection percentage that ejects no endpoint, with the smallest that works', () => {
    catalog.addSubset('three', { labels: { version: 'three' }, replicas: 3 });
    new CircuitBreakerPolicy(chart, 'Outlier', { service: catalog, outlierDetection: { maxEjectionPercent: 33 } });
    expect(atSynth()).toContain(
      "outlierDetection.maxEjectionPercent of subset 'three' is 33 % of 3 endpoints, which ejects none; use 34 or more (set by chart/Outlier)",
    );
  });

  test('an audience through which the service is not exposed', () => {
    const host = new PublicHost(chart, 'Host', { gateway: new IngressGateway(chart, 'Gateway'), host: 'shop.example.com' });
    new TrafficRoute(chart, 'Route', {
      service: catalog,
      matches: header('x', StringMatch.present()),
      target: v(1),
      audiences: [Audience.publicHost(host)],
    });
    expect(atSynth()).toContain(
      'chart/Route has the audience of chart/Host, which does not expose the service; call exposeVia() for it, or omit that audience',
    );
  });

  test('several errors of a service at once', () => {
    catalog.routeDefaultTo(catalog.subset('v8'));
    new MirroredService(chart, 'Mirror', { service: catalog, mirror: catalog.subset('v9') });
    const message = atSynth();
    expect(message).toContain('has no subset \'v8\'');
    expect(message).toContain('chart/Mirror: the service \'catalog.shop.svc.cluster.local\' has no subset \'v9\'');
  });

  test('the same message if a manifest is rendered without synth', () => {
    catalog.routeDefaultTo(catalog.subset('v9'));
    expect(errorOf(() => catalog.virtualService.toJson())).toContain('has no subset \'v9\'; use one of');
  });
});
