import { patternOf } from './pattern';
import { cluster, route } from '../../conformance/case';

const HOST = 'catalog.shop.svc.cluster.local';

describe('defaults of a platform team', () => {
  const { manifests, envoys } = patternOf('golden-paths');

  test('and what a team overrides are one DestinationRule and one VirtualService', () => {
    expect(manifests).toMatchInlineSnapshot(`
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: { name: catalog, namespace: shop }
      spec:
        host: catalog.shop.svc.cluster.local
        trafficPolicy:
          connectionPool: { http: { http1MaxPendingRequests: 20 }, tcp: { maxConnections: 500 } }
          outlierDetection: { consecutive5xxErrors: 5, maxEjectionPercent: 50 }
      ---
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: { name: catalog, namespace: shop }
      spec:
        hosts: [ catalog.shop.svc.cluster.local ]
        http:
          - match: [ { uri: { prefix: /reports } } ]
            name: reports
            retries: { attempts: 1, retryOn: "connect-failure,refused-stream" }
            route: [ { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 } } } ]
            timeout: 30s
          - name: default
            retries: { attempts: 1, retryOn: "connect-failure,refused-stream" }
            route: [ { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 } } } ]
            timeout: 2s
    `);
  });

  describe.each(envoys)('Envoy, configured by %s,', (_, { web: { config } }) => {
    test('waits 30 seconds for reports, and 2 seconds for every other answer', () => {
      expect(route('web', `${HOST}:80`, 'reports').find(config).route.timeout).toBe('30s');
      expect(route('web', `${HOST}:80`, 'default').find(config).route.timeout).toBe('2s');
    });

    test('retries each of them once', () => {
      for (const name of ['reports', 'default']) expect(route('web', `${HOST}:80`, name).find(config).route.retryPolicy.numRetries).toBe(1);
    });

    test('holds the connections that the team asks for, and the waiting requests and the ejections of the platform', () => {
      const { circuitBreakers, outlierDetection } = cluster('web', HOST, 80).find(config);
      expect(circuitBreakers.thresholds[0]).toMatchObject({ maxConnections: 500, maxPendingRequests: 20 });
      expect(outlierDetection).toMatchObject({ consecutive5xx: 5, maxEjectionPercent: 50 });
    });
  });
});
