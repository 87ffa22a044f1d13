import { cluster, goldenProxy, proxyOf } from './proxies';
import type { Json } from '../../conformance/istiod/client';
import type { LoadOptions } from 'cdk8s-istio/simulator';

const BACKEND = 'outbound|80||simple-backend.istioinaction.svc.cluster.local';
const mean = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
const SEEDS = Array.from({ length: 20 }, (_, i) => 100 * (i + 1));

/** simple-web with the limits of a step, as istiod sends them, or with these instead. */
function simpleWeb(step: string, limits: { readonly [field: string]: number } = {}) {
  const proxy = goldenProxy(step, 'simple-web');
  Object.assign(proxy.clusters.get(BACKEND)!.circuitBreakers!.thresholds![0], limits);
  return proxy;
}

describe('the load test of the walk-through: one request per second and caller, for 30 s, to three endpoints that take 1 s', () => {
  const load = (
    limits: { readonly [field: string]: number },
    callers: number,
  ) => SEEDS.map(seed => simpleWeb('coolstore-11-circuit-breaker', limits)
    .load('http://simple-backend/', {
      callers,
      rate: callers,
      seconds: 30,
      jitter: true,
      warmUp: true,
      seed,
      endpoints: { 'simple-backend': { latencyMs: 1000 } },
    }));

  test('one caller is within every limit', () => {
    for (const result of load({}, 1)) expect(result.statuses).toEqual({ 200: 30 });
  });

  test('with two callers, limits of 1 reject about half of the requests, as the real Envoy does (48 to 50 %)', () => {
    const results = load({}, 2);
    expect(mean(results.map(({ failedPercent }) => failedPercent))).toBeGreaterThan(44);
    expect(mean(results.map(({ failedPercent }) => failedPercent))).toBeLessThan(54);
    for (const { failures, counts } of results) {
      expect(failures.every(({ status, flag }) => status === 503 && flag === 'UO')).toBe(true);
      expect(counts.activeOverflow).toBeGreaterThan(0);
      expect(counts.connectionOverflow).toBeGreaterThan(0);
    }
  });

  test('with http2MaxRequests 2, only requests during the opening of a connection fail (3 to 7 %)', () => {
    const results = load({ maxRequests: 2 }, 2);
    expect(mean(results.map(({ failedPercent }) => failedPercent))).toBeGreaterThan(1);
    expect(mean(results.map(({ failedPercent }) => failedPercent))).toBeLessThan(10);
    expect(results.every(({ counts }) => counts.activeOverflow === 0)).toBe(true);
  });

  test('http1MaxPendingRequests 2 rejects no request', () => {
    for (const result of load({ maxRequests: 2, maxPendingRequests: 2 }, 2)) expect(result.failures).toEqual([]);
  });
});

describe('1,000 requests, 20 per second, to three endpoints, one of which fails 75 %', () => {
  const load = (detects: boolean) => SEEDS.map(seed => {
    const proxy = simpleWeb('coolstore-13-outlier-detection');
    if (!detects) Reflect.deleteProperty(proxy.clusters.get(BACKEND)!, 'outlierDetection');
    const endpoints = { 'simple-backend': [{ errorRate: 0.75, errorStatus: 500, latencyMs: 1 }, { latencyMs: 1 }, { latencyMs: 1 }] };
    return proxy.load('http://simple-backend/', { callers: 2, rate: 20, count: 1000, jitter: true, seed, endpoints });
  });

  test('a quarter fails without outlier detection', () => {
    const results = load(false);
    expect(mean(results.map(({ failedPercent }) => failedPercent))).toBeCloseTo(25, 0);
    expect(results.every(({ counts }) => counts.ejections === 0)).toBe(true);
  });

  test('with it, few do: each ejection is longer than the last, and each return causes failures until the next ejection (1.6 to 2.3 %, 4 ejections)', () => {
    const results = load(true);
    expect(mean(results.map(({ failedPercent }) => failedPercent))).toBeGreaterThan(1);
    expect(mean(results.map(({ failedPercent }) => failedPercent))).toBeLessThan(3);
    expect(mean(results.map(({ counts }) => counts.ejections))).toBeCloseTo(4, 0);
  });
});

