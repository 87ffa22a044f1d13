import { accountsRule, ACCOUNTS, EDGE, found, istio, PORTAL, publicGateway, to, workload } from './bank';

const KEPT = accountsRule(', exportTo: ["."]');
const RULE = 'cluster-not-sent';

/** A VirtualService of the mesh that every namespace sees, for the subset. */
const BLUE = istio('VirtualService', 'bank/accounts', `{ hosts: [accounts], http: [{ ${to('blue')} }] }`);

describe('a rule is judged by the proxies that its match is for', () => {
  const both = (gateways: string, exportTo: string) => istio('VirtualService', 'bank/accounts', `{
    hosts: [accounts, bank.example.org], exportTo: [".", infra], gateways: [mesh, infra/public],
    http: [{ match: [{ gateways: [${gateways}] }], ${to('blue')} }, { match: [{ gateways: [mesh, infra/public] }], ${to()} }] }`) + '---' + accountsRule(`, exportTo: [${exportTo}]`);

  test('one for the mesh alone asks no gateway for its subset', () => {
    expect(found([ACCOUNTS, EDGE, publicGateway(), both('mesh', '"."')], RULE)).toEqual([]);
  });

  test('one for a Gateway alone asks no sidecar for its subset', () => {
    expect(found([ACCOUNTS, EDGE, publicGateway(), both('infra/public', 'infra')], RULE)).toEqual([]);
  });

  test('one for a Gateway that does not get the subset is found, for this gateway alone', () => {
    expect(found([ACCOUNTS, EDGE, publicGateway(), both('infra/public', '"."')], RULE)).toEqual([
      expect.stringContaining('for the gateway of Deployment infra/edge: no DestinationRule with subset \'blue\' is exported to \'infra\', so requests get 503, unless it lies outside the input; add \'infra\' to the exportTo of DestinationRule bank/accounts'),
    ]);
  });

  test('one for the mesh that does not get the subset is found, for sidecars alone', () => {
    expect(found([ACCOUNTS, EDGE, publicGateway(), both('mesh', 'infra')], RULE)).toEqual([expect.stringMatching(/for callers in 'bank': no DestinationRule/)]);
  });

  test('one for callers that a namespace does not have asks nothing there', () => {
    const from = (app: string) => istio('VirtualService', 'bank/accounts', `{ hosts: [accounts], http: [{ match: [{ sourceLabels: { app: ${app} } }], ${to('blue')} }] }`);
    expect(found([ACCOUNTS, PORTAL, KEPT, from('accounts')], RULE)).toEqual([]);
    expect(found([ACCOUNTS, PORTAL, KEPT, from('portal')], RULE)).toEqual([expect.stringMatching(/for callers in 'lending'/)]);
  });

  test('one for another Gateway than the one that lacks the subset is none of its business', () => {
    const inner = workload('bank', 'inner', 'app: inner');
    const gateway = istio('Gateway', 'bank/inner', '{ selector: { app: inner }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: [bank.example.org] }] }');
    const bound = (name: string) => istio('VirtualService', 'bank/accounts', `{
      hosts: [bank.example.org], gateways: [inner, infra/public], http: [{ match: [{ gateways: [${name}] }], ${to('blue')} }, { ${to()} }] }`);
    expect(found([ACCOUNTS, EDGE, inner, gateway, publicGateway(), KEPT, bound('inner')], RULE)).toEqual([]);
    expect(found([ACCOUNTS, EDGE, inner, gateway, publicGateway(), KEPT, bound('infra/public')], RULE)).toHaveLength(1);
  });
});

describe('a namespace without callers of the mesh lacks nothing', () => {
  test.each([
    ['pods that a Gateway selects', [EDGE, publicGateway()]],
    ['pods of an ingress gateway, whose Gateway stands elsewhere', [workload('infra', 'edge', 'istio: ingressgateway')]],
    ['pods that the Gateway API\'s controller makes', [workload('infra', 'edge', 'gateway.istio.io/managed: istio.io-gateway-controller')]],
    ['istiod', [workload('istio-system', 'istiod', 'app: istiod')]],
    ['pods without a sidecar', [workload('jobs', 'backup', 'app: backup', undefined, ', sidecar.istio.io/inject: "false"')]],
  ])('%s', (_, others) => {
    expect(found([ACCOUNTS, ...others, KEPT, BLUE], RULE)).toEqual([]);
  });

  test('the namespace that is named is one with callers', () => {
    expect(found([EDGE, publicGateway(), ACCOUNTS, PORTAL, KEPT, BLUE], RULE)).toEqual([expect.stringMatching(/for callers in 'lending' \(and other namespaces\): /)]);
  });

  test('a sidecar beside a gateway is one', () => {
    expect(found([ACCOUNTS, EDGE, publicGateway(), workload('infra', 'metrics', 'app: metrics'), KEPT, BLUE], RULE)).toEqual([expect.stringMatching(/for callers in 'infra'/)]);
  });
});

