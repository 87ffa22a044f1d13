import { EDGE, found, istio, PORTAL, publicGateway, workload } from './bank';

const PLAINTEXT = 'plaintext-to-tls-port';
const DOUBLED = 'tls-over-tls-port';
const HOST = 'vault.bank.svc.cluster.local';

const VAULT = workload('bank', 'vault', 'app: vault', 'name: https, port: 443');
const BOTH = workload('bank', 'vault', 'app: vault', 'name: http, port: 80 }, { name: https, port: 443');

/** A route from the public Gateway to the vault. */
function routed(port = ', port: { number: 443 }', more = 'gateways: [infra/public]', hosts = 'bank.example.org'): string {
  return istio(
    'VirtualService',
    'bank/vault',
    `{ hosts: [${hosts}], ${more}, http: [{ route: [{ destination: { host: vault${port} } }] }] }`,
  );
}

const policy = (spec: string, name = 'bank/vault', host = HOST) => istio('DestinationRule', name, `{ host: "${host}", ${spec} }`);
const SIMPLE = 'tls: { mode: SIMPLE, sni: vault, subjectAltNames: [vault], caCertificates: system }';
const AT_PORT = `portLevelSettings: [{ port: { number: 443 }, ${SIMPLE} }]`;
const GATEWAY = [EDGE, publicGateway()];

describe('a gateway that reads requests', () => {
  test('sends them in plaintext to a TLS port without a DestinationRule', () => {
    expect(found([VAULT, ...GATEWAY, routed()], PLAINTEXT)).toEqual([
      expect.stringMatching(
        /^warning .*destination\.port\.number: port 443 of Service bank\/vault is HTTPS, and the gateway of Deployment infra\/edge sends it requests in plaintext/,
      ),
    ]);
  });

  test('does so with or without its pods and its Gateway in the input', () => {
    expect(found([VAULT, publicGateway(), routed()], PLAINTEXT)).toEqual([
      expect.stringMatching(/the gateway of Gateway infra\/public sends it/),
    ]);
    expect(found([VAULT, routed()], PLAINTEXT)).toHaveLength(1);
  });

  test('does so without a port if the host has one', () => {
    expect(found([VAULT, ...GATEWAY, routed('')], PLAINTEXT)).toEqual([expect.stringMatching(/destination\.host: port 443 of/)]);
  });

  test.each([
    ['for the host', policy(`trafficPolicy: { ${SIMPLE} }`)],
    ['for the port', policy(`trafficPolicy: { ${AT_PORT} }`)],
    ['for the namespace', policy(`trafficPolicy: { ${AT_PORT} }`, 'bank/all', '*.bank.svc.cluster.local')],
    ['for the mesh', policy(`trafficPolicy: { ${SIMPLE} }`, 'istio-system/all', '*.local')],
  ])('originates TLS if a DestinationRule says so %s', (_, rule) => {
    expect(found([VAULT, ...GATEWAY, routed(), rule], PLAINTEXT)).toEqual([]);
    expect(found([VAULT, ...GATEWAY, routed(), rule], DOUBLED)).toEqual([]);
    expect(found([VAULT, ...GATEWAY, routed(''), rule], DOUBLED)).toEqual([]);
  });

  test.each([
    ['for another port', policy(`trafficPolicy: { portLevelSettings: [{ port: { number: 8443 }, ${SIMPLE} }] }`)],
    ['for other callers', policy(`exportTo: ["."], trafficPolicy: { ${SIMPLE} }`)],
    ['for no port, by DISABLE', policy('trafficPolicy: { tls: { mode: DISABLE } }')],
    ['for a subset that the route does not name', policy(`subsets: [{ name: v1, labels: { app: vault }, trafficPolicy: { ${SIMPLE} } }]`)],
  ])('does not originate TLS if a DestinationRule says so %s', (_, rule) => {
    expect(found([VAULT, ...GATEWAY, routed(), rule], PLAINTEXT)).toHaveLength(1);
  });

  test('originates TLS for the subset of the route', () => {
    const ofSubset = policy(`subsets: [{ name: v1, labels: { app: vault }, trafficPolicy: { ${SIMPLE} } }]`);
    expect(found([VAULT, ...GATEWAY, routed(', subset: v1, port: { number: 443 }'), ofSubset], PLAINTEXT)).toEqual([]);
  });

  test('also sends plaintext to the port of a ServiceEntry', () => {
    const entry = istio(
      'ServiceEntry',
      'bank/entry',
      '{ hosts: [api.example.com], ports: [{ number: 443, name: https, protocol: HTTPS }], resolution: DNS }',
    );
    const toEntry = istio(
      'VirtualService',
      'bank/api',
      '{ hosts: [bank.example.org], gateways: [infra/public], http: [{ route: [{ destination: { host: api.example.com, port: { number: 443 } } }] }] }',
    );
    expect(found([entry, ...GATEWAY, toEntry], PLAINTEXT)).toHaveLength(1);
    const begins = policy(`trafficPolicy: { ${SIMPLE} }`, 'bank/api', 'api.example.com');
    expect([PLAINTEXT, DOUBLED].flatMap(rule => found([entry, ...GATEWAY, toEntry, begins], rule))).toEqual([]);
  });

  test('is right at an HTTP port, and at a port without a protocol', () => {
    expect(found([BOTH, ...GATEWAY, routed(', port: { number: 80 }')], PLAINTEXT)).toEqual([]);
    expect(found([workload('bank', 'vault', 'app: vault', 'name: web, port: 443'), ...GATEWAY, routed()], PLAINTEXT)).toEqual([]);
  });

  test('is right in front of another gateway, whose server says what the port speaks', () => {
    const inner = istio(
      'Gateway',
      'bank/inner',
      '{ selector: { app: vault }, servers: [{ port: { number: 443, name: http, protocol: HTTP }, hosts: ["*"] }] }',
    );
    expect(found([VAULT, inner, ...GATEWAY, routed()], PLAINTEXT)).toEqual([]);
  });
});

describe('a sidecar', () => {
  test('sends the requests of port 80 in plaintext to the port of TLS', () => {
    expect(found([BOTH, PORTAL, routed(undefined, 'exportTo: ["*"]', 'vault')], PLAINTEXT)).toEqual([
      expect.stringMatching(/callers in 'bank', callers in 'lending' \(and other namespaces\) send it requests in plaintext/),
    ]);
  });

  test('passes on what callers send to the port of TLS itself, and needs no DestinationRule', () => {
    expect(found([VAULT, PORTAL], PLAINTEXT)).toEqual([]);
    expect(found([VAULT, PORTAL, policy(`trafficPolicy: { ${SIMPLE} }`)], DOUBLED)).toEqual([
      expect.stringMatching(/port 443 of 'vault\.bank\.svc\.cluster\.local' carries the callers' own TLS/),
    ]);
  });
});
