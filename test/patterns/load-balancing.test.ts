import { patternOf } from './pattern';

const [CATALOG, V1, V2] = ['', 'v1', 'v2'].map(subset => `outbound|80|${subset}|catalog.shop.svc.cluster.local`);

describe('a load balancer', () => {
  const { manifests, envoys } = patternOf('load-balancing');

  test('is one whole: that of a subset replaces that of the service', () => {
    expect(manifests).toMatchInlineSnapshot(`
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: { name: catalog, namespace: shop }
      spec:
        host: catalog.shop.svc.cluster.local
        subsets:
          - { labels: { version: v1 }, name: v1 }
          - { labels: { version: v2 }, name: v2, trafficPolicy: { loadBalancer: { simple: ROUND_ROBIN } } }
        trafficPolicy: { loadBalancer: { warmup: { duration: 60s } } }
    `);
  });

  describe.each(envoys)('Envoy, configured by %s,', (_, { web }) => {
    test('takes of two endpoints the one with fewer requests, and starts new endpoints slowly', () => {
      for (const cluster of [CATALOG, V1]) {
        expect(web.cluster(cluster).lbPolicy).toBe('LEAST_REQUEST');
        expect(web.cluster(cluster).leastRequestLbConfig).toMatchObject({ slowStartConfig: { slowStartWindow: '60s' } });
      }
    });

    test('takes the endpoints of v2 one after the other, without a warm-up', () => {
      // ROUND_ROBIN is Envoy's default, which istiod leaves unset.
      expect(web.cluster(V2)).not.toHaveProperty('lbPolicy');
      expect(web.cluster(V2)).not.toHaveProperty('leastRequestLbConfig');
      expect(web.cluster(V2)).not.toHaveProperty('roundRobinLbConfig');
    });
  });
});

describe('a load balancer by cookie', () => {
  const { manifests, envoys } = patternOf('load-balancing-by-cookie');

  test('is a consistent hash of the service', () => {
    expect(manifests).toMatchInlineSnapshot(`
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: { name: catalog, namespace: shop }
      spec:
        host: catalog.shop.svc.cluster.local
        subsets: [ { labels: { version: v1 }, name: v1 }, { labels: { version: v2 }, name: v2 } ]
        trafficPolicy:
          loadBalancer:
            consistentHash:
              httpCookie: { attributes: [ { name: SameSite, value: Strict } ], name: session, path: /, ttl: 3600s }
    `);
  });

  describe.each(envoys)('Envoy, configured by %s,', (_, { web }) => {
    test('has a ring of at least 1024 entries for each cluster', () => {
      for (const cluster of [CATALOG, V1, V2]) {
        expect(web.cluster(cluster)).toMatchObject({ lbPolicy: 'RING_HASH', ringHashLbConfig: { minimumRingSize: '1024' } });
      }
    });

    test('has the key on the route, and sets the cookie where it is missing', () => {
      const [{ route }] = web.routes('catalog.shop.svc.cluster.local:80');
      const cookie = { name: 'session', ttl: '3600s', path: '/', attributes: [{ name: 'SameSite', value: 'Strict' }] };
      expect(route.hashPolicy).toEqual([{ cookie }]);
      expect(web.get('http://catalog/').hashedBy).toEqual(['cookie session']);
    });
  });
});

describe('a load balancer by locality', () => {
  const { manifests, envoys } = patternOf('load-balancing-by-locality');

  test('is next to the outlier detection that says which endpoints have failed', () => {
    expect(manifests).toMatchInlineSnapshot(`
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: { name: catalog, namespace: shop }
      spec:
        host: catalog.shop.svc.cluster.local
        subsets: [ { labels: { version: v1 }, name: v1 }, { labels: { version: v2 }, name: v2 } ]
        trafficPolicy:
          loadBalancer: { localityLbSetting: { failover: [ { from: eu-west, to: eu-north } ] } }
          outlierDetection: { maxEjectionPercent: 100 }
    `);
  });

  describe.each(envoys)('Envoy, configured by %s,', (_, { web }) => {
    test('prefers endpoints by locality, and knows which ones have failed', () => {
      const { commonLbConfig, outlierDetection } = web.cluster(CATALOG);
      expect(commonLbConfig).toMatchObject({ localityWeightedLbConfig: {} });
      expect(outlierDetection).toMatchObject({ maxEjectionPercent: 100 });
    });
  });
});
