import { patternOf } from './pattern';

describe('a public host', () => {
  const { manifests, envoys } = patternOf('ingress');

  test('is a Gateway and a VirtualService that all exposed services share', () => {
    expect(manifests).toMatchInlineSnapshot(`
      apiVersion: networking.istio.io/v1
      kind: Gateway
      metadata: { name: shop-gateway, namespace: shop }
      spec:
        selector: { istio: ingressgateway }
        servers:
          - { hosts: [ shop.example.com ], port: { name: http, number: 80, protocol: HTTP }, tls: { httpsRedirect: true } }
          - hosts: [ shop.example.com ]
            port: { name: https, number: 443, protocol: HTTPS }
            tls: { credentialName: shop-cert, mode: SIMPLE }
      ---
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: { name: shop-example-com, namespace: shop }
      spec:
        gateways: [ shop-gateway ]
        hosts: [ shop.example.com ]
        http:
          - match: [ { uri: { exact: /api } }, { uri: { prefix: /api/ } } ]
            name: catalog.default
            rewrite: { uri: / }
            route: [ { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 } } } ]
          - { name: web.default, route: [ { destination: { host: web.shop.svc.cluster.local, port: { number: 8080 } } } ] }
    `);
  });

  describe.each(envoys)('the gateway, configured by %s,', (_, { gateway }) => {
    test('tries the path of catalog before the rest of the host, each at the port of its service', () => {
      const catalog = { cluster: 'outbound|80||catalog.shop.svc.cluster.local', prefixRewrite: '/' };
      expect(gateway.routes('shop.example.com:443')).toMatchObject([
        { name: 'catalog.default', match: { path: '/api' }, route: catalog },
        { name: 'catalog.default', match: { prefix: '/api/' }, route: catalog },
        { name: 'web.default', match: { prefix: '/' }, route: { cluster: 'outbound|8080||web.shop.svc.cluster.local' } },
      ]);
    });

    test('redirects HTTP to HTTPS', () => {
      expect(gateway.virtualHost('shop.example.com:80')).toMatchObject({ requireTls: 'ALL' });
      expect(gateway.get('http://shop.example.com/items?page=2')).toRedirectTo('https://shop.example.com/items?page=2', 301);
    });

    test('leads /api to catalog, which sees the path without it, and everything else to web', () => {
      expect(gateway).toHandle([
        { request: 'https://shop.example.com/api', routesTo: 'catalog', rewritesTo: '/' },
        { request: 'https://shop.example.com/api/items', routesTo: 'catalog', rewritesTo: '/items' },
        { request: 'https://shop.example.com/apis', routesTo: 'web', rewritesTo: '/apis' },
        { request: 'https://shop.example.com/', routesTo: 'web' },
      ]);
    });
  });

  describe.each(envoys)('a sidecar, configured by %s,', (_, { web }) => {
    test('does not know the public host', () => {
      for (const port of [80, 443]) expect(web.virtualHost(`shop.example.com:${port}`)).toBeUndefined();
    });
  });
});
