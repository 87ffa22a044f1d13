import { patternOf } from './pattern';

describe('an external dependency', () => {
  const { manifests, envoys } = patternOf('external-dependencies');

  test('is a ServiceEntry with the policies of a service', () => {
    expect(manifests).toMatchInlineSnapshot(`
      apiVersion: networking.istio.io/v1
      kind: ServiceEntry
      metadata: { name: api, namespace: shop }
      spec:
        hosts: [ api.example.com ]
        location: MESH_EXTERNAL
        ports:
          - { name: http-80, number: 80, protocol: HTTP, targetPort: 443 }
          - { name: https-443, number: 443, protocol: HTTPS }
        resolution: DNS
      ---
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: { name: api, namespace: shop }
      spec:
        host: api.example.com
        trafficPolicy:
          connectionPool: { tcp: { maxConnections: 10 } }
          outlierDetection: { consecutive5xxErrors: 3, maxEjectionPercent: 100 }
          portLevelSettings:
            - connectionPool: { tcp: { maxConnections: 10 } }
              outlierDetection: { consecutive5xxErrors: 3, maxEjectionPercent: 100 }
              port: { number: 80 }
              tls: { mode: SIMPLE }
      ---
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: { name: api, namespace: shop }
      spec:
        hosts: [ api.example.com ]
        http:
          - { name: default, route: [ { destination: { host: api.example.com, port: { number: 80 } } } ], timeout: 2s }
    `);
  });

  describe.each(envoys)('Envoy, configured by %s,', (_, { web }) => {
    const [http, https] = [80, 443].map(port => web.cluster(`outbound|${port}||api.example.com`));

    test('times the request and speaks TLS to port 443 of every address of the host', () => {
      expect(web.get('http://api.example.com/v1')).toTimeOutAfter('2s');
      expect(http).toMatchObject({ type: 'STRICT_DNS', transportSocket: { name: 'envoy.transport_sockets.tls' } });
      const [{ lbEndpoints: [{ endpoint }] }] = http.loadAssignment.endpoints;
      expect(endpoint.address.socketAddress).toEqual({ address: 'api.example.com', portValue: 443 });
    });

    test('asks for the Host of the request, and checks the certificate for it', () => {
      const { upstreamHttpProtocolOptions } = http.typedExtensionProtocolOptions['envoy.extensions.upstreams.http.v3.HttpProtocolOptions'];
      expect(upstreamHttpProtocolOptions).toEqual({ autoSni: true, autoSanValidation: true });
    });

    test('leaves what callers encrypt themselves as it is', () => {
      expect(https).not.toHaveProperty('transportSocket');
    });

    test('has the same limits and ejection at both ports', () => {
      for (const cluster of [http, https]) {
        expect(cluster.circuitBreakers.thresholds).toMatchObject([{ maxConnections: 10 }]);
        expect(cluster.outlierDetection).toMatchObject({ consecutive5xx: 3, maxEjectionPercent: 100 });
      }
    });
  });
});

describe('external dependencies by resolution', () => {
  const { manifests, envoys } = patternOf('external-dependencies-by-resolution');

  test('are a wildcard whose hosts are looked up for each request, and endpoints by address', () => {
    expect(manifests).toMatchInlineSnapshot(`
      apiVersion: networking.istio.io/v1
      kind: ServiceEntry
      metadata: { name: partners, namespace: shop }
      spec:
        hosts: [ "*.partner.example.com" ]
        location: MESH_EXTERNAL
        ports: [ { name: http-80, number: 80, protocol: HTTP } ]
        resolution: DYNAMIC_DNS
      ---
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: { name: partners, namespace: shop }
      spec:
        host: "*.partner.example.com"
        trafficPolicy: { portLevelSettings: [ { port: { number: 80 }, tls: { mode: SIMPLE } } ] }
      ---
      apiVersion: networking.istio.io/v1
      kind: ServiceEntry
      metadata: { name: ledger, namespace: shop }
      spec:
        endpoints:
          - { address: 10.1.1.1, locality: eu-west/zone1, ports: { http: 8080 }, weight: 3 }
          - { address: 10.2.1.1, locality: eu-north/zone1, network: north }
        hosts: [ ledger.internal.example ]
        location: MESH_EXTERNAL
        ports: [ { name: http, number: 80, protocol: HTTP } ]
        resolution: STATIC
    `);
  });

  describe.each(envoys)('Envoy, configured by %s,', (_, { web }) => {
    test('looks up the very host of each request by a dynamic forward proxy, and speaks TLS to it', () => {
      expect(web.cluster('outbound|80||*.partner.example.com')).toMatchObject({
        clusterType: { name: 'envoy.clusters.dynamic_forward_proxy' }, transportSocket: { name: 'envoy.transport_sockets.tls' },
      });
      expect(web.get('http://eu.partner.example.com/').split.map(({ cluster }) => cluster)).toEqual(['outbound|80||*.partner.example.com']);
    });

    test('gets the stated endpoints of the ledger from istiod', () => {
      expect(web.cluster('outbound|80||ledger.internal.example')).toMatchObject({ type: 'EDS' });
      expect([...web.config.endpoints['outbound|80||ledger.internal.example']].sort()).toEqual(['10.1.1.1:8080', '10.2.1.1:80']);
    });
  });
});
