import { patternOf } from './pattern';

const CATALOG = 'catalog.shop.svc.cluster.local:80';
const [V1, V2, V3] = ['v1', 'v2', 'v3'].map(version => `outbound|80|${version}|catalog.shop.svc.cluster.local`);

describe('the order of routes', () => {
  const { manifests, envoys } = patternOf('route-order');

  test('is that of the priorities where matches overlap; the default is last', () => {
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
          - match: [ { uri: { exact: /items/1 } } ]
            name: one
            route: [ { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 }, subset: v1 } } ]
          - match: [ { method: { exact: POST }, uri: { prefix: /items } } ]
            name: write
            route: [ { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 }, subset: v3 } } ]
          - match: [ { uri: { regex: "/items/[0-9]+" } } ]
            name: item
            route: [ { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 }, subset: v2 } } ]
          - match: [ { uri: { prefix: /items } } ]
            name: all
            route: [ { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 }, subset: v1 } } ]
          - { name: default, route: [ { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 } } } ] }
    `);
  });

  describe.each(envoys)('Envoy, configured by %s,', (_, { web }) => {
    test('tries the narrower match first', () => {
      const post = { name: ':method', stringMatch: { exact: 'POST' } };
      expect(web.routes(CATALOG)).toMatchObject([
        { name: 'one', match: { path: '/items/1' }, route: { cluster: V1 } },
        { name: 'write', match: { prefix: '/items', headers: [post] }, route: { cluster: V3 } },
        { name: 'item', match: { safeRegex: { regex: '/items/[0-9]+' } }, route: { cluster: V2 } },
        { name: 'all', match: { prefix: '/items' }, route: { cluster: V1 } },
        { name: 'default', match: { prefix: '/' } },
      ]);
    });

    test('takes the first match', () => {
      expect(web).toHandle([
        { request: 'POST http://catalog/items/1', routesTo: 'catalog/v1' },
        { request: 'POST http://catalog/items/7', routesTo: 'catalog/v3' },
        { request: 'http://catalog/items/7', routesTo: 'catalog/v2' },
        { request: 'http://catalog/items', routesTo: 'catalog/v1' },
        { request: 'http://catalog/orders', routesTo: 'catalog' },
      ]);
    });
  });
});

describe('a cohort with a longer path than its route', () => {
  const { manifests, envoys } = patternOf('route-order-of-a-cohort');

  test('has a rewrite that is as much longer', () => {
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
          - match: [ { uri: { prefix: /items/search } } ]
            name: items.search
            rewrite: { uri: /v2/items/search }
            route: [ { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 }, subset: v2 } } ]
          - match: [ { uri: { prefix: /items } } ]
            name: items
            rewrite: { uri: /v2/items }
            route: [ { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 }, subset: v1 } } ]
          - name: default
            route: [ { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 }, subset: v1 } } ]
    `);
  });

  describe.each(envoys)('Envoy, configured by %s,', (_, { web }) => {
    test('replaces the part of the path that matched, so that the service receives what the route alone would send', () => {
      expect(web.routes(CATALOG)).toMatchObject([
        { name: 'items.search', match: { prefix: '/items/search' }, route: { cluster: V2, prefixRewrite: '/v2/items/search' } },
        { name: 'items', match: { prefix: '/items' }, route: { cluster: V1, prefixRewrite: '/v2/items' } },
        { name: 'default', match: { prefix: '/' }, route: { cluster: V1 } },
      ]);
      expect(web).toHandle([
        { request: 'http://catalog/items/search?q=tea', routesTo: 'catalog/v2', rewritesTo: '/v2/items/search?q=tea' },
        { request: 'http://catalog/items/7', routesTo: 'catalog/v1', rewritesTo: '/v2/items/7' },
      ]);
    });
  });
});
