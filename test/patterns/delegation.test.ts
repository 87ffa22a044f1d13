import { patternOf } from './pattern';

describe('a delegation', () => {
  const { manifests, envoys } = patternOf('delegation');

  test('is a VirtualService of the host, and one of the team, exported to the namespace of the host', () => {
    expect(manifests).toMatchInlineSnapshot(`
      apiVersion: networking.istio.io/v1
      kind: Gateway
      metadata: { name: gateway, namespace: edge }
      spec:
        selector: { istio: ingressgateway }
        servers: [ { hosts: [ example.com ], port: { name: http, number: 80, protocol: HTTP } } ]
      ---
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: { name: example-com, namespace: edge }
      spec:
        gateways: [ gateway ]
        hosts: [ example.com ]
        http:
          - delegate: { name: shop-team, namespace: shop }
            match: [ { uri: { exact: /shop } }, { uri: { prefix: /shop/ } } ]
            name: shop-team
          - { name: web.default, route: [ { destination: { host: web.shop.svc.cluster.local, port: { number: 80 } } } ] }
      ---
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: { name: shop-team, namespace: shop }
      spec:
        exportTo: [ edge ]
        http:
          - match: [ { uri: { exact: /shop } }, { uri: { prefix: /shop/ } } ]
            name: catalog.default
            rewrite: { uri: / }
            route: [ { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 } } } ]
    `);
  });

  describe.each(envoys)('the gateway, configured by %s,', (_, { gateway }) => {
    test('has the routes of the delegate in place of the delegation, then those of the host', () => {
      const catalog = { cluster: 'outbound|80||catalog.shop.svc.cluster.local', prefixRewrite: '/' };
      expect(gateway.routes('example.com:80')).toMatchObject([
        { name: 'shop-team-catalog.default', match: { path: '/shop' }, route: catalog },
        { name: 'shop-team-catalog.default', match: { prefix: '/shop/' }, route: catalog },
        { name: 'web.default', match: { prefix: '/' }, route: { cluster: 'outbound|80||web.shop.svc.cluster.local' } },
      ]);
    });

    test('leads the delegated path to the team, and everything else to the owner of the host', () => {
      expect(gateway).toHandle([
        { request: 'http://example.com/shop/items', routesTo: 'catalog', rewritesTo: '/items' },
        { request: 'http://example.com/shop', routesTo: 'catalog', rewritesTo: '/' },
        { request: 'http://example.com/shopping', routesTo: 'web' },
        { request: 'http://example.com/', routesTo: 'web' },
      ]);
    });
  });
});
