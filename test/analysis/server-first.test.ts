import { found, istio } from './bank';

function service(name: string, port: string): string {
  return `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { selector: { app: ${name} }, ports: [{ ${port} }] }
`;
}

function entry(port: string, more = ''): string {
  return istio('ServiceEntry', 'shop/db', `{ hosts: [db.example.com], resolution: DNS, ports: [{ ${port} }]${more} }`);
}

const WEB = service('web', 'name: http, port: 3306');

test('a ServiceEntry of MySQL or MongoDB takes the port of HTTP, and one of TCP leaves the HTTP to it', () => {
  for (const protocol of ['MySQL', 'mongo']) {
    expect(found([WEB, entry(`number: 3306, name: db, protocol: ${protocol}`)], 'server-first-port-shared'))
      .toEqual([
        expect.stringMatching(
          /where callers send HTTP to web\.shop\.svc\.cluster\.local: if this entry is the older object, their requests go to it/,
        ),
      ]);
  }
  const tcp = [WEB, entry('number: 3306, name: db, protocol: TCP')];
  expect(found(tcp, 'server-first-port-shared')).toEqual([]);
  expect(found(tcp, 'service-entry-needs-address')).toEqual([
    expect.stringMatching(/HTTP goes to the routes of that port instead.*a server that sends first waits/),
  ]);
});

test.each([
  ['with an address', [WEB, entry('number: 3306, name: db, protocol: MySQL', ', addresses: [240.0.0.9]')]],
  ['at a port of its own', [WEB, entry('number: 3307, name: db, protocol: MySQL')]],
  ['beside a Service of TCP', [service('web', 'name: tcp, port: 3306'), entry('number: 3306, name: db, protocol: MySQL')]],
])('a ServiceEntry of MySQL is right %s', (_, manifests) => {
  expect(found(manifests, 'server-first-port-shared')).toEqual([]);
});

test.each([
  [
    'name: smtp, port: 1025',
    /^warning .*in SMTP the server sends first/,
  ], ['name: submission, port: 587', /in SMTP/], ['port: 22', /in SSH/],
  ['name: mariadb-main, port: 3307', /in MARIADB/],
])('the protocol of { %s } is guessed, and its server sends first', (port, text) => {
  expect(found([service('a', port)], 'server-first-protocol-guessed')).toEqual([expect.stringMatching(text)]);
});

test.each([
  'name: tcp-smtp, port: 25',
  'name: mysql, port: 3306',
  'port: 3306',
  'name: smtp, port: 25',
  'name: smtp, port: 587, appProtocol: tcp',
  'name: web, port: 8080',
])(
  'nothing is guessed wrong of { %s }', port => expect(found([service('a', port)], 'server-first-protocol-guessed')).toEqual([]));

const origination = (spec: string) => istio('DestinationRule', 'shop/db', spec);

test.each([
  ['number: 80, name: http, protocol: HTTP, targetPort: 443', ''], ['number: 443, name: http, protocol: HTTP', ''],
  ['number: 80, name: http, protocol: HTTP', ', endpoints: [{ address: a.example.com, ports: { http: 443 } }]'],
])('requests go in plaintext to port 443 by { %s }%s', (port, more) => {
  const requests = entry(port, more);
  // The DestinationRules may be in another file.
  expect(found([requests], 'plaintext-to-outside-tls-port')).toEqual([]);
  const other = origination('{ host: other.example.com, trafficPolicy: { tls: { mode: SIMPLE } } }');
  expect(found([requests, other], 'plaintext-to-outside-tls-port')).toEqual([
    expect.stringMatching(/^warning .*and no DestinationRule sets TLS, so .* in plaintext, unless it lies outside the input/),
  ]);
  for (const policy of ['tls: { mode: SIMPLE }', 'portLevelSettings: [{ port: { number: 80 }, tls: { mode: MUTUAL } }]']) {
    for (const host of ['db.example.com', '"*.example.com"']) {
      expect(found([requests, origination(`{ host: ${host}, trafficPolicy: { ${policy} } }`)], 'plaintext-to-outside-tls-port')).toEqual(
        [],
      );
    }
  }
});

test.each([
  ['number: 443, name: tls, protocol: TLS', ''],
  ['number: 80, name: http, protocol: HTTP', ''],
  ['number: 80, name: http, protocol: HTTP, targetPort: 443', ', location: MESH_INTERNAL'],
])(
  'a ServiceEntry with { %s }%s sends nothing in plaintext to port 443', (port, more) => {
    expect(found([entry(port, more), origination('{ host: other.example.com }')], 'plaintext-to-outside-tls-port')).toEqual([]);
  });
