import type { Chart } from 'cdk8s';
import { Duration } from 'cdk8s';
import * as fc from 'fast-check';
import { errorOf } from '../error-of';
import { find, manifests, newChart } from '../manifests';
import {
  Audience, CanaryRelease, DarkLaunch, FaultInjection, IngressGateway, MeshService, MirroredService, PublicHost, RequestPolicy, ServicePort,
  StringMatch, TrafficRoute,
} from 'cdk8s-istio';
import type { StickyCookie, Subset, TrafficRouteProps } from 'cdk8s-istio';

let chart: Chart;
let catalog: MeshService;
const v = (n: number): Subset => catalog.subset(`v${n}`);
const header = (name: string) => [{ headers: { [name]: StringMatch.present() } }];
const prefix = [{ uri: StringMatch.prefix('/a') }];

beforeEach(() => {
  chart = newChart();
  catalog = new MeshService(chart, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)] });
  for (const version of ['v1', 'v2', 'v3']) catalog.addSubset(version, { labels: { version } });
});

const atSynth = () => errorOf(() => manifests(chart));
const names = () => find(chart, 'VirtualService').spec.http.map((route: { name: string }) => route.name);

describe('at the call', () => {
  type Props = Omit<TrafficRouteProps, 'service'>;
  /** Props are created late, because every test has its own service. */
  const route = (props: Props | (() => Props)) => () =>
    new TrafficRoute(chart, 'X', { service: catalog, matches: prefix, ...(typeof props === 'function' ? props() : props) });
  const sticky = (stickyCookie: StickyCookie, stable: MeshService | Subset = v(1)) =>
    new CanaryRelease(chart, 'X', { service: catalog, stable, canary: v(2), canaryPercent: 1, stickyCookie });
  test.each<[string, () => unknown, string]>([
    [
      'a statistic with spaces',
      route({ statPrefix: 'old paths' }),
      "statPrefix 'old paths' is not valid in the name of a statistic; use letters",
    ],
    ['a redirect without changes', route({ redirect: { redirectCode: 308 } }), 'redirect changes nothing, so it would loop'],
    [
      'a redirect with two paths',
      route({ redirect: { uri: '/a', prefixRewrite: '/b' } }),
      'redirect sets both uri and prefixRewrite, and Istio accepts only one; omit one of them',
    ],
    [
      'a redirect with an unknown status',
      route({ redirect: { uri: '/a', redirectCode: 304 } }),
      'redirect.redirectCode is 304; use one of 301, 302, 303, 307, 308',
    ],
    ['a redirect to an unknown scheme', route({ redirect: { scheme: 'ftp' } }), 'redirect.scheme \'ftp\' is not a scheme'],
    [
      'a prefix redirect of a match that is not a prefix',
      route({ matches: header('x'), redirect: { prefixRewrite: '/b' } }),
      'redirect.prefixRewrite replaces a prefix, and a match of the route has none',
    ],
    [
      'a redirect together with a target',
      route(() => ({ redirect: { uri: '/b' }, target: v(1) })),
      'target has no effect with redirect, which forwards nothing; omit it',
    ],
    [
      'a redirect together with a direct response',
      route({ redirect: { uri: '/b' }, directResponse: { status: 200 } }),
      'redirect and directResponse are both set; omit one of them',
    ],
    [
      'a direct response of status 99',
      route({ directResponse: { status: 99 } }),
      'directResponse.status is 99; use a status from 200 to 599',
    ],
    [
      'a direct response of 200 kB',
      route({ directResponse: { status: 200, body: 'x'.repeat(200_000) } }),
      'directResponse.body has 200000 bytes, which every proxy would hold in memory; use at most 102400',
    ],
    ['empty header changes', route({ headers: {} }), 'headers is empty; set request or response, or omit it'],
    [
      'a header set and removed',
      route({ headers: { request: { set: { 'X-A': '1' }, remove: ['x-a'] } } }),
      "headers.request changes the header 'x-a' twice, and the result would depend on Envoy's order",
    ],
    [
      'a pseudo-header of a response',
      route({ headers: { response: { set: { ':status': '200' } } } }),
      "headers.response.set ':status' is a pseudo-header; use a header name",
    ],
    [
      'the Host of a response',
      route({ headers: { response: { set: { Host: 'a' } } } }),
      "headers.response.set contains 'Host', which Istio accepts only in the set or add of a request",
    ],
    [
      'a single percent sign',
      route({ headers: { request: { set: { x: '50%' } } } }),
      "headers.request.set['x'] has the value '50%', in which a '%' opens a variable that nothing closes; write %% for a percent sign",
    ],
    [
      'two fields that set the authority',
      route({ rewrite: { authority: 'a.b' }, headers: { request: { set: { host: 'c.d' } } } }),
      'rewrite.authority and headers.request both set the authority',
    ],
    [
      'CORS without origins',
      route({ cors: { allowOrigins: [] } }),
      "cors.allowOrigins is empty; add an origin, such as StringMatch.exact('https://shop.example.com')",
    ],
    [
      'CORS for a host',
      route({ cors: { allowOrigins: [StringMatch.exact('shop.example.com')] } }),
      "cors.allowOrigins[0] 'shop.example.com' is not an origin",
    ],
    [
      'CORS for half a second',
      route({ cors: { allowOrigins: [StringMatch.exact('*')], maxAge: Duration.millis(500) } }),
      'cors.maxAge is 500ms; use whole seconds',
    ],
    [
      'an unknown CORS method',
      route({ cors: { allowOrigins: [StringMatch.exact('*')], allowMethods: ['get'] } }),
      "cors.allowMethods 'get' is not an HTTP method",
    ],
    [
      'target together with targets',
      route(() => ({ target: v(1), targets: [{ target: v(2), weight: 1 }] })),
      'target and targets are both set; omit one of them',
    ],
    ['targets with weight 0 only', route(() => ({ targets: [{ target: v(1), weight: 0 }] })), 'targets has no weight above 0'],
    [
      'a negative weight',
      route(() => ({ targets: [{ target: v(1), weight: -1 }] })),
      'targets[0].weight is -1; use an integer from 0 to 2147483647',
    ],
    [
      'a target twice',
      route(() => ({
        targets: [
          { target: v(1), weight: 1 },
          { target: v(1), weight: 2 },
        ],
      })),
      "targets contains 'catalog.shop.svc.cluster.local v1' twice",
    ],
    ['an empty fault', () => new FaultInjection(chart, 'X', { service: catalog }), 'delay and abort are both missing'],
    [
      'a fault for no request',
      () => new FaultInjection(chart, 'X', { service: catalog, abort: { httpStatus: 500, percentage: 0 } }),
      'abort.percentage is 0, which affects no request',
    ],
    [
      'a fault without a share',
      () => new FaultInjection(chart, 'X', { service: catalog, abort: { httpStatus: 500 } as never }),
      'abort.percentage is missing; use a number',
    ],
    [
      'an abort with two statuses',
      () => new FaultInjection(chart, 'X', { service: catalog, abort: { httpStatus: 500, grpcStatus: 'UNKNOWN', percentage: 1 } }),
      'abort needs exactly one of httpStatus and grpcStatus',
    ],
    [
      'an unknown gRPC status',
      () => new FaultInjection(chart, 'X', { service: catalog, abort: { grpcStatus: 'BAD', percentage: 1 } }),
      "abort.grpcStatus 'BAD' is not a gRPC status; use one of OK",
    ],
    [
      'a policy with a match for every request',
      () => new RequestPolicy(chart, 'X', { service: catalog, timeout: Duration.seconds(1), matches: [{}] }),
      'matches contains an alternative without conditions, which matches every request',
    ],
    [
      'a priority without matches',
      () => new RequestPolicy(chart, 'X', { service: catalog, timeout: Duration.seconds(1), priority: 1 }),
      'priority has no effect without matches',
    ],
    [
      'a sticky cookie of half a second',
      () => sticky({ name: 'a', ttl: Duration.millis(500) }),
      'stickyCookie.ttl is 500 ms; use whole seconds, at least 1',
    ],
    [
      'a sticky cookie with a bad name',
      () => sticky({ name: 'a b', ttl: Duration.hours(1) }),
      "stickyCookie.name 'a b' is not a cookie name",
    ],
    [
      'a sticky cookie for the whole service',
      () => sticky({ name: 'a', ttl: Duration.hours(1) }, catalog),
      'stickyCookie stores the name of a subset, so stable and canary must be subsets',
    ],
  ])('%s', (_, act, message) => {
    const error = errorOf(act);
    expect(error).toMatch(/^chart\/X: /);
    expect(error).toContain(message);
  });

  test('a policy on a route with a redirect or direct response', () => {
    const route_ = new TrafficRoute(chart, 'Gone', { service: catalog, matches: prefix, directResponse: { status: 410 } });
    expect(errorOf(() => new RequestPolicy(chart, 'X', { service: catalog, route: route_, timeout: Duration.seconds(1) })))
      .toBe('chart/X: the route chart/Gone is a redirect or direct response, where timeout has no effect; omit it, or use a different route');
    expect(errorOf(() => new CanaryRelease(chart, 'Y', { service: catalog, route: route_, stable: v(1), canary: v(2), canaryPercent: 1 })))
      .toBe('chart/Y: the route chart/Gone is a redirect or direct response, so no version serves it; omit the canary');
  });

  test('conditions that the gateway of a named host cannot meet', () => {
    const host = new PublicHost(chart, 'Host', { gateway: new IngressGateway(chart, 'Gateway'), host: 'shop.example.com' });
    expect(errorOf(() => new FaultInjection(chart, 'X', {
      service: catalog,
      audiences: [Audience.publicHost(host)],
      matches: [
        { sourceLabels: { app: 'web' } },
      ],
      abort: { httpStatus: 500, percentage: 1 },
    }))).toContain('chart/X: sourceLabels cannot apply at the gateway of shop.example.com, which does not know the calling workload');
  });
});

