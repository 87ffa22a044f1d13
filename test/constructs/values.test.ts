import type { Chart } from 'cdk8s';
import { ApiObject, Duration } from 'cdk8s';
import { find, manifests, newChart } from '../manifests';
import { take } from '../requests';
import type { HttpMatch } from 'cdk8s-istio';
import {
  CanaryRelease, CircuitBreakerPolicy, DarkLaunch, IngressGateway, Listener, MeshService, PublicHost, RequestPolicy, ServicePort,
  StringMatch, TrafficRoute,
} from 'cdk8s-istio';

let chart: Chart;
let catalog: MeshService;
const v = (n: number) => catalog.subset(`v${n}`);
const route = (match: HttpMatch, more: object = {}) => new TrafficRoute(chart, 'X', { service: catalog, matches: [match], ...more });
const missing = undefined as never;

beforeEach(() => {
  chart = newChart();
  catalog = new MeshService(chart, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)] });
  for (const n of [1, 2]) catalog.addSubset(`v${n}`, { labels: { version: `v${n}` } });
});

describe('values that would change traffic unexpectedly are rejected', () => {
  test.each<[string, () => unknown, string]>([
    [
      'a missing string',
      () => route({ headers: { 'x-a': StringMatch.exact(missing) } }),
      'StringMatch.exact: value is missing; use a string',
    ],
    [
      'a missing condition',
      () => route({ headers: { 'x-a': missing } }),
      "chart/X: matches[0].headers['x-a'] is undefined; omit it, or use a StringMatch, such as StringMatch.exact()",
    ],
    [
      'a plain object in place of a condition',
      () => route({ uri: { exact: '/a' } as never }),
      'chart/X: matches[0].uri is {"exact":"/a"}, an object; use a StringMatch, such as StringMatch.exact()',
    ],
    [
      'a missing alternative',
      () => route(missing),
      'chart/X: matches[0] is undefined; omit it, or use an object with the fields of HttpMatch',
    ],
    [
      'a field that matches do not have',
      () => route({ header: { 'x-a': StringMatch.exact('1') } } as never),
      'chart/X: matches[0].header is an unknown field; use headers',
    ],
    [
      'null in place of headers',
      () => route({ headers: null as never }),
      'chart/X: matches[0].headers is null; omit it, or use an object, each value a StringMatch, such as StringMatch.exact()',
    ],
    [
      'one header twice, with different case',
      () => route({ headers: { 'X-A': StringMatch.exact('1'), 'x-a': StringMatch.exact('2') } }),
      "chart/X: matches[0].headers contains 'x-a' twice with different case; header names are case-insensitive, use it once",
    ],
    [
      'a header that cannot be a JavaScript key',
      () => route({ headers: { ['__proto__']: StringMatch.exact('1') } }),
      "chart/X: matches[0].headers '__proto__' is not possible as a key of a JavaScript object; use another name",
    ],
    [
      'a query in a path',
      () => route({ uri: StringMatch.prefix('/a?b=') }),
      "chart/X: matches[0].uri '/a?b=' contains a query, which is not part of the path; use queryParams",
    ],
    [
      'a method in lower case',
      () => route({ method: StringMatch.exact('get') }),
      "chart/X: matches[0].method: methods are compared with their case, and callers send them in upper case: 'get' takes nothing; write 'GET'",
    ],
    [
      'a case-insensitive regex',
      () => route({ uri: StringMatch.regex('/a.*'), ignoreUriCase: true }),
      'chart/X: matches[0].ignoreUriCase does not apply to a regex; start the regex with (?i) instead',
    ],
    [
      'a header that must be both present and absent',
      () => route({ headers: { 'x-a': StringMatch.exact('1') }, withoutHeaders: { 'x-a': StringMatch.present() } }),
      'chart/X: matches[0] contradicts itself, so no request matches it; change headers or withoutHeaders',
    ],
    [
      'cookies whose values are too long for one regex',
      () =>
        route({ cookies: { a: StringMatch.exact('x'.repeat(400)), b: StringMatch.exact('x'.repeat(400)), c: StringMatch.exact('x') } }),
      'chart/X: matches[0].cookies needs one condition for cookies a, b, c (their conditions are one regex, which is a regex of',
    ],
    [
      'cookies together with a regex on their header',
      () => route({ headers: { Cookie: StringMatch.regex('a.*') }, cookies: { user: StringMatch.exact('x') } }),
      "chart/X: matches[0] sets both cookies and headers['cookie'], and Istio has one condition on headers['cookie'] regex 'a.*' and regex '(.*",
    ],
    [
      'a missing subset label',
      () => catalog.addSubset('v3', { labels: { version: missing } }),
      "chart/Catalog: labels['version'] is undefined; omit it, or use a string",
    ],
    [
      'missing subset labels',
      () => catalog.addSubset('v3', {} as never),
      'chart/Catalog: labels is missing; use an object, each value a string',
    ],
    [
      'a missing service name',
      () => new MeshService(chart, 'X', { name: missing, ports: [ServicePort.http(80)] }),
      'chart/X: name is missing; use a string',
    ],
    [
      'missing ports',
      () => new MeshService(chart, 'X', { name: 'x', ports: missing }),
      'chart/X: ports is missing; use a list, each item a ServicePort, such as ServicePort.http()',
    ],
    [
      'an empty list of ports',
      () => new MeshService(chart, 'X', { name: 'x', ports: [] }),
      "chart/X: the service 'x' has no ports; add at least one",
    ],
    ['a route name that is not a string', () => route({ uri: StringMatch.prefix('/a') }, { name: 7 }), 'chart/X: name is 7; use a string'],
    [
      'a route name of 254 characters',
      () => route({ uri: StringMatch.prefix('/a') }, { name: Array.from({ length: 127 }, () => 'a').join('.') + 'aa' }),
      'use at most 253',
    ],
    [
      'a missing public host',
      () => new PublicHost(chart, 'X', { gateway: new IngressGateway(chart, 'G'), host: missing }),
      'chart/X: host is missing; use a string',
    ],
    [
      'a timeout that is a string',
      () => new RequestPolicy(chart, 'X', { service: catalog, timeout: '5s' as never }),
      "chart/X: timeout is '5s', a string; use a Duration, such as Duration.seconds(5)",
    ],
    [
      'a timeout that is not a number',
      () => new RequestPolicy(chart, 'X', { service: catalog, timeout: Duration.millis(NaN) }),
      'chart/X: timeout is NaN ms; use whole milliseconds, at least 1',
    ],
    [
      'a timeout longer than the maximum in Go',
      () => new RequestPolicy(chart, 'X', { service: catalog, timeout: Duration.days(200000) }),
      'chart/X: timeout is 17280000000000 ms; use at most 9223372035999',
    ],
    [
      'a limit of infinity',
      () => new CircuitBreakerPolicy(chart, 'X', { service: catalog, connectionPool: { maxConnections: Infinity } }),
      'chart/X: connectionPool.maxConnections is Infinity; use an integer from 1 to 2147483647',
    ],
    [
      'a limit below zero',
      () => new CircuitBreakerPolicy(chart, 'X', { service: catalog, connectionPool: { maxRetries: -1 } }),
      'chart/X: connectionPool.maxRetries is -1; use an integer from 1 to 2147483647',
    ],
    [
      'a misspelt limit',
      () => new CircuitBreakerPolicy(chart, 'X', { service: catalog, connectionPool: { maxConections: 1 } as never }),
      'chart/X: connectionPool.maxConections is an unknown field; use maxConnections',
    ],
    [
      'a misspelt field of outlier detection',
      () =>
        new CircuitBreakerPolicy(chart, 'X', {
          service: catalog,
          outlierDetection: { maxEjectionPercent: 50, consecutiveErrors: 1 } as never,
        }),
      'chart/X: outlierDetection.consecutiveErrors is an unknown field; use consecutive5xxErrors',
    ],
    [
      'half a replica',
      () => catalog.addSubset('v3', { labels: { version: 'v3' }, replicas: 0.5 }),
      "chart/Catalog: replicas of subset 'v3' is 0.5; use an integer from 0 to 2147483647",
    ],
    [
      'a share that is not a number',
      () => new CanaryRelease(chart, 'X', { service: catalog, stable: v(1), canary: v(2), canaryPercent: NaN }),
      'chart/X: canaryPercent is NaN; use a number',
    ],
    [
      'a priority that is not a number',
      () => route({ uri: StringMatch.prefix('/a') }, { priority: NaN }),
      'chart/X: priority is NaN; use a number',
    ],
    [
      'a port that is not a number',
      () => new MeshService(chart, 'X', { name: 'x', ports: [ServicePort.http(NaN)] }),
      'ServicePort.http: port is NaN; use a number',
    ],
    [
      'the whole service as the subset of a circuit breaker',
      () => new CircuitBreakerPolicy(chart, 'X', { service: catalog, subset: catalog, connectionPool: { maxConnections: 1 } }),
      "chart/X: subset is the whole service 'catalog.shop.svc.cluster.local'; use one of its subsets, or omit it",
    ],
    ['a listener of another protocol on a port of the same workload', () => [
      new IngressGateway(chart, 'G', { listeners: [Listener.http(8080)] }), new IngressGateway(
        chart,
        'X',
        { listeners: [Listener.https(8080, { credentialName: 'cert' })] },
      ),
    ], 'chart/X: port 8080 of the gateway {"istio":"ingressgateway"} has protocol HTTP for chart/G, and Istio drops the second protocol on a port; use another port'],
  ])('%s', (_, act, message) => {
    expect(act).toThrow(message);
  });
});

