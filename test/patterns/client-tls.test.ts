import { patternOf } from './pattern';

describe('TLS of callers', () => {
  const { manifests, envoys } = patternOf('client-tls');

  test('at one port keeps everything that the port inherits', () => {
    expect(manifests).toMatchInlineSnapshot(`
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: { name: catalog, namespace: shop }
      spec:
        host: catalog.shop.svc.cluster.local
        trafficPolicy:
          connectionPool: { tcp: { maxConnections: 100 } }
          portLevelSettings:
            - connectionPool: { tcp: { maxConnections: 100 } }
              port: { number: 8443 }
              tls: { caCertificates: /etc/certs/ca.pem, mode: SIMPLE }
    `);
  });

  describe.each(envoys)('Envoy, configured by %s,', (_, { web }) => {
    const [clear, tls] = [80, 8443].map(port => web.cluster(`outbound|${port}||catalog.shop.svc.cluster.local`));

    test('originates TLS to port 8443 and checks the certificate against the file', () => {
      const { name, typedConfig: { commonTlsContext } } = tls.transportSocket;
      expect(name).toBe('envoy.transport_sockets.tls');
      expect(commonTlsContext.combinedValidationContext.validationContextSdsSecretConfig.name).toBe('file-root:/etc/certs/ca.pem');
    });

    test('asks for the Host of each request, and checks that the certificate is for it', () => {
      const { upstreamHttpProtocolOptions } = tls.typedExtensionProtocolOptions['envoy.extensions.upstreams.http.v3.HttpProtocolOptions'];
      expect(upstreamHttpProtocolOptions).toEqual({ autoSni: true, autoSanValidation: true });
    });

    test('leaves port 80 to the automatic mutual TLS of the mesh', () => {
      expect(clear).not.toHaveProperty('transportSocket');
      expect(clear.transportSocketMatches).toEqual(['tlsMode-istio', 'tlsMode-disabled']);
    });

    test('has the limits of the service at both ports', () => {
      for (const cluster of [clear, tls]) expect(cluster.circuitBreakers.thresholds).toMatchObject([{ maxConnections: 100 }]);
    });
  });
});
