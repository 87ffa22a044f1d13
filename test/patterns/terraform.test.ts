import { patternOf } from './pattern';

describe('a stack of the Terraform CDK', () => {
  const { manifests, envoys } = patternOf('terraform');

  test('applies the very objects that cdk8s would write', () => {
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
    test('splits the traffic as it does without Terraform', () => {
      expect(web.get('http://catalog/')).toSplitTraffic({ v1: 90, v2: 10 });
    });
  });
});
