import { ACCOUNTS, EDGE, found, istio, LEDGER, publicGateway } from './bank';

/** A Gateway of the edge with one server, made on a day of January. */
function server(day: number, name: string, port: number, protocol: string, hosts: string, more = ''): string {
  return istio('Gateway', `infra/${name}`, `{ selector: { app: edge }, servers: [{ port: { number: ${port}, name: p, protocol: ${protocol} }, hosts: [${hosts}]${more} }] }`, `, creationTimestamp: "2026-01-0${day}T00:00:00Z"`);
}

const PASSTHROUGH = ', tls: { mode: PASSTHROUGH }';

describe('the first server without TLS decides what a port of a gateway speaks', () => {
  const RULE = 'gateway-port-taken';
  const dropped = (...gateways: string[]) => found([EDGE, ...gateways], RULE).map(text => /Gateway infra\/(\S+) spec/.exec(text)![1]);

  test('HTTP before bytes: the bytes are dropped, and the other way round', () => {
    expect(dropped(server(1, 'web', 80, 'HTTP', 'a.example.org'), server(2, 'queue', 80, 'TCP', '"*"'))).toEqual(['queue']);
    expect(dropped(server(2, 'web', 80, 'HTTP', 'a.example.org'), server(1, 'queue', 80, 'TCP', '"*"'))).toEqual(['web']);
  });

  test('of two servers of bytes the newer one is dropped, whatever their hosts', () => {
    expect(dropped(server(1, 'one', 80, 'TCP', 'a.example.org'), server(2, 'two', 80, 'TCP', '"*"'))).toEqual(['two']);
  });

  test('TLS is dropped behind a plain server, and goes well before one', () => {
    expect(dropped(server(1, 'web', 80, 'HTTP', 'a.example.org'), server(2, 'secure', 80, 'TLS', 'b.example.org', PASSTHROUGH))).toEqual(['secure']);
    expect(dropped(server(2, 'web', 80, 'HTTP', 'a.example.org'), server(1, 'secure', 80, 'TLS', 'b.example.org', PASSTHROUGH))).toEqual([]);
  });

  test('HTTP goes together with gRPC, and anything with another address or other pods', () => {
    expect(dropped(server(1, 'web', 80, 'HTTP', 'a.example.org'), server(2, 'grpc', 80, 'GRPC', 'b.example.org'))).toEqual([]);
    expect(dropped(server(1, 'web', 80, 'HTTP', 'a.example.org'), server(2, 'queue', 80, 'TCP', '"*"', ', bind: 127.0.0.5'))).toEqual([]);
    expect(dropped(server(1, 'web', 80, 'HTTP', 'a.example.org'), server(2, 'queue', 80, 'TCP', '"*"').replace('app: edge', 'app: inner'))).toEqual([]);
  });

  test('a server of plain TCP has no hosts to lose', () => {
    expect(found([EDGE, server(1, 'web', 80, 'HTTP', 'a.example.org'), server(2, 'queue', 80, 'TCP', '"*"')], 'overlapping-gateway-hosts')).toEqual([]);
  });
});

describe('servers with TLS and one host', () => {
  const conflict = (a: string, b: string) => found([EDGE, server(1, 'one', 80, 'TLS', a, PASSTHROUGH), server(2, 'two', 80, 'TLS', b, PASSTHROUGH)], 'conflicting-gateways');

  test('are in conflict for every namespace, however that is written', () => {
    expect(conflict('x.example.org, y.example.org', '"*/y.example.org", z.example.org')).toHaveLength(2);
    expect(conflict('./y.example.org', '"infra/y.example.org"')).toHaveLength(2);
  });

  test('are none for different namespaces', () => {
    expect(conflict('y.example.org', '"bank/y.example.org"')).toEqual([]);
  });
});

test('a wildcard beside a host inside it shares the table of routes with it, and with TLS loses the connections to it', () => {
  const [shared] = found([ACCOUNTS, LEDGER, EDGE, publicGateway(), publicGateway('bank/wild', '"*.example.org"')], 'overlapping-gateway-hosts');
  expect(shared).toMatch(/one table has the routes of both: where a VirtualService on either has 'bank\.example\.org', the entries for '\*\.example\.org' do not apply to that host/);
  const [secured] = found([EDGE, server(1, 'one', 80, 'TLS', '"*.example.org"', PASSTHROUGH), server(2, 'two', 80, 'TLS', 'a.example.org', PASSTHROUGH)], 'overlapping-gateway-hosts');
  expect(secured).toMatch(/which takes all connections for that host/);
});
