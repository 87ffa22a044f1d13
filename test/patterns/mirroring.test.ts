import { patternOf } from './pattern';

describe('a mirror', () => {
  const { manifests, envoys } = patternOf('mirroring');

  test('stands on the route that it copies', () => {
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
          - mirrors:
              - { destination: { host: audit.shop.svc.cluster.local, port: { number: 8080 } } }
              - destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 }, subset: v2 }
                percentage: { value: 12.5 }
            name: default
            route: [ { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 }, subset: v1 } } ]
    `);
  });

  describe.each(envoys)('Envoy, configured by %s,', (_, { web }) => {
    test('has one request mirror policy for each mirror; 12.5 % is 125000 of a million', () => {
      const mirror = (cluster: string, defaultValue: object) => ({ cluster, runtimeFraction: { defaultValue } });
      expect(web.routes('catalog.shop.svc.cluster.local:80')).toMatchObject([{
        name: 'default',
        route: {
          cluster: 'outbound|80|v1|catalog.shop.svc.cluster.local',
          requestMirrorPolicies: [
            mirror('outbound|8080||audit.shop.svc.cluster.local', { numerator: 100 }),
            mirror('outbound|80|v2|catalog.shop.svc.cluster.local', { numerator: 125000, denominator: 'MILLION' }),
          ],
        },
      }]);
    });

    test('leaves the Host of a copy as it is', () => {
      const [{ route }] = web.routes('catalog.shop.svc.cluster.local:80');
      for (const mirror of route.requestMirrorPolicies) expect(mirror.disableShadowHostSuffixAppend).toBe(true);
    });

    test('lets v1 answer every request, and copies each to audit and one of eight to v2', () => {
      const decision = web.get('http://catalog/items');
      expect(decision).toRouteTo('catalog', 'v1');
      expect(decision).toMirrorTo('audit', undefined, 100);
      expect(decision).toMirrorTo('catalog', 'v2', 12.5);
    });
  });
});
