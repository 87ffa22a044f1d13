import { patternOf } from './pattern';

const [CATALOG, V2] = ['', 'v2'].map(subset => `outbound|80|${subset}|catalog.shop.svc.cluster.local`);

describe('a circuit breaker', () => {
  const { manifests, envoys } = patternOf('circuit-breaking');

  test('of a subset inherits field by field, and everything that is inherited is written out', () => {
    expect(manifests).toMatchInlineSnapshot(`
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: { name: catalog, namespace: shop }
      spec:
        host: catalog.shop.svc.cluster.local
        subsets:
          - labels: { version: v2 }
            name: v2
            trafficPolicy:
              connectionPool: { http: { http1MaxPendingRequests: 1, http2MaxRequests: 200 }, tcp: { maxConnections: 100 } }
        trafficPolicy:
          connectionPool: { http: { http1MaxPendingRequests: 10, http2MaxRequests: 200 }, tcp: { maxConnections: 100 } }
          outlierDetection: { baseEjectionTime: 30s, consecutive5xxErrors: 5, interval: 5s, maxEjectionPercent: 50 }
    `);
  });

  describe.each(envoys)('Envoy, configured by %s,', (_, { web }) => {
    test('has the limits per cluster; a limit that is not set is unlimited', () => {
      const inherited = { maxConnections: 100, maxRequests: 200, maxRetries: 4294967295 };
      expect(web.cluster(CATALOG).circuitBreakers.thresholds).toEqual([{ ...inherited, maxPendingRequests: 10 }]);
      expect(web.cluster(V2).circuitBreakers.thresholds).toEqual([{ ...inherited, maxPendingRequests: 1 }]);
    });

    test('ejects an endpoint after five errors in a row for thirty seconds, but at most half of them', () => {
      for (const cluster of [CATALOG, V2]) {
        expect(web.cluster(cluster).outlierDetection).toMatchObject({
          consecutive5xx: 5, enforcingConsecutive5xx: 100, interval: '5s', baseEjectionTime: '30s', maxEjectionPercent: 50,
        });
      }
    });

    test('lets ten requests wait for their first connection, and refuses more with 503 and the flag UO', () => {
      const endpoints = { catalog: { latencyMs: 100 } };
      const load = (callers: number) => web.load('http://catalog/', { callers, count: callers, endpoints });
      expect(load(10)).not.toOverflow();
      const twenty = load(20);
      expect(twenty).toOverflow({ atLeast: 50, atMost: 50 });
      expect(new Set(twenty.failures.map(({ status, flag }) => `${status} ${flag}`))).toEqual(new Set(['503 UO']));
    });

    test('leaves an endpoint that always fails alone after its first errors', () => {
      const failing = { catalog: [{ errorRate: 1, errorStatus: 500 }, {}, {}] };
      const { counts, failedPercent } = web.load('http://catalog/', { callers: 3, count: 900, endpoints: failing });
      expect(counts.ejections).toBeGreaterThan(0);
      expect(failedPercent).toBeLessThan(5);
    });
  });
});
