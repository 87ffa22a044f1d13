import { patternOf } from './pattern';

describe('an egress policy', () => {
  const { manifests, envoys } = patternOf('egress');

  test('is one Sidecar for each scope; the narrower repeats the mode of the wider', () => {
    expect(manifests).toMatchInlineSnapshot(`
      apiVersion: networking.istio.io/v1
      kind: ServiceEntry
      metadata: { name: api, namespace: partners }
      spec:
        hosts: [ api.example.com ]
        location: MESH_EXTERNAL
        ports: [ { name: http-80, number: 80, protocol: HTTP }, { name: tls-443, number: 443, protocol: TLS } ]
        resolution: DNS
      ---
      apiVersion: networking.istio.io/v1
      kind: Sidecar
      metadata: { name: default, namespace: istio-system }
      spec: { outboundTrafficPolicy: { mode: REGISTRY_ONLY } }
      ---
      apiVersion: networking.istio.io/v1
      kind: Sidecar
      metadata: { name: default, namespace: shop }
      spec:
        egress: [ { hosts: [ ./*, istio-system/*, data/*, partners/api.example.com ] } ]
        outboundTrafficPolicy: { mode: REGISTRY_ONLY }
    `);
  });

  describe.each(envoys)('Envoy, configured by %s,', (_, { web }) => {
    test('lets the declared host through, by the route default', () => {
      expect(web.routes('api.example.com:80')).toMatchObject([{ name: 'default', route: { cluster: 'outbound|80||api.example.com' } }]);
      expect(web.get('http://api.example.com/v1')).toRouteTo('api.example.com');
      expect(web.get('https://api.example.com/v1').split.map(({ cluster }) => cluster)).toEqual(['outbound|443||api.example.com']);
    });

    test('answers an undeclared HTTP host 502, by the route block_all', () => {
      expect(web.routes('block_all')).toMatchObject([{ name: 'block_all', directResponse: { status: 502 } }]);
      expect(web.get('http://elsewhere.example.com/')).toBeBlocked();
      expect(web.get('http://elsewhere.example.com/')).toRespondWith(502);
    });

    test('ends the connection of an undeclared server name in BlackHoleCluster', () => {
      const undeclared = web.get('https://elsewhere.example.com/');
      expect(undeclared).toBeBlocked();
      expect(undeclared.split.map(({ cluster }) => cluster)).toEqual(['BlackHoleCluster']);
    });

    test('knows its own namespace and the listed one, and has no cluster for a service of another', () => {
      expect(web.get('http://catalog/')).toRouteTo('catalog.shop');
      expect(web.get('http://data.data/')).toRouteTo('data.data');
      expect(web.get('http://other.elsewhere/')).toBeBlocked();
      expect(web.cluster('outbound|80||other.elsewhere.svc.cluster.local')).toBeUndefined();
    });
  });
});