describe('unusual but valid values', () => {
  test('a header and a query parameter with the name of a JavaScript object property are distinguished from absent ones', () => {
    const header = (name: string, priority: number, target: ReturnType<typeof v>) =>
      new TrafficRoute(chart, `H${priority}`, {
        service: catalog,
        matches: [{ headers: { [name]: StringMatch.present() } }],
        target,
        priority,
      });
    header('constructor', 2, v(1));
    header('x-a', 1, v(2));
    expect(find(chart, 'VirtualService').spec.http.map((r: { name: string }) => r.name)).toEqual(['h1', 'h2', 'default']);
  });

  test('a cookie together with the presence of its header is the cookie', () => {
    catalog.routeDefaultTo(v(1));
    new DarkLaunch(chart, 'Dark', {
      service: catalog,
      target: v(2),
      matches: [{ cookies: { user: StringMatch.exact('x') }, headers: { cookie: StringMatch.present() } }],
    });
    const { http } = find(chart, 'VirtualService').spec;
    expect(take(http, { path: '/', headers: { cookie: 'a=b; user=x' } })!.route.route[0].destination.subset).toBe('v2');
    expect(take(http, { path: '/', headers: { cookie: 'a=b' } })!.route.route[0].destination.subset).toBe('v1');
  });

  test('a Service with one port number for TCP and UDP has the TCP one', () => {
    const dns = new ApiObject(chart, 'Dns', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'dns' },
      spec: {
        ports: [
          { name: 'udp', protocol: 'UDP', port: 53 },
          { name: 'tcp', protocol: 'TCP', port: 53 },
          { name: 'http-web', port: 80 },
        ],
      },
    });
    expect(MeshService.fromService(chart, 'DnsService', dns).summary()).toContain('(ports 53 TCP, 80 HTTP)');
  });

  test('a DestinationRule that is rendered alone is checked as in a synth', () => {
    catalog.routeDefaultTo(catalog.subset('v9'));
    expect(() => catalog.destinationRule.toJson()).toThrow('has no subset \'v9\'; use one of');
    expect(() => manifests(chart)).toThrow('has no subset \'v9\'; use one of');
  });
});

