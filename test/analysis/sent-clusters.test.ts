import { accountsRule, ACCOUNTS, EDGE, found, istio, LEDGER, PORTAL, publicGateway, to, workload } from './bank';

const KEPT = accountsRule(', exportTo: ["."]');
const RULE = 'cluster-not-sent';

/** A VirtualService of the mesh that every namespace sees, for the subset. */
const BLUE = istio('VirtualService', 'bank/accounts', `{ hosts: [accounts], http: [{ ${to('blue')} }] }`);

describe('a rule is judged by the proxies that its match is for', () => {
  const both = (gateways: string, exportTo: string) => istio('VirtualService', 'bank/accounts', `{
    hosts: [accounts, bank.example.org], exportTo: [".", infra], gateways: [mesh, infra/public],
    http: [{ match: [{ gateways: [${gateways}] }], ${to('blue')} }, { match: [{ gateways: [mesh, infra/public] }], ${to()} }] }`) + '---' + accountsRule(`, exportTo: [${exportTo}]`);

  test('an entry only for the mesh needs no subset at gateways', () => {
    expect(found([ACCOUNTS, EDGE, publicGateway(), both('mesh', '"."')], RULE)).toEqual([]);
  });

  test('an entry only for a Gateway needs no subset at sidecars', () => {
    expect(found([ACCOUNTS, EDGE, publicGateway(), both('infra/public', 'infra')], RULE)).toEqual([]);
  });

  test('an entry for a Gateway without the subset is found, only for this gateway', () => {
    expect(found([ACCOUNTS, EDGE, publicGateway(), both('infra/public', '"."')], RULE)).toEqual([
      expect.stringContaining(
        "for the gateway of Deployment infra/edge: no DestinationRule with subset 'blue' is exported to 'infra', so requests get 503, unless it lies outside the input; add 'infra' to the exportTo of DestinationRule bank/accounts",
      ),
    ]);
  });

  test('an entry for the mesh without the subset is found, only for sidecars', () => {
    expect(found([ACCOUNTS, EDGE, publicGateway(), both('mesh', 'infra')], RULE)).toEqual([
      expect.stringMatching(/for callers in 'bank': no DestinationRule/),
    ]);
  });

  test('an entry for callers that a namespace does not have needs nothing there', () => {
    const from = (app: string) =>
      istio(
        'VirtualService',
        'bank/accounts',
        `{ hosts: [accounts], http: [{ match: [{ sourceLabels: { app: ${app} } }], ${to('blue')} }] }`,
      );
    expect(found([ACCOUNTS, PORTAL, KEPT, from('accounts')], RULE)).toEqual([]);
    expect(found([ACCOUNTS, PORTAL, KEPT, from('portal')], RULE)).toEqual([expect.stringMatching(/for callers in 'lending'/)]);
  });

  test('an entry for another Gateway than the one without the subset is fine', () => {
    const inner = workload('bank', 'inner', 'app: inner');
    const gateway = istio(
      'Gateway',
      'bank/inner',
      '{ selector: { app: inner }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: [bank.example.org] }] }',
    );
    const bound = (name: string) => istio('VirtualService', 'bank/accounts', `{
      hosts: [bank.example.org], gateways: [inner, infra/public], http: [{ match: [{ gateways: [${name}] }], ${to('blue')} }, { ${to()} }] }`);
    expect(found([ACCOUNTS, EDGE, inner, gateway, publicGateway(), KEPT, bound('inner')], RULE)).toEqual([]);
    expect(found([ACCOUNTS, EDGE, inner, gateway, publicGateway(), KEPT, bound('infra/public')], RULE)).toHaveLength(1);
  });
});

