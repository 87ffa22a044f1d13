import { patternOf } from './pattern';

const [V1, V2] = ['v1', 'v2'].map(version => `outbound|80|${version}|catalog.shop.svc.cluster.local`);
const staff = { headers: { 'x-staff': 'yes' } };

describe('a dark launch', () => {
  const { manifests, envoys } = patternOf('dark-launch');

  test('states every route twice: first for the cohort, then for everybody else', () => {
    expect(manifests).toMatchInlineSnapshot(`
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: { name: catalog, namespace: shop }
      spec:
        host: catalog.shop.svc.cluster.local
        subsets: [ { labels: { version: v1 }, name: v1 }, { labels: { version: v2 }, name: v2 } ]
      ---
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: { name: catalog, namespace: shop }
      spec:
        hosts: [ catalog.shop.svc.cluster.local ]
        http:
          - match: [ { headers: { x-staff: { exact: "yes" } }, uri: { prefix: /items } } ]
            name: items.staff
            rewrite: { uri: /v1/items }
            route: [ { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 }, subset: v2 } } ]
            timeout: 2s
          - match: [ { uri: { prefix: /items } } ]
            name: items
            rewrite: { uri: /v1/items }
            route: [ { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 }, subset: v1 } } ]
            timeout: 2s
          - match: [ { headers: { x-staff: { exact: "yes" } } } ]
            name: default.staff
            route: [ { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 }, subset: v2 } } ]
          - name: default
            route: [ { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 }, subset: v1 } } ]
    `);
  });

  describe.each(envoys)('Envoy, configured by %s,', (_, { web }) => {
    test('tries the cohort first in every route, with the treatment of the route', () => {
      const header = { headers: [{ name: 'x-staff', stringMatch: { exact: 'yes' } }] };
      const items = { prefixRewrite: '/v1/items', timeout: '2s', retryPolicy: { numRetries: 2 } };
      expect(web.routes('catalog.shop.svc.cluster.local:80')).toMatchObject([
        { name: 'items.staff', match: { prefix: '/items', ...header }, route: { cluster: V2, ...items } },
        { name: 'items', match: { prefix: '/items' }, route: { cluster: V1, ...items } },
        { name: 'default.staff', match: { prefix: '/', ...header }, route: { cluster: V2 } },
        { name: 'default', match: { prefix: '/' }, route: { cluster: V1 } },
      ]);
    });

    test('sends requests with the header to v2 and all others to v1', () => {
      expect(web).toHandle([
        { request: 'http://catalog/items/7', ...staff, routesTo: 'catalog/v2', rewritesTo: '/v1/items/7', timesOutAfter: '2s' },
        { request: 'http://catalog/items/7', routesTo: 'catalog/v1', rewritesTo: '/v1/items/7', timesOutAfter: '2s' },
        { request: 'http://catalog/', ...staff, routesTo: 'catalog/v2' },
        { request: 'http://catalog/', routesTo: 'catalog/v1' },
        { request: 'http://catalog/', headers: { 'x-staff': 'no' }, routesTo: 'catalog/v1' },
      ]);
    });
  });
});
