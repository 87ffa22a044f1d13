import { patternOf } from './pattern';

const HOST = 'catalog.shop.svc.cluster.local';
const share = (port: number, subset: string, weight: number) => ({ name: `outbound|${port}|${subset}|${HOST}`, weight });

describe('a canary of a service with several ports', () => {
  const { manifests, envoys } = patternOf('ports');

  test('states the split for the requests and the connections of every port', () => {
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
        hosts: [ catalog.shop.svc.cluster.local, catalog, catalog.shop, catalog.shop.svc ]
        http:
          - match: [ { port: 80 } ]
            name: default-80
            route:
              - { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 }, subset: v1 }, weight: 90 }
              - { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 }, subset: v2 }, weight: 10 }
          - match: [ { port: 8080 } ]
            name: default-8080
            route:
              - { destination: { host: catalog.shop.svc.cluster.local, port: { number: 8080 }, subset: v1 }, weight: 90 }
              - { destination: { host: catalog.shop.svc.cluster.local, port: { number: 8080 }, subset: v2 }, weight: 10 }
        tcp:
          - match: [ { port: 5432 } ]
            route:
              - { destination: { host: catalog.shop.svc.cluster.local, port: { number: 5432 }, subset: v1 }, weight: 90 }
              - { destination: { host: catalog.shop.svc.cluster.local, port: { number: 5432 }, subset: v2 }, weight: 10 }
        tls:
          - match:
              - { port: 8443, sniHosts: [ catalog.shop.svc.cluster.local ] }
              - { port: 8443, sniHosts: [ catalog ] }
              - { port: 8443, sniHosts: [ catalog.shop ] }
              - { port: 8443, sniHosts: [ catalog.shop.svc ] }
            route:
              - { destination: { host: catalog.shop.svc.cluster.local, port: { number: 8443 }, subset: v1 }, weight: 90 }
              - { destination: { host: catalog.shop.svc.cluster.local, port: { number: 8443 }, subset: v2 }, weight: 10 }
    `);
  });

  describe.each(envoys)('Envoy, configured by %s,', (_, { web }) => {
    test('splits the requests of each HTTP port by a route of its own', () => {
      for (const port of [80, 8080]) {
        expect(web.routes(`${HOST}:${port}`)).toMatchObject([
          { name: `default-${port}`, route: { weightedClusters: { clusters: [share(port, 'v1', 90), share(port, 'v2', 10)] } } },
        ]);
        expect(web.get(`http://catalog:${port}/`)).toSplitTraffic({ v1: 90, v2: 10 });
      }
    });

    test('splits the connections of the TCP port', () => {
      expect(web.connect({ host: 'catalog', port: 5432, address: '10.200.0.2' })).toSplitTraffic({ v1: 90, v2: 10 });
    });

    test('splits TLS connections by each name that callers of a Service use', () => {
      for (const serverName of ['catalog', 'catalog.shop', 'catalog.shop.svc', 'catalog.shop.svc.cluster.local']) {
        expect(web.connect({ host: 'catalog', port: 8443, address: '10.200.0.2', serverName })).toSplitTraffic({ v1: 90, v2: 10 });
      }
    });

    test('passes TLS of any other server name by, to whatever version answers', () => {
      const other = web.connect({ host: 'catalog', port: 8443, address: '10.200.0.2', serverName: 'catalog.example.com' });
      expect(other.split.map(({ cluster }) => cluster)).toEqual(['PassthroughCluster']);
    });
  });
});