describe('a namespace without callers needs nothing', () => {
  test.each([
    ['pods that a Gateway selects', [EDGE, publicGateway()]],
    ['pods of an ingress gateway, whose Gateway stands elsewhere', [workload('infra', 'edge', 'istio: ingressgateway')]],
    ['pods that the Gateway API\'s controller makes', [workload('infra', 'edge', 'gateway.istio.io/managed: istio.io-gateway-controller')]],
    ['istiod', [workload('istio-system', 'istiod', 'app: istiod')]],
    ['pods without a sidecar', [workload('jobs', 'backup', 'app: backup', undefined, ', sidecar.istio.io/inject: "false"')]],
  ])('%s', (_, others) => {
    expect(found([ACCOUNTS, ...others, KEPT, BLUE], RULE)).toEqual([]);
  });

  test('the finding names a namespace with callers', () => {
    expect(found([EDGE, publicGateway(), ACCOUNTS, PORTAL, KEPT, BLUE], RULE)).toEqual([
      expect.stringMatching(/for callers in 'lending' \(and other namespaces\): /),
    ]);
  });

  test('a sidecar next to a gateway is a caller', () => {
    expect(found([ACCOUNTS, EDGE, publicGateway(), workload('infra', 'metrics', 'app: metrics'), KEPT, BLUE], RULE)).toEqual([
      expect.stringMatching(/for callers in 'infra'/),
    ]);
  });
});

describe('a delegate applies to the proxies of its root', () => {
  const delegate = istio('VirtualService', 'bank/blue', `{ http: [{ ${to('blue')} }] }`);
  const root = (name: string, more: string) =>
    istio(
      'VirtualService',
      name,
      `{ ${more}, http: [{ match: [{ uri: { prefix: /accounts } }], delegate: { name: blue, namespace: bank } }] }`,
    );

  test('a root that is exported only to the namespace with the subset keeps the delegate there', () => {
    expect(found([ACCOUNTS, PORTAL, KEPT, delegate, root('bank/root', 'hosts: [accounts], exportTo: ["."]')], RULE)).toEqual([]);
  });

  test('a root at a Gateway applies only to the gateway', () => {
    const atGateway = root('infra/root', 'hosts: [bank.example.org], gateways: [public]');
    expect(found([ACCOUNTS, PORTAL, EDGE, publicGateway(), accountsRule(', exportTo: [infra]'), delegate, atGateway], RULE)).toEqual([]);
    expect(found([ACCOUNTS, PORTAL, EDGE, publicGateway(), KEPT, delegate, atGateway], RULE)).toEqual([
      expect.stringMatching(
        /VirtualService bank\/blue spec\.http\[0\]\.route\[0\]\.destination\.subset: for the gateway of Deployment infra\/edge: no DestinationRule/,
      ),
    ]);
  });

  test('a root that everyone sees applies the delegate to everyone', () => {
    expect(found([ACCOUNTS, PORTAL, KEPT, delegate, root('bank/root', 'hosts: [accounts]')], RULE)).toEqual([
      expect.stringMatching(/for callers in 'lending'/),
    ]);
  });

  test('a delegate without a root applies to no proxy', () => {
    expect(found([ACCOUNTS, PORTAL, KEPT, delegate], RULE)).toEqual([]);
  });

  test('sourceLabels are compared with the labels of the root\'s gateway', () => {
    const picky = (labels: string) =>
      istio(
        'VirtualService',
        'bank/blue',
        `{ http: [{ match: [{ uri: { prefix: /accounts/x }, sourceLabels: { ${labels} } }], ${to()} }] }`,
      );
    const atGateway = root('infra/root', 'hosts: [bank.example.org], gateways: [public]');
    expect(found([ACCOUNTS, PORTAL, EDGE, publicGateway(), picky('app: portal'), atGateway])).toEqual([
      expect.stringMatching(/^warning gateway-condition-never-met: VirtualService bank\/blue spec\.http\[0\]\.match\[0\]\.sourceLabels/),
    ]);
    expect(found([ACCOUNTS, PORTAL, EDGE, publicGateway(), picky('app: edge'), atGateway])).toEqual([]);
    expect(found([ACCOUNTS, PORTAL, EDGE, publicGateway(), picky('app: portal'), root('bank/root', 'hosts: [accounts]')])).toEqual([]);
  });
});

describe('the repair helps', () => {
  test('a DestinationRule in a third namespace must be moved', () => {
    expect(found([ACCOUNTS, PORTAL, accountsRule('', 'infra/accounts'), BLUE], RULE)).toEqual([
      expect.stringMatching(/DestinationRule infra\/accounts with subset 'blue' is neither .*; move it to 'bank'/),
    ]);
  });

  test('one that callers do not see must be exported', () => {
    expect(found([ACCOUNTS, PORTAL, KEPT, BLUE], RULE)).toEqual([
      expect.stringMatching(/; add 'lending' to the exportTo of DestinationRule bank\/accounts, or remove exportTo$/),
    ]);
    expect(found([ACCOUNTS, PORTAL, accountsRule(), BLUE], RULE)).toEqual([]);
  });

  test('one with a workloadSelector needs a second one', () => {
    expect(found([ACCOUNTS, PORTAL, accountsRule(', workloadSelector: { matchLabels: { app: portal } }'), BLUE], RULE)).toEqual([
      expect.stringMatching(/; remove the workloadSelector, or define the subset/),
    ]);
  });
});

