import { patternOf } from './pattern';

const internal = { headers: { 'x-cohort': 'internal' } };

describe.each([
  { environment: 'dev', canary: 50, host: 'catalog.dev.example.com', isDark: true, isOpen: true },
  { environment: 'staging', canary: 10, host: 'catalog.staging.example.com', isDark: true, isOpen: false },
  { environment: 'prod', canary: 5, host: 'catalog.example.com', isDark: false, isOpen: false },
])('the environment $environment', ({ environment, canary, host, isDark, isOpen }) => {
  const { envoys } = patternOf(`environments-${environment}`);

  describe.each(envoys)('Envoy, configured by %s,', (_, { web, gateway }) => {
    test(`sends ${canary} % of the requests to the canary, in the mesh and at the gateway, and waits two seconds`, () => {
      for (const decision of [web.get('http://catalog/'), gateway.get(`http://${host}/`)]) {
        expect(decision).toSplitTraffic({ v1: 100 - canary, v2: canary });
        expect(decision).toTimeOutAfter('2s');
      }
    });

    test(isDark ? 'sends the internal cohort to v2' : 'treats the internal cohort as everybody', () => {
      if (isDark) expect(web.get('http://catalog/', internal)).toRouteTo('catalog', 'v2');
      else expect(web.get('http://catalog/', internal)).toSplitTraffic({ v1: 100 - canary, v2: canary });
    });

    test(isOpen ? 'lets calls of unknown hosts out' : 'blocks calls of unknown hosts', () => {
      expect(web.get('http://elsewhere.example.com/').outcome).toBe(isOpen ? 'passed through' : 'blocked');
    });
  });
});

test('production, whose settings differ from those of the others', () => {
  expect(patternOf('environments-prod').manifests).toMatchInlineSnapshot(`
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
            - { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 }, subset: v1 }, weight: 95 }
            - { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 }, subset: v2 }, weight: 5 }
          timeout: 2s
    ---
    apiVersion: networking.istio.io/v1
    kind: Gateway
    metadata: { name: gateway, namespace: shop }
    spec:
      selector: { istio: ingressgateway }
      servers: [ { hosts: [ catalog.example.com ], port: { name: http, number: 80, protocol: HTTP } } ]
    ---
    apiVersion: networking.istio.io/v1
    kind: VirtualService
    metadata: { name: catalog-example-com, namespace: shop }
    spec:
      gateways: [ gateway ]
      hosts: [ catalog.example.com ]
      http:
        - name: catalog.default
          route:
            - { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 }, subset: v1 }, weight: 95 }
            - { destination: { host: catalog.shop.svc.cluster.local, port: { number: 80 }, subset: v2 }, weight: 5 }
          timeout: 2s
    ---
    apiVersion: networking.istio.io/v1
    kind: Sidecar
    metadata: { name: default, namespace: shop }
    spec: { outboundTrafficPolicy: { mode: REGISTRY_ONLY } }
  `);
});
