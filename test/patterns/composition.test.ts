import { patternOf } from './pattern';

const CATALOG = 'catalog.shop.svc.cluster.local:80';

describe('several statements about one service', () => {
  const { manifests, envoys } = patternOf('composition');

  test('become one DestinationRule and one VirtualService', () => {
    expect(manifests).toMatchInlineSnapshot(`
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: { name: catalog, namespace: shop }
      spec:
        host: catalog.shop.svc.cluster.local
        subsets:
          - { labels: { version: v1 }, name: v1 }
          - { labels: { version: v2 }, name: v2 }
          - { labels: { version: v3 }, name: v3 }
      ---
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: { name: catalog, namespace: shop }
      spec:
        hosts: [ catalog.shop.svc.cluster.local ]
        http:
          - match: [ { headers: { x-cohort: { exact: internal } }, uri: { prefix: /items } } ]
            name: items.internal
            rewrite: { uri: /v1/items }
            route: [ { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 }, subset: v2 } } ]
            timeout: 2s
          - match: [ { uri: { prefix: /items } } ]
            name: items
            rewrite: { uri: /v1/items }
            route:
              - { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 }, subset: v1 }, weight: 90 }
              - { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 }, subset: v3 }, weight: 10 }
            timeout: 2s
          - match: [ { headers: { x-cohort: { exact: internal } } } ]
            name: default.internal
            route: [ { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 }, subset: v2 } } ]
          - name: default
            route:
              - { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 }, subset: v1 }, weight: 90 }
              - { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 }, subset: v3 }, weight: 10 }
    `);
  });

  describe.each(envoys)('Envoy, configured by %s,', (_, { web }) => {
    test('tries the cohort of each route first, and the default last', () => {
      expect(web.routes(CATALOG).map(({ name }) => name)).toEqual(['items.internal', 'items', 'default.internal', 'default']);
    });

    test('gives the cohort of a route the rewrite and the timeout of the route', () => {
      const [cohort] = web.routes(CATALOG);
      expect(cohort).toMatchObject({
        match: { prefix: '/items', headers: [{ name: 'x-cohort', stringMatch: { exact: 'internal' } }] },
        route: { cluster: 'outbound|80|v2|catalog.shop.svc.cluster.local', prefixRewrite: '/v1/items', timeout: '2s' },
      });
    });

    test('has a cluster for each version and one for the whole service', () => {
      for (const version of ['v1', 'v2', 'v3', '']) {
        expect(web.cluster(`outbound|80|${version}|catalog.shop.svc.cluster.local`)).toMatchObject({ type: 'EDS' });
      }
    });

    test('sends the cohort to v2, and splits the other requests', () => {
      const internal = { headers: { 'x-cohort': 'internal' } };
      expect(web).toHandle([
        { request: 'http://catalog/items/7', ...internal, routesTo: 'catalog/v2', rewritesTo: '/v1/items/7', timesOutAfter: '2s' },
        { request: 'http://catalog/items/7', splitsTraffic: { v1: 90, v3: 10 }, rewritesTo: '/v1/items/7', timesOutAfter: '2s' },
        { request: 'http://catalog/', ...internal, routesTo: 'catalog/v2', rewritesTo: '/' },
        { request: 'http://catalog/', splitsTraffic: { v1: 90, v3: 10 }, rewritesTo: '/' },
      ]);
    });
  });
});