describe('at synth', () => {
  const timeout = (id: string, name: string, priority?: number) =>
    new RequestPolicy(chart, id, { service: catalog, matches: header(name), priority, timeout: Duration.seconds(id.length) });

  test('two policies with matches on one slot need an order if a request can match both', () => {
    timeout('One', 'x-one');
    timeout('Other', 'x-other');
    expect(atSynth()).toContain(
      'timeout statements chart/One and chart/Other can both match one request, and neither match is narrower; set a different `priority` on each, the lower number comes first (in the mesh)',
    );
  });

  test('more than three policies with matches on one entry are rejected with their number', () => {
    new RequestPolicy(chart, 'A', { service: catalog, matches: header('a'), timeout: Duration.seconds(1) });
    new RequestPolicy(chart, 'B', { service: catalog, matches: header('b'), retries: { attempts: 1 } });
    new FaultInjection(chart, 'C', { service: catalog, matches: header('c'), abort: { httpStatus: 500, percentage: 1 } });
    new FaultInjection(chart, 'D', { service: catalog, matches: header('d'), delay: { fixedDelay: Duration.seconds(1), percentage: 1 } });
    expect(atSynth()).toContain('the route \'default\' has 4 policies with matches (chart/A, chart/B, chart/C, chart/D), which would make '
      + '16 entries of one; limit them to routes or cohorts, so that at most 3 apply');
  });

  test('more than 500 routes of a VirtualService are rejected with their number', () => {
    for (let i = 0; i < 60; i++) new TrafficRoute(chart, `R${i}`, { service: catalog, matches: [{ uri: StringMatch.exact(`/r${i}`) }] });
    catalog.routeDefaultTo(v(1));
    for (let i = 0; i < 8; i++) {
      new DarkLaunch(chart, `D${i}`, { service: catalog, target: v(2), matches: [{ headers: { x: StringMatch.exact(`${i}`) } }] });
    }
    expect(atSynth()).toContain(
      "the VirtualService of 'catalog.shop.svc.cluster.local' has 549 routes, more than 500; use fewer routes, dark launches or policies with matches, or limit them to audiences",
    );
  });

  test('a header that sets the authority of a route that rewrites it', () => {
    new TrafficRoute(chart, 'Old', { service: catalog, matches: prefix, rewrite: { authority: 'old.example.com' } });
    new RequestPolicy(chart, 'Host', { service: catalog, headers: { request: { set: { Host: 'new.example.com' } } } });
    expect(atSynth()).toContain(
      'route chart/Old rewrites the authority, and chart/Host sets it as a header, but Istio accepts only one; omit one of them (in the mesh)',
    );
  });

  test('a redirect to a path that the public host does not route to the service', () => {
    new TrafficRoute(chart, 'Old', { service: catalog, matches: [{ uri: StringMatch.prefix('/y/a') }], redirect: { uri: '/b' } });
    catalog.exposeVia(new PublicHost(chart, 'Host', { gateway: new IngressGateway(chart, 'Gateway'), host: 'shop.example.com' }), {
      pathPrefix: '/x',
      rewrite: '/y',
    });
    expect(atSynth()).toContain(
      'route chart/Old redirects to a path that its public host does not route to the service; set redirect.authority, or limit the route to Audience.mesh() (for the public host shop.example.com)',
    );
  });

  test('a cookie that the route matches by regex already', () => {
    new TrafficRoute(chart, 'R', { service: catalog, matches: [{ headers: { cookie: StringMatch.regex('.*a.*') } }] });
    new CanaryRelease(chart, 'C', {
      service: catalog,
      stable: v(1),
      canary: v(2),
      canaryPercent: 1,
      stickyCookie: { name: 'v', ttl: Duration.hours(1) },
    });
    expect(atSynth()).toContain(
      "route chart/R and the sticky cookie 'v' of chart/C cannot be combined: Istio has one condition on headers['cookie'] regex '.*a.*' and regex '(.*",
    );
  });

  test('two faults of one kind on the same requests', () => {
    const fault = (id: string) => new FaultInjection(chart, id, { service: catalog, abort: { httpStatus: 500, percentage: 1 } });
    fault('A');
    expect(errorOf(() => fault('B'))).toContain('chart/B: fault.abort of these requests is already set by chart/A');
  });
});