describe('no proxy gets a cluster', () => {
  const routed = (host: string, port = 80) =>
    istio(
      'VirtualService',
      'bank/accounts',
      `{ hosts: [accounts], http: [{ route: [{ destination: { host: ${host}, port: { number: ${port} } } }] }] }`,
    );
  const service = (name: string, spec: string) =>
    `{ apiVersion: v1, kind: Service, metadata: { name: ${name}, namespace: bank }, spec: ${spec} }`;
  const vendor = service('vendor', '{ type: ExternalName, externalName: api.vendor.example, ports: [{ name: http, port: 80 }] }');
  const entry = (host: string, port = 80) =>
    istio(
      'ServiceEntry',
      'bank/entry',
      `{ hosts: ["${host}"], ports: [{ number: ${port}, name: http, protocol: HTTP }], resolution: NONE }`,
    );

  test('for a Service of type ExternalName whose target no ServiceEntry has at the port', () => {
    expect(found([ACCOUNTS, vendor, routed('vendor')], RULE)).toEqual([
      expect.stringMatching(
        /^warning .*host: Service bank\/vendor is of type ExternalName, and istiod sends a cluster for 'api\.vendor\.example' only if .* with port 80, so .* unless/,
      ),
    ]);
    expect(found([ACCOUNTS, vendor, routed('vendor'), entry('api.vendor.example', 443)], RULE)).toHaveLength(1);
    expect(found([ACCOUNTS, vendor, routed('vendor'), entry('api.vendor.example')], RULE)).toEqual([]);
  });

  test('for a host that only a wildcard of a ServiceEntry covers', () => {
    expect(found([ACCOUNTS, entry('*.vendor.example'), routed('api.vendor.example')], RULE)).toEqual([
      expect.stringMatching(
        /ServiceEntry bank\/entry has '\*\.vendor\.example', .* not for 'api\.vendor\.example', so requests get 503, .*; add a ServiceEntry for 'api\.vendor\.example'/,
      ),
    ]);
    expect(found([ACCOUNTS, entry('*.vendor.example'), routed('"*.vendor.example"')], RULE)).toEqual([]);
  });

  test('for a UDP port, unless the same number is also a TCP port', () => {
    const dns = (more: string) =>
      service('names', `{ selector: { app: accounts }, ports: [{ name: dns, port: 53, protocol: UDP }${more}] }`);
    expect(found([ACCOUNTS, dns(''), routed('names', 53)], RULE)).toEqual([expect.stringMatching(/port 53 of Service bank\/names is UDP/)]);
    const withoutPort = istio('VirtualService', 'bank/accounts',
      '{ hosts: [accounts], http: [{ route: [{ destination: { host: names } }] }] }');
    expect(found([ACCOUNTS, dns(''), withoutPort], RULE)).toEqual([expect.stringMatching(/port 53 of Service bank\/names is UDP/)]);
    expect(found([ACCOUNTS, dns(', { name: tcp-dns, port: 53 }'), routed('names', 53)], RULE)).toEqual([]);
  });

  test('a weight of 0 needs no cluster', () => {
    const weighted = (weight: number) => istio('VirtualService', 'bank/accounts', `{ hosts: [accounts], http: [{ route: [
      { destination: { host: accounts, port: { number: 80 } }, weight: ${100 - weight} }, { destination: { host: vendor, port: { number: 80 } }, weight: ${weight} }] }] }`);
    expect(found([ACCOUNTS, vendor, weighted(0)], RULE)).toEqual([]);
    expect(found([ACCOUNTS, vendor, weighted(1)], RULE)).toHaveLength(1);
  });
});

