import { cluster, goldenProxy, proxyOf, routesOf } from './proxies';
import type { Json } from '../../conformance/istiod/client';

const to = (name: string, rest: Json = {}) => ({ match: { prefix: '/' }, route: { cluster: name, ...rest } });

describe('the virtual host of a request', () => {
  const host = (name: string, ...domains: string[]) => ({ name, domains, routes: [to(name)] });
  const names = ['exact', 'suffix', 'long-suffix', 'prefix', 'any'];
  const proxy = proxyOf(
    [
      host('any', '*'),
      host('suffix', '*.example.com'),
      host('long-suffix', '*.a.example.com'),
      host('prefix', 'shop.*'),
      host('exact', 'Shop.Example.com'),
    ],
    { clusters: names.map(name => cluster(name)) },
  );
  test.each([
    ['shop.example.com', 'exact'], ['SHOP.example.com', 'exact'], ['shop.example.com:80', 'exact'], ['b.example.com', 'suffix'], [
      'b.a.example.com',
      'long-suffix',
    ],
    ['a.example.com', 'suffix'], ['shop.example.org', 'prefix'], ['example.com', 'any'], ['.example.com', 'any'],
  ])('%s is that of %s', (authority, name) => {
    expect(proxy.get('http://10.0.0.1/', { headers: { host: authority } }).split[0].cluster).toBe(name);
  });
});

describe('outcomes are distinct', () => {
  test('routed, in exact fractions of the sum of weights', () => {
    const weights = (...numbers: number[]) => ({ weightedClusters: { clusters: numbers.map((weight, i) => ({ name: `c${i}`, weight })) } });
    const proxy = proxyOf([{ name: 'a', domains: ['*'], routes: [{ match: { prefix: '/' }, route: weights(3, 1, 0) }] }], {
      clusters: ['c0', 'c1', 'c2'].map(n => cluster(n)),
    });
    const decision = proxy.get('http://a/');
    expect(decision.outcome).toBe('routed');
    expect(decision.split.map(share => [share.cluster, share.percent])).toEqual([['c0', 75], ['c1', 25]]);
  });

  test('no route: 404 NR, with the reason of every route', () => {
    const decision = routesOf({ ...to('c'), match: { prefix: '/a', headers: [{ name: 'x', presentMatch: true }] } }).get('http://a/b');
    expect(decision).toMatchObject({ outcome: 'no route', status: 404, flag: 'NR' });
    expect(decision.passedOver.map(({ why }) => why)).toEqual([
      "the path is '/b' but must start with '/a', and header x is absent but must be present",
    ]);
  });

  test('no virtual host means no route', () => {
    expect(proxyOf([{ name: 'b', domains: ['b'], routes: [] }]).get('http://a/')).toMatchObject({
      outcome: 'no route',
      status: 404,
      flag: 'NR',
    });
  });

  test('unknown cluster: 503 NC', () => {
    const decision = proxyOf([{ name: 'a', domains: ['*'], routes: [to('outbound|80|v9|catalog.shop.svc.cluster.local')] }]).get(
      'http://a/',
    );
    expect(decision).toMatchObject({ outcome: 'unknown cluster', status: 503, flag: 'NC' });
    expect(decision.explain()).toContain('v9 of catalog.shop.svc.cluster.local, port 80, a cluster that this proxy does not have');
  });

  test('no healthy host: 503 UH, if no pod of the service is in the subset', () => {
    const [whole, v1] = ['outbound|80||catalog.shop.svc.cluster.local', 'outbound|80|v1|catalog.shop.svc.cluster.local'];
    const hosts = [{ name: 'a', domains: ['*'], routes: [to(v1)] }];
    const clusters = [cluster(whole), cluster(v1)];
    expect(proxyOf(hosts, { clusters, endpoints: { [whole]: ['10.0.0.1:80'], [v1]: [] } }).get('http://a/')).toMatchObject({
      outcome: 'no healthy host',
      status: 503,
      flag: 'UH',
    });
    // Pods without a manifest are assumed to exist.
    expect(proxyOf(hosts, { clusters, endpoints: {} }).get('http://a/').outcome).toBe('routed');
  });

  test('answered directly, with the body', () => {
    const decision = routesOf({ match: { prefix: '/' }, directResponse: { status: 410, body: { inlineString: 'gone' } } }).get('http://a/');
    expect(decision).toMatchObject({ outcome: 'answered', status: 410, body: 'gone' });
  });

  test('aborted, if a fault affects every request', () => {
    const fault = (numerator: number) => ({
      ...to('c'),
      typedPerFilterConfig: {
        'envoy.filters.http.fault': { abort: { httpStatus: 418, percentage: { numerator, denominator: 'MILLION' } } },
      },
    });
    expect(routesOf(fault(1_000_000)).get('http://a/')).toMatchObject({ outcome: 'aborted', status: 418, flag: 'FI' });
    const half = routesOf(fault(500_000)).get('http://a/');
    expect([half.outcome, half.fault]).toEqual(['routed', { abort: { percent: 50, status: 418 } }]);
  });

  test('a fault of 0 %, explicit or not, has no effect', () => {
    const fault = { abort: { httpStatus: 500 }, delay: { fixedDelay: '1s', percentage: {} } };
    expect(routesOf({ ...to('c'), typedPerFilterConfig: { 'envoy.filters.http.fault': fault } }).get('http://a/').fault).toBeUndefined();
  });

  test('closed, if no filter chain takes the connection', () => {
    expect(goldenProxy('gateway-https', 'gateway').get('https://other.example.com/')).toMatchObject({
      outcome: 'closed',
      flag: 'NR',
      status: undefined,
    });
    expect(goldenProxy('gateway-https', 'gateway').get('http://shop.example.com:443/')).toMatchObject({ outcome: 'closed' });
  });
});

