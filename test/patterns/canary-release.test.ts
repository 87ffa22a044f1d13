import { patternOf } from './pattern';

const CATALOG = 'catalog.shop.svc.cluster.local:80';
const [V1, V2] = ['v1', 'v2'].map(version => `outbound|80|${version}|catalog.shop.svc.cluster.local`);
const split = (v1: number, v2: number) => ({ weightedClusters: { clusters: [{ name: V1, weight: v1 }, { name: V2, weight: v2 }] } });

describe('a canary release', () => {
  const { manifests, envoys } = patternOf('canary-release');

  test('is a route with two weights, and a subset for each version', () => {
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
          - name: default
            route:
              - { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 }, subset: v1 }, weight: 90 }
              - { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 }, subset: v2 }, weight: 10 }
    `);
  });

  describe.each(envoys)('Envoy, configured by %s,', (_, { web }) => {
    test('has one route to two weighted clusters', () => {
      expect(web.routes(CATALOG)).toMatchObject([
        { name: 'default', match: { prefix: '/' }, route: split(90, 10) },
      ]);
    });

    test('sends 90 % of the requests to v1 and 10 % to v2', () => {
      expect(web.get('http://catalog/items')).toSplitTraffic({ v1: 90, v2: 10 });
    });

    test('knows the cluster of each version, so that no request is answered 503 with the flag NC', () => {
      for (const cluster of [V1, V2]) expect(web.cluster(cluster)).toMatchObject({ type: 'EDS' });
      expect(web.get('http://catalog/').outcome).toBe('routed');
    });
  });
});

describe('a canary release of one route', () => {
  const { manifests, envoys } = patternOf('canary-release-of-one-route');

  test('leaves the default route alone', () => {
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
          - match: [ { uri: { prefix: /items } } ]
            name: items
            route:
              - { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 }, subset: v1 }, weight: 995 }
              - { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 }, subset: v2 }, weight: 5 }
          - name: default
            route: [ { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 }, subset: v1 } } ]
    `);
  });

  describe.each(envoys)('Envoy, configured by %s,', (_, { web }) => {
    test('has the weights 995 and 5 for half a percent, and a plain cluster where nothing is split', () => {
      expect(web.routes(CATALOG)).toMatchObject([
        { name: 'items', match: { prefix: '/items' }, route: split(995, 5) },
        { name: 'default', match: { prefix: '/' }, route: { cluster: V1 } },
      ]);
    });

    test('sends half a percent of the requests for items to v2, and all others to v1', () => {
      expect(web.get('http://catalog/items')).toSplitTraffic({ v1: 99.5, v2: 0.5 });
      expect(web.get('http://catalog/orders')).toRouteTo('catalog', 'v1');
    });
  });
});

describe('a canary release with a sticky cookie', () => {
  const { manifests, envoys } = patternOf('canary-release-sticky');

  test('looks for the cookie before it splits', () => {
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
          - match: [ { headers: { cookie: { regex: (.*;\\s*)?version=v1(;.*)? } } } ]
            name: default.sticky-v1
            route: [ { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 }, subset: v1 } } ]
          - match: [ { headers: { cookie: { regex: (.*;\\s*)?version=v2(;.*)? } } } ]
            name: default.sticky-v2
            route: [ { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 }, subset: v2 } } ]
          - name: default
            route:
              - destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 }, subset: v1 }
                headers: { response: { add: { set-cookie: version=v1; Max-Age=3600; Path=/; HttpOnly } } }
                weight: 80
              - destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 }, subset: v2 }
                headers: { response: { add: { set-cookie: version=v2; Max-Age=3600; Path=/; HttpOnly } } }
                weight: 20
    `);
  });

  describe.each(envoys)('Envoy, configured by %s,', (_, { web }) => {
    test('matches the cookie by a regex on the header cookie', () => {
      const cookie = (regex: string) => ({ headers: [{ name: 'cookie', stringMatch: { safeRegex: { regex } } }] });
      expect(web.routes(CATALOG)).toMatchObject([
        { name: 'default.sticky-v1', match: cookie('(.*;\\s*)?version=v1(;.*)?'), route: { cluster: V1 } },
        { name: 'default.sticky-v2', match: cookie('(.*;\\s*)?version=v2(;.*)?'), route: { cluster: V2 } },
        { name: 'default', match: { prefix: '/' }, route: split(80, 20) },
      ]);
    });

    test('splits new clients and tells each by a cookie which version it met', () => {
      const decision = web.get('http://catalog/items');
      expect(decision).toSplitTraffic({ v1: 80, v2: 20 });
      const cookies = decision.split.map(share => decision.responseHeaderChanges(share).get('set-cookie'));
      expect(cookies).toEqual(['version=v1; Max-Age=3600; Path=/; HttpOnly', 'version=v2; Max-Age=3600; Path=/; HttpOnly']);
    });

    test('keeps a client with its version', () => {
      expect(web).toHandle([
        { request: 'http://catalog/items', headers: { cookie: 'version=v1' }, routesTo: 'catalog/v1' },
        { request: 'http://catalog/items', headers: { cookie: 'theme=dark; version=v2' }, routesTo: 'catalog/v2' },
      ]);
    });
  });
});