describe('some proxies get no cluster', () => {
  const open = istio('VirtualService', 'bank/accounts', `{ hosts: [accounts], http: [{ ${to()} }] }`);

  test('outside of the namespaces to which the Service is exported', () => {
    const exported = (scopes: string) =>
      ACCOUNTS.replace(
        'name: accounts, namespace: bank }',
        `name: accounts, namespace: bank, annotations: { networking.istio.io/exportTo: "${scopes}" } }`,
      );
    expect(found([exported('bank'), PORTAL, open], RULE)).toEqual([
      expect.stringMatching(/for callers in 'lending' \(and other namespaces\): Service bank\/accounts is not exported to 'lending'/),
    ]);
    expect(found([exported('bank,lending'), PORTAL, open], RULE)).toEqual([]);
  });

  test('for a port that only a ServiceEntry in addition to the Service has', () => {
    const beside = istio(
      'ServiceEntry',
      'bank/beside',
      '{ hosts: [accounts.bank.svc.cluster.local], ports: [{ number: 8443, name: http, protocol: HTTP }], resolution: STATIC, endpoints: [{ address: 10.9.9.9 }] }',
    );
    const toPort = istio(
      'VirtualService',
      'bank/accounts',
      '{ hosts: [accounts], http: [{ route: [{ destination: { host: accounts, port: { number: 8443 } } }] }] }',
    );
    expect(found([ACCOUNTS, beside, toPort], RULE)).toEqual([
      expect.stringMatching(/they get Service bank\/accounts, which has no port 8443 there, so requests get 503/),
    ]);
  });

  describe('whose Sidecar', () => {
    const sidecar = (egress: string, selector = '') => istio('Sidecar', 'lending/portal', `{ ${selector}egress: [${egress}] }`);
    const toLedger = istio(
      'VirtualService',
      'bank/accounts',
      '{ hosts: [accounts], http: [{ route: [{ destination: { host: ledger, port: { number: 8081 } } }] }] }',
    );
    const ledger = workload('bank', 'ledger', 'app: ledger', 'name: http, port: 8081');

    test('imports one port, for a route to another one', () => {
      const ofOnePort = sidecar('{ port: { number: 80, protocol: HTTP, name: http }, hosts: ["bank/*"] }');
      expect(found([ACCOUNTS, ledger, PORTAL, ofOnePort, toLedger], RULE)).toEqual([
        expect.stringMatching(/for callers in 'lending': its Sidecar does not import Service bank\/ledger/),
      ]);
      expect(found([ACCOUNTS, ledger, PORTAL, sidecar('{ hosts: ["bank/*"] }'), toLedger], RULE)).toEqual([]);
    });

    test('selects pods and imports an ExternalName Service without what it refers to', () => {
      const alias = '{ apiVersion: v1, kind: Service, metadata: { name: alias, namespace: lending }, '
        + 'spec: { type: ExternalName, externalName: ledger.bank.svc.cluster.local, ports: [{ name: http, port: 80 }] } }';
      const route = '{ route: [{ destination: { host: alias.lending.svc.cluster.local, port: { number: 80 } } }] }';
      const toAlias = istio('VirtualService', 'lending/ledger', `{ hosts: [ledger.example.net], http: [${route}] }`);
      const byDelegate = istio('VirtualService', 'lending/root', '{ hosts: [ledger.example.net], http: [{ delegate: { name: ledger } }] }')
        + '---' + istio('VirtualService', 'lending/ledger', `{ http: [${route}] }`);
      const ofPortal = (hosts: string) => sidecar(`{ hosts: [${hosts}] }`, 'workloadSelector: { labels: { app: portal } }, ');
      for (const routes of [toAlias, byDelegate]) {
        expect(found([LEDGER, PORTAL, alias, ofPortal('"./*"'), routes], RULE)).toEqual([
          expect.stringMatching(/for callers with Sidecar lending\/portal: its Sidecar does not import Service bank\/ledger/),
        ]);
        expect(found([LEDGER, PORTAL, alias, ofPortal('"./*", "bank/*"'), routes], RULE)).toEqual([]);
      }
    });

    test('does not import the VirtualService need no cluster for it', () => {
      expect(found([ACCOUNTS, PORTAL, KEPT, BLUE, sidecar('{ hosts: ["./*"] }')], RULE)).toEqual([]);
      expect(found([ACCOUNTS, PORTAL, KEPT, BLUE, sidecar('{ hosts: ["bank/*"] }')], RULE)).toHaveLength(1);
    });
  });
});