describe('a delegate is obeyed by the proxies of its root', () => {
  const delegate = istio('VirtualService', 'bank/blue', `{ http: [{ ${to('blue')} }] }`);
  const root = (name: string, more: string) => istio('VirtualService', name, `{ ${more}, http: [{ match: [{ uri: { prefix: /accounts } }], delegate: { name: blue, namespace: bank } }] }`);

  test('a root that is kept to the namespace with the subset keeps the delegate there', () => {
    expect(found([ACCOUNTS, PORTAL, KEPT, delegate, root('bank/root', 'hosts: [accounts], exportTo: ["."]')], RULE)).toEqual([]);
  });

  test('a root at a Gateway is obeyed by the gateway alone', () => {
    const atGateway = root('infra/root', 'hosts: [bank.example.org], gateways: [public]');
    expect(found([ACCOUNTS, PORTAL, EDGE, publicGateway(), accountsRule(', exportTo: [infra]'), delegate, atGateway], RULE)).toEqual([]);
    expect(found([ACCOUNTS, PORTAL, EDGE, publicGateway(), KEPT, delegate, atGateway], RULE)).toEqual([
      expect.stringMatching(/VirtualService bank\/blue spec\.http\[0\]\.route\[0\]\.destination\.subset: for the gateway of Deployment infra\/edge: no DestinationRule/),
    ]);
  });

  test('a root that everyone sees brings the delegate to everyone', () => {
    expect(found([ACCOUNTS, PORTAL, KEPT, delegate, root('bank/root', 'hosts: [accounts]')], RULE)).toEqual([expect.stringMatching(/for callers in 'lending'/)]);
  });

  test('a delegate of no root is obeyed by nobody', () => {
    expect(found([ACCOUNTS, PORTAL, KEPT, delegate], RULE)).toEqual([]);
  });

  test('its sourceLabels are compared with the labels of its root\'s gateway', () => {
    const picky = (labels: string) => istio('VirtualService', 'bank/blue', `{ http: [{ match: [{ uri: { prefix: /accounts/x }, sourceLabels: { ${labels} } }], ${to()} }] }`);
    const atGateway = root('infra/root', 'hosts: [bank.example.org], gateways: [public]');
    expect(found([ACCOUNTS, PORTAL, EDGE, publicGateway(), picky('app: portal'), atGateway])).toEqual([
      expect.stringMatching(/^warning gateway-condition-never-met: VirtualService bank\/blue spec\.http\[0\]\.match\[0\]\.sourceLabels/),
    ]);
    expect(found([ACCOUNTS, PORTAL, EDGE, publicGateway(), picky('app: edge'), atGateway])).toEqual([]);
    expect(found([ACCOUNTS, PORTAL, EDGE, publicGateway(), picky('app: portal'), root('bank/root', 'hosts: [accounts]')])).toEqual([]);
  });
});

describe('the repair is one that helps', () => {
  test('a DestinationRule in a third namespace is moved', () => {
    expect(found([ACCOUNTS, PORTAL, accountsRule('', 'infra/accounts'), BLUE], RULE)).toEqual([expect.stringMatching(/DestinationRule infra\/accounts with subset 'blue' is neither .*; move it to 'bank'/)]);
  });

  test('one that is kept from callers is exported', () => {
    expect(found([ACCOUNTS, PORTAL, KEPT, BLUE], RULE)).toEqual([expect.stringMatching(/; add 'lending' to the exportTo of DestinationRule bank\/accounts, or remove exportTo$/)]);
    expect(found([ACCOUNTS, PORTAL, accountsRule(), BLUE], RULE)).toEqual([]);
  });

  test('one for chosen callers gets company', () => {
    expect(found([ACCOUNTS, PORTAL, accountsRule(', workloadSelector: { matchLabels: { app: portal } }'), BLUE], RULE)).toEqual([expect.stringMatching(/; remove the workloadSelector, or define the subset/)]);
  });
});
