import { patternOf } from './pattern';

describe('a dependency that leaves via an egress gateway', () => {
  const { manifests, envoys } = patternOf('egress-gateway');

  test('is a ServiceEntry, a Gateway, two routes and a DestinationRule that fit each other', () => {
    expect(manifests).toMatchInlineSnapshot(`
      apiVersion: networking.istio.io/v1
      kind: ServiceEntry
      metadata: { name: api, namespace: shop }
      spec:
        hosts: [ api.example.com ]
        location: MESH_EXTERNAL
        ports: [ { name: http-80, number: 80, protocol: HTTP }, { name: tls-443, number: 443, protocol: TLS } ]
        resolution: DNS
      ---
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: { name: api, namespace: shop }
      spec: { host: api.example.com, trafficPolicy: { connectionPool: { tcp: { maxConnections: 20 } } } }
      ---
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: { name: api, namespace: shop }
      spec:
        gateways: [ istio-system/egress, mesh ]
        hosts: [ api.example.com ]
        http:
          - match: [ { gateways: [ mesh ], port: 80 } ]
            name: to-egress
            retries: { attempts: 2, retryOn: "connect-failure,refused-stream" }
            route:
              - destination:
                  host: istio-egressgateway.istio-system.svc.cluster.local
                  port: { number: 80 }
                  subset: api-example-com
          - match: [ { gateways: [ istio-system/egress ], port: 80 } ]
            name: default
            route: [ { destination: { host: api.example.com, port: { number: 80 } } } ]
            timeout: 2s
        tls:
          - match: [ { gateways: [ mesh ], port: 443, sniHosts: [ api.example.com ] } ]
            route: [ { destination: { host: istio-egressgateway.istio-system.svc.cluster.local, port: { number: 443 } } } ]
          - match: [ { gateways: [ istio-system/egress ], port: 443, sniHosts: [ api.example.com ] } ]
            route: [ { destination: { host: api.example.com, port: { number: 443 } } } ]
      ---
      apiVersion: networking.istio.io/v1
      kind: Gateway
      metadata: { name: egress, namespace: istio-system }
      spec:
        selector: { istio: egressgateway }
        servers:
          - hosts: [ api.example.com ]
            port: { name: https-mutual, number: 80, protocol: HTTPS }
            tls: { mode: ISTIO_MUTUAL }
          - { hosts: [ api.example.com ], port: { name: tls, number: 443, protocol: TLS }, tls: { mode: PASSTHROUGH } }
      ---
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: { name: istio-egressgateway, namespace: istio-system }
      spec:
        host: istio-egressgateway.istio-system.svc.cluster.local
        subsets:
          - labels: {}
            name: api-example-com
            trafficPolicy:
              portLevelSettings: [ { port: { number: 80 }, tls: { mode: ISTIO_MUTUAL, sni: api.example.com } } ]
    `);
  });

  describe.each(envoys)('the sidecar of the caller, configured by %s,', (_, { web }) => {
    const TO_EGRESS = 'outbound|80|api-example-com|istio-egressgateway.istio-system.svc.cluster.local';

    test('sends HTTP to the gateway by the mutual TLS of the mesh, under the name of the host', () => {
      expect(web.routes('api.example.com:80')).toMatchObject([{ name: 'to-egress', route: { cluster: TO_EGRESS } }]);
      expect(web.cluster(TO_EGRESS).transportSocket).toMatchObject({
        typedConfig: { sni: 'api.example.com', commonTlsContext: { tlsCertificateSdsSecretConfigs: [{ name: 'default' }] } },
      });
      expect(web.get('http://api.example.com/v1')).toRouteTo('istio-egressgateway.istio-system', 'api-example-com');
    });

    test('sends a request again only where the gateway has not seen it, and sets no time limit of its own', () => {
      const decision = web.get('http://api.example.com/v1');
      expect(decision).toRetry({ attempts: 2, on: ['connect-failure', 'refused-stream'] });
      expect(decision.retry!.on).toHaveLength(2);
      expect(decision.timeoutMs).toBeUndefined();
    });

    test('passes the TLS that the caller began to the gateway', () => {
      expect(web.get('https://api.example.com/v1')).toRouteTo('outbound|443||istio-egressgateway.istio-system.svc.cluster.local');
    });
  });

  describe.each(envoys)('the egress gateway, configured by %s,', (_, { egress }) => {
    test('treats the request as the constructs of the dependency say', () => {
      const route = { cluster: 'outbound|80||api.example.com', timeout: '2s' };
      expect(egress.routes('api.example.com:80')).toMatchObject([{ name: 'default', route }]);
      expect(egress.cluster('outbound|80||api.example.com')).toMatchObject({ circuitBreakers: { thresholds: [{ maxConnections: 20 }] } });
    });

    test('passes TLS through by its server name', () => {
      const chains = egress.listener('0.0.0.0_8443').filterChains;
      expect(chains).toMatchObject([{
        filterChainMatch: { serverNames: ['api.example.com'] },
        filters: [{ name: 'envoy.filters.network.tcp_proxy', typedConfig: { cluster: 'outbound|443||api.example.com' } }],
      }]);
    });
  });
});