describe('requests through the configuration of istiod', () => {
  test('the header of a cohort selects its version, every other request gets the split', () => {
    const webapp = goldenProxy('coolstore-20-composed', 'webapp');
    const internal = webapp.get('http://catalog/items/1', { headers: { 'X-Istio-Cohort': 'internal' } });
    expect(internal.route?.name).toBe('items.internal');
    expect(internal.split).toMatchObject([{ subset: 'version-v2', percent: 100 }]);
    const others = webapp.get('http://catalog/items/1');
    expect(others.split).toMatchObject([{ subset: 'version-v1', percent: 90 }, { subset: 'version-v2', percent: 10 }]);
    expect(others.mirrors).toMatchObject([{ subset: 'version-v2', percent: 100, shadowHost: false }]);
    expect(others).toMatchObject({ outcome: 'routed', timeoutMs: 2000, retry: { attempts: 2, avoidsTried: true } });
  });

  test('an unknown host passes through, or is blocked with REGISTRY_ONLY', () => {
    const open = goldenProxy('coolstore-07-mirroring', 'webapp');
    const locked = goldenProxy('coolstore-08-egress-lockdown', 'webapp');
    expect(open.get('http://example.com/').outcome).toBe('passed through');
    expect(open.get('http://10.1.2.3:9999/').outcome).toBe('passed through');
    expect(locked.get('http://example.com/')).toMatchObject({ outcome: 'blocked', status: 502 });
    expect(locked.get('http://10.1.2.3:9999/')).toMatchObject({ outcome: 'blocked', status: undefined });
    expect(locked.get('https://example.com/')).toMatchObject({ outcome: 'blocked', status: undefined });
    expect(locked.get('http://forum/').outcome).toBe('routed');
  });

  test('a gateway accepts the ports of its servers, for any target port of its Service', () => {
    const gateway = goldenProxy('gateway-https', 'gateway');
    expect(gateway.get('https://shop.example.com/')).toMatchObject({ outcome: 'routed' });
    expect(gateway.get('http://shop.example.com/')).toMatchObject({
      outcome: 'redirected',
      status: 301,
      redirection: { location: 'https://shop.example.com/' },
    });
    // The edge does not trust the headers of callers about earlier hops.
    expect(gateway.get('http://shop.example.com/', { headers: { 'x-forwarded-proto': 'https' } }).outcome).toBe('redirected');
  });
});