describe('which of two policies wins', () => {
  test('one for the route wins over one with matches for every route', () => {
    const items = new TrafficRoute(chart, 'Items', { service: catalog, matches: prefix });
    new RequestPolicy(chart, 'OfItems', { service: catalog, route: items, timeout: Duration.seconds(1) });
    new RequestPolicy(chart, 'Debug', { service: catalog, matches: header('x-debug'), timeout: Duration.seconds(60) });
    expect(names()).toEqual(['items', 'default.debug', 'default']);
  });

  /** The value of the first rule whose header, if it has one, is present. */
  const met = (...headers: string[]) => find(chart, 'VirtualService').spec.http.find(({ match }: { match?: { headers: object }[] }) => (
    !match || match.some(term => Object.keys(term.headers).every(name => headers.includes(name)))));

  test('one with matches adds one entry, however many fields it sets', () => {
    new RequestPolicy(chart, 'Debug', {
      service: catalog,
      matches: [{ uri: StringMatch.regex('/a/.*') }, { headers: { 'x-debug': StringMatch.regex('.*on.*') } }],
      timeout: Duration.seconds(60),
      retries: { attempts: 1 },
      headers: { request: { set: { 'x-log-level': 'debug' } } },
    });
    new FaultInjection(chart, 'Slow', {
      service: catalog,
      matches: header('x-slow'),
      delay: {
        fixedDelay: Duration.seconds(1),
        percentage: 100,
      },
      abort: { httpStatus: 500, percentage: 1 },
    });
    expect(names()).toEqual(['default.slow.debug', 'default.slow', 'default.debug', 'default']);
    expect(met('x-slow')).toMatchObject({ fault: { delay: { fixedDelay: '1s' }, abort: { httpStatus: 500 } } });
  });

  test('of two with matches, the priority decides fields that both set, and each keeps the fields that only it sets', () => {
    new RequestPolicy(chart, 'A', {
      service: catalog,
      matches: header('a'),
      priority: 1,
      timeout: Duration.seconds(1),
      retries: { attempts: 1 },
    });
    new RequestPolicy(chart, 'B', {
      service: catalog,
      matches: header('b'),
      priority: 2,
      timeout: Duration.seconds(2),
      headers: { request: { remove: ['b'] } },
    });
    expect(met('a', 'b')).toMatchObject({ timeout: '1s', retries: { attempts: 1 }, headers: { request: { remove: ['b'] } } });
    expect(met('a')).toMatchObject({ timeout: '1s', retries: { attempts: 1 } });
    expect(met('a')).not.toHaveProperty('headers');
    expect(met('b')).toMatchObject({ timeout: '2s', headers: { request: { remove: ['b'] } } });
    expect(met('b')).not.toHaveProperty('retries');
    expect(met()).not.toHaveProperty('timeout');
  });

  test('one that others override in all its fields still applies where only one of them matches', () => {
    new RequestPolicy(chart, 'A', {
      service: catalog,
      matches: header('a'),
      priority: 2,
      timeout: Duration.seconds(1),
      retries: { attempts: 1 },
    });
    new RequestPolicy(chart, 'B', { service: catalog, matches: header('b'), priority: 1, timeout: Duration.seconds(2) });
    new RequestPolicy(chart, 'C', { service: catalog, matches: header('c'), priority: 1, retries: { attempts: 3 } });
    expect(met('a', 'b', 'c')).toMatchObject({ timeout: '2s', retries: { attempts: 3 } });
    expect(met('b', 'c')).toMatchObject({ timeout: '2s', retries: { attempts: 3 } });
    expect(met('a', 'b')).toMatchObject({ timeout: '2s', retries: { attempts: 1 } });
    expect(met('a', 'c')).toMatchObject({ timeout: '1s', retries: { attempts: 3 } });
  });

  test('each request gets every field from the policy with the highest precedence', () => {
    const slotsOf = fc.subarray(['timeout', 'attempts', 'remove'], { minLength: 1 });
    fc.assert(fc.property(fc.array(
      slotsOf,
      { minLength: 1, maxLength: 3 },
    ), fc.constantFrom([0, 1, 2], [2, 1, 0], [1, 2, 0]), (policies, urgencies) => {
      chart = newChart();
      catalog = new MeshService(chart, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)] });
      policies.forEach((slots, i) => new RequestPolicy(chart, `P${i}`, {
        service: catalog,
        matches: header(`h${i}`),
        priority: urgencies[i],
        timeout: slots.includes('timeout') ? Duration.seconds(i + 1) : undefined,
        retries: slots.includes('attempts') ? { attempts: i + 1 } : undefined,
        headers: slots.includes('remove') ? { request: { remove: [`x${i + 1}`] } } : undefined,
      }));
      const combinations = policies.reduce<number[][]>((all, _, i) => all.flatMap(some => [some, [...some, i]]), [[]]);
      for (const combination of combinations) {
        const there = [...combination].sort((a, b) => urgencies[a] - urgencies[b]);
        const winner = (slot: string) => there.find(i => policies[i].includes(slot));
        const [timeout, attempts, remove] = ['timeout', 'attempts', 'remove'].map(winner);
        const rule = met(...there.map(i => `h${i}`));
        expect([rule.timeout, rule.retries?.attempts, rule.headers?.request.remove])
          .toEqual([
            timeout === undefined ? undefined : `${timeout + 1}s`,
            attempts === undefined ? undefined : attempts + 1,
            remove === undefined ? undefined : [`x${remove + 1}`],
          ]);
      }
    }), { numRuns: 60 });
  });

  test('mirrors of a sticky canary copy the requests of the split', () => {
    new CanaryRelease(chart, 'C', {
      service: catalog,
      stable: v(1),
      canary: v(2),
      canaryPercent: 50,
      stickyCookie: { name: 'v', ttl: Duration.hours(1) },
    });
    new MirroredService(chart, 'M', { service: catalog, mirror: v(3) });
    expect(find(chart, 'VirtualService').spec.http.map((r: { mirror?: { subset: string } }) => r.mirror?.subset)).toEqual([
      'v3',
      'v3',
      'v3',
    ]);
  });
});
