import { patternOf } from './pattern';
import { inboundChain, inboundRules } from '../../conformance/case';
import type { Manifest } from '../manifests';
import { newChart } from '../manifests';
import { AccessPolicy, Caller, IngressGateway, MeshService, PolicyScope, PublicHost, ServicePort, WorkloadAccess } from 'cdk8s-istio';
import { Mesh } from 'cdk8s-istio/simulator';

/** Our translation leaves the filters of who may call out, so that these facts are istiod's alone. */
const asIstiodConfiguresIt = (page: string) => {
  const { manifests, envoys: [[, { catalog }]] } = patternOf(page);
  return {
    manifests,
    chain: (transport: 'tls' | 'raw_buffer') => inboundChain('catalog', 3000, transport).find(catalog.config),
    rules: inboundRules('catalog', 3000).find(catalog.config),
  };
};

/** An identity as Envoy reads it from the certificate of a caller. */
const identity = (account: string) => {
  const authenticated = { principalName: { exact: `spiffe://cluster.local/ns/${account}` } };
  return { andIds: { ids: [{ orIds: { ids: [{ authenticated }] } }] } };
};
const allOf = (...rules: object[]) => ({ andRules: { rules: rules.map(rule => ({ orRules: { rules: [rule] } })) } });

describe('the access to a service', () => {
  const { manifests, chain, rules } = asIstiodConfiguresIt('access');

  test('is one PeerAuthentication and one AuthorizationPolicy, whose ports are those of the pods', () => {
    expect(manifests).toMatchInlineSnapshot(`
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: { name: catalog, namespace: shop }
      spec: { host: catalog.shop.svc.cluster.local, trafficPolicy: { connectionPool: { tcp: { maxConnections: 100 } } } }
      ---
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: { name: catalog, namespace: shop }
      spec: { mtls: { mode: STRICT }, selector: { matchLabels: { app: catalog } } }
      ---
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata: { name: catalog, namespace: shop }
      spec:
        action: ALLOW
        rules:
          - from: [ { source: { principals: [ cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account ] } } ]
            to: [ { operation: { ports: [ "3000" ] } } ]
          - from: [ { source: { principals: [ cluster.local/ns/shop/sa/web ] } } ]
            to: [ { operation: { methods: [ GET ], paths: [ /items* ] } } ]
        selector: { matchLabels: { app: catalog } }
    `);
  });

  describe('the Envoy of the called pod', () => {
    test('takes mutual TLS and no plaintext', () => {
      expect(chain('tls')).toMatchObject({ transportSocket: { typedConfig: { requireClientCertificate: true } } });
      expect(chain('raw_buffer')).toBeUndefined();
    });

    test('lets the gateway call port 3000 of the pod, and web read items', () => {
      expect(rules.policies).toEqual({
        'ns[shop]-policy[catalog]-rule[0]': {
          permissions: [allOf({ destinationPort: 3000 })], principals: [identity('istio-system/sa/istio-ingressgateway-service-account')],
        },
        'ns[shop]-policy[catalog]-rule[1]': {
          permissions: [allOf({ header: { name: ':method', stringMatch: { exact: 'GET' } } }, { urlPath: { path: { prefix: '/items' } } })],
          principals: [identity('shop/sa/web')],
        },
      });
    });

    test('denies everybody else: its rules allow, which is the default action of the filter', () => {
      expect(rules).not.toHaveProperty('action');
    });
  });
});

describe('access that is denied by default', () => {
  const { manifests, chain, rules } = asIstiodConfiguresIt('access-denied-by-default');

  test('is an AuthorizationPolicy without rules beside those that allow', () => {
    expect(manifests).toMatchInlineSnapshot(`
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata: { name: catalog, namespace: shop }
      spec:
        action: ALLOW
        rules: [ { from: [ { source: { principals: [ cluster.local/ns/shop/sa/web ] } } ] } ]
        selector: { matchLabels: { app: catalog } }
      ---
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: { name: default, namespace: shop }
      spec: { mtls: { mode: STRICT } }
      ---
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata: { name: default, namespace: shop }
      spec: {}
    `);
  });

  describe('the Envoy of the called pod', () => {
    test('lets only web call: no request meets the rule of the default', () => {
      expect(rules.policies).toMatchObject({
        'ns[shop]-policy[catalog]-rule[0]': { principals: [identity('shop/sa/web')] },
        'ns[shop]-policy[default]-rule[0]': { permissions: [{ notRule: { any: true } }], principals: [{ notId: { any: true } }] },
      });
      expect(Object.keys(rules.policies)).toHaveLength(2);
    });

    test('takes no plaintext', () => {
      expect(chain('raw_buffer')).toBeUndefined();
    });
  });
});

describe('a mesh that denies all callers', () => {
  const ACCOUNT = 'istio-ingressgateway-service-account';

  /** What clients of the gateway get, if a service allows the gateway. */
  const publicRequest = (letsClientsIn: boolean) => {
    const chart = newChart();
    const catalog = new MeshService(chart, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)], selector: { app: 'catalog' } });
    const gateway = new IngressGateway(chart, 'Gateway', { identity: Caller.gateway(ACCOUNT) });
    catalog.exposeVia(new PublicHost(chart, 'Host', { gateway, host: 'shop.example.com' }));
    new AccessPolicy(chart, 'Closed', { scope: PolicyScope.mesh(), denyByDefault: true });
    new WorkloadAccess(chart, 'Edge', { service: catalog, callers: [Caller.gateway(ACCOUNT)] });
    new WorkloadAccess(chart, 'Clients', { gateway, callers: [Caller.anyone()] });
    const objects = (chart.toJson() as Manifest[]).filter(({ metadata: { name } }) => letsClientsIn || name !== 'clients');
    const mesh = Mesh.fromManifests(objects, { assumeServices: [{ name: 'catalog', namespace: 'shop', ports: [80] }] });
    return mesh.gateway({ namespace: 'istio-system', labels: { istio: 'ingressgateway' } }).get('http://shop.example.com/');
  };

  test('also closes its ingress gateways', () => {
    expect(publicRequest(false)).toMatchObject({ outcome: 'denied', status: 403 });
  });

  test('has open gateways where a statement about the gateway lets clients in', () => {
    expect(publicRequest(true)).toMatchObject({ outcome: 'routed' });
  });
});
