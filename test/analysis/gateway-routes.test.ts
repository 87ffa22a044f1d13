import { accountsRule, ACCOUNTS, EDGE, found, istio, PORTAL, publicGateway, to, workload } from './bank';

describe('a gateway\'s route to a host that another VirtualService splits', () => {
  const RULE = 'ingress-ignores-mesh-rules';
  const MESH = istio('VirtualService', 'bank/accounts', `{ hosts: [accounts], http: [{ ${to('blue', 'accounts')} }] }`);
  const route = (name: string, destination: string) => istio('VirtualService', name, `{ hosts: [bank.example.org], gateways: [infra/public], http: [{ ${destination} }] }`);
  const around = [ACCOUNTS, PORTAL, EDGE, publicGateway(), accountsRule(), MESH];

  test.each([to('', 'accounts'), to('', 'accounts.bank.svc.cluster.local')])('is found however the host is written: %s', destination => {
    expect(found([...around, route('bank/public', destination)], RULE)).toEqual([expect.stringMatching(/VirtualService bank\/public .* VirtualService bank\/accounts splits .*; route to the subsets here too/)]);
  });

  test('is fine where it names the subset', () => {
    expect(found([...around, route('bank/public', to('blue', 'accounts'))])).toEqual([]);
  });

  test('is fine where it goes to another namespace\'s service of the same short name', () => {
    const theirs = workload('lending', 'accounts', 'app: accounts');
    expect(found([...around, theirs, route('lending/public', to('', 'accounts'))])).toEqual([]);
    expect(found([...around, theirs, route('lending/public', to())], RULE)).toHaveLength(1);
  });

  test('is fine beside the rule for the subset, where the gateway obeys that too', () => {
    const both = (gateways: string) => istio('VirtualService', 'bank/both', `{ hosts: [accounts, bank.example.org], gateways: [mesh, infra/public], http: [
      { match: [{ uri: { prefix: /blue }, gateways: [${gateways}] }], ${to('blue', 'accounts')} }, { ${to('', 'accounts')} }] }`);
    expect(found([ACCOUNTS, EDGE, publicGateway(), accountsRule(), both('infra/public')], RULE)).toEqual([]);
    expect(found([ACCOUNTS, EDGE, publicGateway(), accountsRule(), both('mesh')], RULE)).toHaveLength(1);
  });

  test('is none where it is for the mesh alone', () => {
    const inMesh = istio('VirtualService', 'bank/old', `{ hosts: [old.example.org], gateways: [mesh], http: [{ ${to()} }] }`);
    expect(found([...around, inMesh], RULE)).toEqual([]);
  });
});
