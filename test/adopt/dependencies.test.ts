import { rmSync } from 'node:fs';
import { adopted, istio, root, services } from './adopted';
import { printChart } from '../../src/adopt/print-chart';

afterAll(() => rmSync(root, { recursive: true, force: true }));

const ENTRY = istio('ServiceEntry', 'payments', `
  hosts: [pay.example.com]
  ports: [{ number: 80, name: http, protocol: HTTP, targetPort: 443 }]
  resolution: DNS`);

/** The printed files, the reasons of plain objects and the notes. */
function liftOf(yaml: string) {
  const { units, differences } = adopted(yaml);
  expect(differences).toEqual([]);
  return {
    programs: units.map(({ lifted: { file } }) => printChart(file)),
    plain: units.flatMap(({ lifted: { kept } }) => kept.map(({ reason }) => reason)),
    notes: units.flatMap(({ lifted: { notes } }) => notes),
  };
}

test('a ServiceEntry with its routes and limits becomes an ExternalDependency', () => {
  const rule = istio('DestinationRule', 'payments-tls', '{ host: pay.example.com, trafficPolicy: { tls: { mode: SIMPLE } } }');
  const routes = istio('VirtualService', 'payments-routes', '{ hosts: [pay.example.com], http: [{ timeout: 2s, route: [{ destination: { host: pay.example.com } }] }] }');
  const { programs: [program], plain } = liftOf(ENTRY + rule + routes);
  expect(plain).toEqual([]);
  expect(program).toContain(`    const payments = new ExternalDependency(this, 'Payments', {
      hosts: ['pay.example.com'],
      ports: [ServicePort.http(80, { name: 'http', targetPort: 443 })],
      resolution: Resolution.DNS,
      virtualServiceName: 'payments-routes',
      destinationRuleName: 'payments-tls',
    });
    new RequestPolicy(this, 'Policy', { service: payments, timeout: Duration.seconds(2) });
    new ClientTls(this, 'Tls', { service: payments, tls: ClientTlsSettings.simple() });`);
});

test('a service that leads to it takes it from its file', () => {
  const routes = istio('VirtualService', 'cart', `{ hosts: [cart], http: [
    { match: [{ uri: { prefix: /pay } }], route: [{ destination: { host: pay.example.com } }] }, { route: [{ destination: { host: cart } }] }] }`);
  const { programs, plain } = liftOf(services(['cart', 80]) + ENTRY + routes);
  expect(plain).toEqual([]);
  expect(programs[0]).toContain('public readonly payments: ExternalDependency;');
  expect(programs[1]).toContain('constructor(scope: Construct, payments: ExternalDependency) {');
  expect(programs[1]).toContain('target: payments');
});

test('a port that no construct names keeps the ServiceEntry plain, with the reason', () => {
  const entry = istio('ServiceEntry', 'db', '{ hosts: [db.example.com], ports: [{ number: 27017, name: db, protocol: MONGO }], resolution: DNS }');
  expect(liftOf(entry).plain).toEqual(['no construct is written for a port with protocol MONGO']);
});

test('a VirtualService that says what Istio does without it is left out, and the report says so', () => {
  const routes = istio('VirtualService', 'cart', `{ hosts: [cart], http: [{ route: [
    { destination: { host: cart }, weight: 100 }, { destination: { host: other.example.com }, weight: 0 }] }] }`);
  const rule = istio('DestinationRule', 'cart', '{ host: cart, trafficPolicy: { connectionPool: { tcp: { maxConnections: 3 } } } }');
  const { plain, notes } = liftOf(services(['cart', 80]) + routes + rule);
  expect(plain).toEqual([]);
  expect(notes).toEqual(['VirtualService shop/cart says what Istio does without it, so no construct renders it; delete it']);
});

test('two ServiceEntries of one host stay plain, with the reason', () => {
  const other = istio('ServiceEntry', 'others', `
  hosts: [pay.example.com, b.example.com]
  ports: [{ number: 80, name: http, protocol: HTTP }]
  resolution: DNS`);
  const reason = '2 ServiceEntries have this host, and constructs write one';
  expect(liftOf(ENTRY + other).plain).toEqual([reason, reason]);
});

test('a service with the name of a property of every object has a file of another name', () => {
  const routes = istio('VirtualService', 'constructor', '{ hosts: [constructor], http: [{ timeout: 2s, route: [{ destination: { host: constructor } }] }] }');
  const { units, differences } = adopted(services(['constructor', 80]) + routes);
  expect(differences).toEqual([]);
  expect(units.map(({ lifted: { file } }) => file.name)).toEqual(['constructor-shop']);
});

test('a Service whose port declares no protocol keeps its public host plain, too', () => {
  const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: cart, namespace: shop }\nspec: { selector: { app: cart }, ports: [{ name: web, port: 80 }] }\n---';
  const host = istio('VirtualService', 'cart', '{ hosts: [cart.example.com], gateways: [edge/shared], http: [{ route: [{ destination: { host: cart } }] }] }');
  expect(liftOf(service + host).plain).toHaveLength(1);
});
