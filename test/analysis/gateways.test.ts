import { ACCOUNTS, EDGE, found, istio, LEDGER, publicGateway } from './bank';

/** A Gateway of the edge with one server, created on a day in January. */
function server(day: number, name: string, port: number, protocol: string, hosts: string, more = ''): string {
  return istio(
    'Gateway',
    `infra/${name}`,
    `{ selector: { app: edge }, servers: [{ port: { number: ${port}, name: p, protocol: ${protocol} }, hosts: [${hosts}]${more} }] }`,
    `, creationTimestamp: "2026-01-0${day}T00:00:00Z"`,
  );
}

const PASSTHROUGH = ', tls: { mode: PASSTHROUGH }';

describe('the first server without TLS decides the protocol of a gateway\'s port', () => {
  const RULE = 'gateway-port-taken';
  const dropped = (...gateways: string[]) => found([EDGE, ...gateways], RULE).map(text => /Gateway infra\/(\S+) spec/.exec(text)![1]);

  test('HTTP before TCP: TCP is dropped, and the reverse', () => {
    expect(dropped(server(1, 'web', 80, 'HTTP', 'a.example.org'), server(2, 'queue', 80, 'TCP', '"*"'))).toEqual(['queue']);
    expect(dropped(server(2, 'web', 80, 'HTTP', 'a.example.org'), server(1, 'queue', 80, 'TCP', '"*"'))).toEqual(['web']);
  });

  test('of two TCP servers, the newer one is dropped, regardless of hosts', () => {
    expect(dropped(server(1, 'one', 80, 'TCP', 'a.example.org'), server(2, 'two', 80, 'TCP', '"*"'))).toEqual(['two']);
  });

  test('TLS is dropped after a plaintext server, and works before one', () => {
    expect(dropped(server(1, 'web', 80, 'HTTP', 'a.example.org'), server(2, 'secure', 80, 'TLS', 'b.example.org', PASSTHROUGH))).toEqual([
      'secure',
    ]);
    expect(dropped(server(2, 'web', 80, 'HTTP', 'a.example.org'), server(1, 'secure', 80, 'TLS', 'b.example.org', PASSTHROUGH))).toEqual(
      [],
    );
  });

  test('HTTP works with gRPC, and with any server at another address or on other pods', () => {
    expect(dropped(server(1, 'web', 80, 'HTTP', 'a.example.org'), server(2, 'grpc', 80, 'GRPC', 'b.example.org'))).toEqual([]);
    expect(dropped(server(1, 'web', 80, 'HTTP', 'a.example.org'), server(2, 'queue', 80, 'TCP', '"*"', ', bind: 127.0.0.5'))).toEqual([]);
    expect(
      dropped(server(1, 'web', 80, 'HTTP', 'a.example.org'), server(2, 'queue', 80, 'TCP', '"*"').replace('app: edge', 'app: inner')),
    ).toEqual([]);
  });

  test('a plain TCP server has no hosts to lose', () => {
    expect(
      found([EDGE, server(1, 'web', 80, 'HTTP', 'a.example.org'), server(2, 'queue', 80, 'TCP', '"*"')], 'overlapping-gateway-hosts'),
    ).toEqual([]);
  });
});

describe('servers with TLS and one host', () => {
  const conflict = (a: string, b: string) =>
    found([EDGE, server(1, 'one', 80, 'TLS', a, PASSTHROUGH), server(2, 'two', 80, 'TLS', b, PASSTHROUGH)], 'conflicting-gateways');

  test('conflict for every namespace, in any spelling', () => {
    expect(conflict('x.example.org, y.example.org', '"*/y.example.org", z.example.org')).toHaveLength(2);
    expect(conflict('./y.example.org', '"infra/y.example.org"')).toHaveLength(2);
  });

  test('do not conflict for different namespaces', () => {
    expect(conflict('y.example.org', '"bank/y.example.org"')).toEqual([]);
  });
});

test('a wildcard shares the route table of a host within it, and with TLS loses its connections', () => {
  const [shared] = found(
    [ACCOUNTS, LEDGER, EDGE, publicGateway(), publicGateway('bank/wild', '"*.example.org"')],
    'overlapping-gateway-hosts',
  );
  expect(shared).toMatch(
    /one table has the routes of both: where a VirtualService on either has 'bank\.example\.org', the entries for '\*\.example\.org' do not apply to that host/,
  );
  const [secured] = found(
    [EDGE, server(1, 'one', 80, 'TLS', '"*.example.org"', PASSTHROUGH), server(2, 'two', 80, 'TLS', 'a.example.org', PASSTHROUGH)],
    'overlapping-gateway-hosts',
  );
  expect(secured).toMatch(/which takes all connections for that host/);
});
