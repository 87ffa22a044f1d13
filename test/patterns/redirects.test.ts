import { patternOf } from './pattern';

describe('routes that lead elsewhere', () => {
  const { manifests, envoys } = patternOf('redirects');

  test('are a redirect, a direct response and weighted targets', () => {
    expect(manifests).toMatchInlineSnapshot(`
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: { name: catalog, namespace: shop }
      spec: { host: catalog.shop.svc.cluster.local, subsets: [ { labels: { version: v2 }, name: v2 } ] }
      ---
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: { name: catalog, namespace: shop }
      spec:
        hosts: [ catalog.shop.svc.cluster.local ]
        http:
          - match: [ { uri: { prefix: /old } } ]
            name: moved
            redirect: { authority: shop.example.com, prefixRewrite: /new, redirectCode: 308 }
          - directResponse: { body: { string: closed }, status: 503 }
            match: [ { uri: { prefix: /orders } } ]
            name: closed
          - match: [ { uri: { prefix: /search } } ]
            name: search
            route:
              - { destination: { host: legacy.shop.svc.cluster.local, port: { number: 8080 } }, weight: 3 }
              - destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 }, subset: v2 }
                headers: { request: { set: { x-moved: "yes" } } }
                weight: 1
          - { name: default, route: [ { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 } } } ] }
    `);
  });

  describe.each(envoys)('Envoy, configured by %s,', (_, { web }) => {
    const route = (wanted: string) => web.routes('catalog.shop.svc.cluster.local:80').find(({ name }) => name === wanted);

    test('redirects old addresses for good, to another host and prefix', () => {
      const redirect = { hostRedirect: 'shop.example.com', prefixRewrite: '/new', responseCode: 'PERMANENT_REDIRECT' };
      expect(route('moved').redirect).toEqual(redirect);
      expect(web.get('http://catalog/old/a?b=c')).toRedirectTo('http://shop.example.com/new/a?b=c', 308);
    });

    test('answers orders itself', () => {
      expect(route('closed')).toMatchObject({ directResponse: { status: 503, body: { inlineString: 'closed' } } });
      expect(web.get('http://catalog/orders')).toRespondWith(503, 'closed');
    });

    test('sends three quarters of the searches to legacy, at the port of that service', () => {
      expect(route('search').route.weightedClusters.clusters).toMatchObject([
        { name: 'outbound|8080||legacy.shop.svc.cluster.local', weight: 3 },
        { name: 'outbound|80|v2|catalog.shop.svc.cluster.local', weight: 1 },
      ]);
      expect(web.get('http://catalog/search?q=tea')).toSplitTraffic({ 'legacy': 75, 'catalog/v2': 25 });
    });

    test('marks the searches that v2 gets, and no others', () => {
      const search = web.get('http://catalog/search');
      expect(search.split.map(share => search.requestHeaderChanges(share).get('x-moved'))).toEqual([undefined, 'yes']);
    });

    test('leads everything else to the service', () => {
      expect(web.get('http://catalog/items')).toRouteTo('catalog');
    });
  });
});
