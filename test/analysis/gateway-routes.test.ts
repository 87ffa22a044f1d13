import { accountsRule, ACCOUNTS, EDGE, found, istio, PORTAL, publicGateway, to, workload } from './bank';

describe('a route of a gateway to a host that another VirtualService splits', () => {
  const RULE = 'ingress-ignores-mesh-rules';
  const MESH = istio('VirtualService', 'bank/accounts', `{ hosts: [accounts], http: [{ ${to('blue', 'accounts')} }] }`);
  const route = (name: string, destination: string) =>
    istio('VirtualService', name, `{ hosts: [bank.example.org], gateways: [infra/public], http: [{ ${destination} }] }`);
  const around = [ACCOUNTS, PORTAL, EDGE, publicGateway(), accountsRule(), MESH];

  test.each([to('', 'accounts'), to('', 'accounts.bank.svc.cluster.local')])('is found for every spelling of the host: %s', destination => {
    expect(found([...around, route('bank/public', destination)], RULE)).toEqual([
      expect.stringMatching(/VirtualService bank\/public .* VirtualService bank\/accounts splits .*; route to the subsets here too/),
    ]);
  });

  test('is fine if it names the subset', () => {
    expect(found([...around, route('bank/public', to('blue', 'accounts'))])).toEqual([]);
  });

  test('is fine if it goes to a service with the same short name in another namespace', () => {
    const theirs = workload('lending', 'accounts', 'app: accounts');
    expect(found([...around, theirs, route('lending/public', to('', 'accounts'))])).toEqual([]);
    expect(found([...around, theirs, route('lending/public', to())], RULE)).toHaveLength(1);
  });

  test('is fine next to the entry for the subset, which the gateway follows too', () => {
    const both = (gateways: string) => istio('VirtualService', 'bank/both', `{ hosts: [accounts, bank.example.org], gateways: [mesh, infra/public], http: [
      { match: [{ uri: { prefix: /blue }, gateways: [${gateways}] }], ${to('blue', 'accounts')} }, { ${to('', 'accounts')} }] }`);
    expect(found([ACCOUNTS, EDGE, publicGateway(), accountsRule(), both('infra/public')], RULE)).toEqual([]);
    expect(found([ACCOUNTS, EDGE, publicGateway(), accountsRule(), both('mesh')], RULE)).toHaveLength(1);
  });

  test('is not found if it applies only to the mesh', () => {
    const inMesh = istio('VirtualService', 'bank/old', `{ hosts: [old.example.org], gateways: [mesh], http: [{ ${to()} }] }`);
    expect(found([...around, inMesh], RULE)).toEqual([]);
  });
});

describe('a route comes after that of another VirtualService', () => {
  const RULE = 'shadowed-gateway-route';
  const at = (name: string, match: string, gateway = 'infra/public', day = 1) => (
    istio(
      'VirtualService',
      name,
      `{ hosts: [bank.example.org], gateways: [${gateway}], http: [{ match: [${match}], ${to()} }] }`,
      `, creationTimestamp: "2026-01-0${day}T00:00:00Z"`,
    ));
  const gateway = (name: string, hosts: string, day: number, port = 80) => (
    publicGateway(name, hosts)
      .replace('namespace: ', `creationTimestamp: "2026-01-0${day}T00:00:00Z", namespace: `)
      .replace('number: 80', `number: ${port}`));
  const shadowed = (...objects: string[]) =>
    found([ACCOUNTS, EDGE, ...objects], RULE).map(text => /VirtualService (\S+) spec/.exec(text)![1]);

  test('with a regex that matches every path', () => {
    expect(
      shadowed(
        publicGateway(),
        at('bank/all', '{ uri: { regex: "/.*" } }'),
        at('lending/loans', '{ uri: { prefix: /loans } }', undefined, 2),
      ),
    ).toEqual(['lending/loans']);
  });

  test('on another Gateway of the same port and pods, the older Gateway first, however old the VirtualService', () => {
    const wide = at('bank/wide', '{ uri: { prefix: /v } }', 'infra/public', 2);
    const narrow = at('bank/narrow', '{ uri: { prefix: /v1 } }', 'bank/wild', 1);
    expect(shadowed(gateway('infra/public', 'bank.example.org', 1), gateway('bank/wild', '"*.example.org"', 2), wide, narrow)).toEqual([
      'bank/narrow',
    ]);
    expect(shadowed(gateway('infra/public', 'bank.example.org', 2), gateway('bank/wild', '"*.example.org"', 1), wide, narrow)).toEqual([]);
    expect(
      shadowed(gateway('infra/public', 'bank.example.org', 1), gateway('bank/wild', '"*.example.org"', 2, 8080), wide, narrow),
    ).toEqual([]);
    expect(shadowed(gateway('infra/public', 'bank.example.org', 1), gateway('bank/wild', 'other.example.org', 2), wide, narrow)).toEqual(
      [],
    );
  });

  test('but not after one that applies only to the mesh', () => {
    const inMesh = at('bank/wide', '{ uri: { prefix: /v }, gateways: [mesh] }', 'mesh, infra/public');
    expect(shadowed(publicGateway(), inMesh, at('bank/narrow', '{ uri: { prefix: /v1 } }', undefined, 2))).toEqual([]);
  });

  test('and not after a delegate that matches less than its root', () => {
    const root = istio(
      'VirtualService',
      'bank/a-root',
      '{ hosts: [bank.example.org], gateways: [infra/public], http: [{ match: [{ uri: { prefix: /v } }], delegate: { name: part } }] }',
    );
    const delegate = (match: string) => istio('VirtualService', 'bank/part', `{ http: [{ ${match}${to()} }] }`);
    const late = at('bank/narrow', '{ uri: { prefix: /v1 } }', undefined, 2).replace(/, creationTimestamp: "[^"]*"/, '');
    expect(shadowed(publicGateway(), root, late, delegate('match: [{ uri: { prefix: /v2 } }], '))).toEqual([]);
    expect(shadowed(publicGateway(), root, late, delegate(''))).toEqual(['bank/narrow']);
  });
});