describe('cookies', () => {
  test.each<[string, StringMatch, string]>([
    [
      'an anchored regex',
      StringMatch.regex('^a$'),
      "matches[0].cookies['u'] is the regex '^a$' with an anchor such as ^, $ or \\b, which never matches inside the cookie header",
    ],
    ['a word boundary', StringMatch.regex('a\\b'), 'with an anchor'],
    [
      'a regex that runs into the next cookie',
      StringMatch.regex('.*beta.*'),
      "matches[0].cookies['u'] is the regex '.*beta.*', which can match ';' and so the cookies after this one",
    ],
    ['a value that ends the cookie', StringMatch.exact('a;b'), 'matches[0].cookies[\'u\'] is \'a;b\', and \';\' ends a cookie'],
  ])('%s is rejected', (_, value, message) => {
    expect(() => route({ cookies: { u: value } })).toThrow(message);
  });

  test('a regex matches within its cookie only', () => {
    catalog.routeDefaultTo(v(1));
    new DarkLaunch(chart, 'Dark', { service: catalog, target: v(2), matches: [{ cookies: { u: StringMatch.regex('[^;]*beta[^;]*') } }] });
    const { http } = find(chart, 'VirtualService').spec;
    expect(take(http, { path: '/', headers: { cookie: 'a=b; u=my-beta-1' } })!.route.route[0].destination.subset).toBe('v2');
    expect(take(http, { path: '/', headers: { cookie: 'u=1; a=beta' } })!.route.route[0].destination.subset).toBe('v1');
  });
});