describe('a load', () => {
  /** A sidecar with one route to a cluster with these fields. */
  const sidecar = (fields: Json = {}, action: Json = {}, route: Json = {}) => proxyOf(
    [{ name: 'a', domains: ['*'], routes: [{ match: { prefix: '/' }, route: { cluster: 'c', timeout: '0s', ...action }, ...route }] }],
    { clusters: [cluster('c', { lbPolicy: 'RANDOM', ...fields }), cluster('d')] },
  );
  const run = (proxy: ReturnType<typeof sidecar>, options: Partial<LoadOptions> = {}) =>
    proxy.load('http://a/', { count: 1000, ...options });
  const limits = (thresholds: Json) => ({ circuitBreakers: { thresholds: [thresholds] } });

  test('with the same seed is the same run, with another seed another', () => {
    const options = { callers: 3, rate: 100, jitter: true, endpoints: { c: { errorRate: 0.3 } } };
    const samples = (seed: number) => run(sidecar(), { ...options, seed }).samples;
    expect(samples(7)).toEqual(samples(7));
    expect(samples(7)).not.toEqual(samples(8));
  });

  test('takes its pace from the rate, or from the responses', () => {
    const last = (options: Partial<LoadOptions>) => run(sidecar(), { endpoints: { c: { latencyMs: 10 } }, ...options }).samples.at(-1)!.at;
    expect(last({ rate: 50 })).toBeCloseTo(999 / 50 * 1000, 0);
    expect(last({ connectMs: 0 })).toBe(999 * 10);
    expect(run(sidecar(), { count: undefined, seconds: 10, rate: 7 }).samples).toHaveLength(70);
  });

  test('splits by weight, drawn per request', () => {
    const split = { cluster: undefined, weightedClusters: { clusters: [{ name: 'c', weight: 90 }, { name: 'd', weight: 10 }] } };
    const { endpoints } = run(sidecar({}, split), { count: 10_000 });
    // Four standard errors of sqrt(10000 * 0.9 * 0.1) = 30.
    expect(Math.abs(endpoints.get('c 1')!.requests - 9000)).toBeLessThan(120);
  });

  test('mirrors requests', () => {
    const { endpoints } = run(sidecar({}, { requestMirrorPolicies: [{ cluster: 'd' }] }));
    expect(endpoints.get('d 1')!.requests).toBe(1000);
  });

  test('retries as the route says, up to its limit, on another endpoint', () => {
    const endpoints = { c: [{ errorRate: 1, errorStatus: 503 }, {}] };
    const retryPolicy = { retryOn: '5xx', numRetries: 2, retryHostPredicate: [{ name: 'envoy.retry_host_predicates.previous_hosts' }] };
    const without = run(sidecar(), { endpoints });
    expect(without.failedPercent).toBeGreaterThan(40);
    const { failedPercent, samples } = run(sidecar({}, { retryPolicy }), { endpoints });
    expect(failedPercent).toBeLessThan(1);
    expect(samples.some(({ retries }) => retries > 0)).toBe(true);
    const others = run(sidecar({}, { retryPolicy: { ...retryPolicy, retryOn: 'connect-failure,refused-stream' } }), { endpoints });
    expect(others.samples.every(({ retries }) => retries === 0)).toBe(true);
  });

  test('has no more concurrent retries than the cluster allows', () => {
    const retryPolicy = { retryOn: '5xx', numRetries: 1, retryBackOff: { baseInterval: '0.100s' } };
    const { counts, samples } = run(sidecar(limits({ maxRetries: 1 }), { retryPolicy }), {
      callers: 10,
      endpoints: { c: { errorRate: 1 } },
    });
    expect(counts.retryOverflow).toBeGreaterThan(0);
    expect(samples.filter(({ retries }) => retries === 0)).toHaveLength(counts.retryOverflow);
  });

  test('times out with 504 UT, and each try after its own timeout', () => {
    const slow = { endpoints: { c: { latencyMs: 300 } }, count: 20 };
    const once = run(sidecar({}, { timeout: '0.100s' }), slow);
    expect(once.samples.every(({ status, flag, took }) => status === 504 && flag === 'UT' && Math.abs(took - 100) < 1e-6)).toBe(true);
    const tries = run(sidecar({}, { retryPolicy: { retryOn: '5xx', numRetries: 2, perTryTimeout: '0.050s' } }), slow);
    expect(tries.samples.every(({ status, retries, took }) => status === 504 && retries === 2 && took > 149)).toBe(true);
  });

  test('meets endpoints that refuse connections: 503 UF, retried if the route says so', () => {
    const endpoints = { c: [{ refusesConnections: true }, {}] };
    const refused = run(sidecar(), { endpoints });
    expect(refused.failures.length).toBeGreaterThan(400);
    expect(refused.failures.every(({ status, flag }) => status === 503 && flag === 'UF')).toBe(true);
    const retryPolicy = {
      retryOn: 'connect-failure',
      numRetries: 2,
      retryHostPredicate: [{ name: 'envoy.retry_host_predicates.previous_hosts' }],
    };
    expect(run(sidecar({}, { retryPolicy }), { endpoints }).failedPercent).toBeLessThan(1);
  });

  test('counts limits per calling proxy', () => {
    const proxy = sidecar(limits({ maxConnections: 1, maxPendingRequests: 1, maxRequests: 1 }));
    const options = { count: 100, rate: 10, endpoints: { c: { latencyMs: 90 } } };
    expect(run(proxy, { ...options, callers: 3 }).overflowPercent).toBeGreaterThan(10);
    const each = run(proxy, { ...options, callers: 1, proxies: 3 });
    expect([each.samples.length, each.overflowPercent]).toEqual([300, 0]);
  });

  test('makes requests wait for one HTTP/1 connection, and share an HTTP/2 connection', () => {
    const http2 = {
      typedExtensionProtocolOptions: {
        'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': { explicitHttpConfig: { http2ProtocolOptions: {} } },
      },
    };
    const options = { count: 100, callers: 10, endpoints: { c: { latencyMs: 100 } } };
    const one = run(sidecar(limits({ maxConnections: 1 })), options);
    expect(one.percentile(100)).toBeGreaterThan(900);
    expect(one.counts.connectionOverflow).toBeGreaterThan(0);
    const shared = run(sidecar({ ...limits({ maxConnections: 1 }), ...http2 }), options);
    expect(shared.percentile(100)).toBeLessThan(102);
    expect(shared.failures).toEqual([]);
  });

  test('finds no healthy host if all are ejected and panic is off, and uses all of them in panic', () => {
    const outlierDetection = { consecutive5xx: 1, interval: '5s', baseEjectionTime: '30s', maxEjectionPercent: 100 };
    const options = { count: 300, rate: 20, endpoints: { c: [{ errorRate: 1, errorStatus: 500 }, { errorRate: 1, errorStatus: 500 }] } };
    const flags = (percent: Json) =>
      new Set(
        run(sidecar({ outlierDetection, commonLbConfig: { healthyPanicThreshold: percent } }), options).samples.map(({ flag }) => flag),
      );
    expect(flags({})).toEqual(new Set([undefined, 'UH']));
    expect(flags({ value: 10 })).toEqual(new Set([undefined]));
  });

  test('ejects no more than the maximum percentage, including the one to be ejected', () => {
    const outlierDetection = { consecutive5xx: 1, interval: '5s', baseEjectionTime: '300s', maxEjectionPercent: 50 };
    const broken = { errorRate: 1, errorStatus: 500 };
    expect(run(sidecar({ outlierDetection }), { rate: 20, count: 200, endpoints: { c: [broken, broken, broken] } }).counts.ejections).toBe(
      1,
    );
  });

  test('delays and aborts the percentage of the fault', () => {
    const percentage = { numerator: 50, denominator: 'HUNDRED' };
    const fault = { delay: { fixedDelay: '2s', percentage }, abort: { httpStatus: 418, percentage } };
    const { samples, statuses } = run(sidecar({}, {}, { typedPerFilterConfig: { 'envoy.filters.http.fault': fault } }));
    expect(Math.abs(statuses[418] - 500)).toBeLessThan(64);
    expect(new Set(samples.map(({ flag }) => flag))).toEqual(new Set([undefined, 'DI', 'FI', 'DI,FI']));
    expect(samples.every(({ flag, took }) => (flag ?? '').includes('DI') === took > 1999)).toBe(true);
  });

  test('with one hash stays on one endpoint', () => {
    const { endpoints } = run(sidecar({ lbPolicy: 'RING_HASH' }, { hashPolicy: [{ header: { headerName: 'x-user' } }] }), {
      endpoints: { c: [{}, {}, {}] },
    });
    expect([...endpoints.values()].map(({ requests }) => requests).sort((a, b) => b - a)).toEqual([1000, 0, 0]);
  });

  test('that Envoy answers itself never leaves the proxy', () => {
    const closed = run(sidecar({}, {}, { route: undefined, directResponse: { status: 410 } }));
    expect(closed.statuses).toEqual({ 410: 1000 });
    expect(run(sidecar({}, { cluster: 'x' }), { count: 10 }).samples.every(({ status, flag }) => status === 503 && flag === 'NC')).toBe(
      true,
    );
  });

  test.each([
    [{ count: undefined }, 'a load has either seconds or count; set one of them'],
    [{ seconds: 5 }, 'a load has either seconds or count; set one of them'],
    [{ count: undefined, seconds: 5 }, 'a load with seconds requires a rate; set rate, or use count'],
    [{ callers: 1.5 }, 'callers is 1.5; use an integer above 0 and below 10,000,000'],
    [{ rate: 0 }, 'rate is 0; use a number above 0 and below 10,000,000'],
    [{ endpoints: { c: { errorRate: 75 } } }, 'endpoints \'c\': errorRate is 75; use a fraction from 0 to 1'],
    [{ endpoints: { c: [] } }, 'endpoints \'c\': the list is empty; add an endpoint'],
  ])('with %j is an error', (options, message) => {
    expect(() => run(sidecar(), options)).toThrow(message);
  });
});
