import { replayed, resultOf, workload } from './mesh';

const LEDGER = workload('ledger', 'payments').replace('spec: { selector: { app: ledger }', 'spec: { clusterIP: 10.96.0.7, selector: { app: ledger }')
  + workload('catalog', 'shop');
const object = (apiVersion: string, kind: string, spec: string) => `
apiVersion: ${apiVersion}
kind: ${kind}
metadata: { name: it, namespace: shop }
${spec}
---`;
const entry = (spec: string) => object('networking.istio.io/v1', 'ServiceEntry',
  `spec: { ports: [{ number: 80, name: http, protocol: HTTP }], ${spec} }`);
const service = (spec: string, namespace = 'shop') => object('v1', 'Service', `spec: { ports: [{ name: http, port: 80 }], ${spec} }`)
  .replace('namespace: shop', `namespace: ${namespace}`);
const DENY = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ledger, namespace: payments }
spec: { hosts: [ledger.payments.svc.cluster.local], http: [{ directResponse: { status: 403 } }] }
---`;
const REGISTRY_ONLY = { meshConfig: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } } } as const;
const NEVER = 'never: { from: [{ namespace: shop }], requests: {}, to: { host: ledger.payments } }';
const ask = (more: string) => resultOf(LEDGER + DENY + more, NEVER, REGISTRY_ONLY);

test('a service whose only routes answer themselves is reached by no request', () => {
  expect(ask('').outcome).toBe('holds');
});

describe('it is not decided whether a request reaches the pods of a service that other hosts lead to:', () => {
  test.each([
    ['a ServiceEntry with the name of the Service as endpoint', 'ServiceEntry shop/it has the endpoint ledger.payments.svc.cluster.local',
      entry('hosts: [a.example.com], resolution: DNS, endpoints: [{ address: ledger.payments.svc.cluster.local }]')],
    ['one with a short name', 'ServiceEntry shop/it has the endpoint ledger.payments',
      entry('hosts: [a.example.com], resolution: DNS, endpoints: [{ address: ledger.payments }]')],
    ['one with the name of a pod', 'ServiceEntry shop/it has the endpoint ledger-0.ledger.payments.svc.cluster.local',
      entry('hosts: [a.example.com], resolution: DNS, endpoints: [{ address: ledger-0.ledger.payments.svc.cluster.local }]')],
    ['one whose host is a short name, which DNS resolves', 'ServiceEntry shop/it has the endpoint ledger.payments.svc',
      entry('hosts: [ledger.payments.svc], resolution: DNS')],
    ['one with the address of the Service as endpoint', 'ServiceEntry shop/it has the endpoint 10.96.0.7',
      entry('hosts: [a.example.com], resolution: STATIC, endpoints: [{ address: 10.96.0.7 }]')],
    ['one with the address of the Service', 'ServiceEntry shop/it has the address 10.96.0.7',
      entry('hosts: [a.example.com], addresses: [10.96.0.7], resolution: NONE')],
    ['one with a range of addresses', 'ServiceEntry shop/it has the address 10.96.0.0/16',
      entry('hosts: [a.example.com], addresses: [10.96.0.0/16], resolution: NONE')],
    ['one that passes requests on', 'ServiceEntry shop/it passes requests to ledger.payments on',
      entry('hosts: ["*.payments"], resolution: NONE')],
    ['a WorkloadEntry with the address of the Service', 'ServiceEntry shop/it has the endpoint 10.96.0.7',
      entry('hosts: [a.example.com], resolution: STATIC, workloadSelector: { labels: { app: a } }')
      + object('networking.istio.io/v1', 'WorkloadEntry', 'spec: { address: 10.96.0.7, labels: { app: a } }')],
    ['a second Service of the same pods', 'Service payments/it has the endpoint 10.10.0.2', service('selector: { app: ledger }', 'payments')],
    ['a Service without selector, whose endpoints are listed', 'Service shop/it has endpoints of its own, which are not read',
      service('type: ClusterIP') + object('discovery.k8s.io/v1', 'EndpointSlice',
        'addressType: IPv4\nendpoints: [{ addresses: [10.96.0.7] }]\nports: [{ name: http, port: 80 }]')
        .replace('name: it', 'name: it-x, labels: { kubernetes.io/service-name: it }')],
  ])('%s', (_, why, more) => {
    const result = ask(more);
    expect(result).toMatchObject({ outcome: 'not decided', reasons: [why] });
    expect(replayed(result, LEDGER + DENY + more, REGISTRY_ONLY).outcome).toBe('routed');
  });

  test.each([
    ['a ServiceEntry with other endpoints', entry('hosts: [a.example.com], resolution: DNS, endpoints: [{ address: b.example.com }]')],
    ['a ServiceEntry with other addresses', entry('hosts: [a.example.com], addresses: [10.97.0.0/16], resolution: NONE')],
    ['a Service of other pods', service('selector: { app: other }', 'payments')],
    ['an ExternalName of the Service, for which the same routes apply',
      service('type: ExternalName, externalName: ledger.payments.svc.cluster.local')],
  ])('but not by %s', (_, more) => {
    expect(ask(more).outcome).toBe('holds');
  });
});

describe('pods of a subset', () => {
  const VERSIONS = `${workload('catalog', 'shop', ['v1', 'v2'])}
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: catalog, namespace: shop }
spec:
  host: catalog
  subsets:
  - { name: v1, labels: { version: v1 } }
  - { name: v2, labels: { version: v2 } }
  - { name: all, labels: { app: catalog } }
---`;
  const routed = (destinations: string) => `${VERSIONS}
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: catalog, namespace: shop }
spec: { hosts: [catalog], http: [{ route: [${destinations}] }] }
---`;
  const NEVER_V2 = 'never: { requests: { host: catalog.shop }, to: { host: catalog.shop, subset: v2 } }';
  const FEW_V2 = 'always: { requests: { host: catalog.shop }, share: { to: { host: catalog.shop, subset: v2 }, atMost: 10 } }';
  const both = (destinations: string) => (
    [NEVER_V2, FEW_V2].map(invariant => resultOf(routed(destinations), invariant, REGISTRY_ONLY).outcome));

  test('get requests of the whole service, and of a subset with the same pods', () => {
    expect(both('{ destination: { host: catalog } }')).toEqual(['not decided', 'not decided']);
    expect(both('{ destination: { host: catalog, subset: all } }')).toEqual(['not decided', 'not decided']);
  });

  test('get none of a subset with other labels', () => {
    expect(both('{ destination: { host: catalog, subset: v1 } }')).toEqual(['holds', 'holds']);
    expect(both('{ destination: { host: catalog, subset: v1 }, weight: 95 }, { destination: { host: catalog, subset: v2 }, weight: 5 }'))
      .toEqual(['does not hold', 'holds']);
  });
});
