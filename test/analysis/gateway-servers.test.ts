import { EDGE, found, istio, workload } from './bank';

const CATALOG = workload('shop', 'catalog', 'app: catalog', 'name: http, port: 80');
const SERVERS = {
  http: '{ port: { number: 80, name: http, protocol: HTTP }, hosts: [shop.example.com] }',
  redirect: '{ port: { number: 80, name: http, protocol: HTTP }, tls: { httpsRedirect: true }, hosts: [shop.example.com] }',
  https: '{ port: { number: 443, name: https, protocol: HTTPS }, tls: { mode: SIMPLE, credentialName: c }, hosts: [shop.example.com] }',
  passing: '{ port: { number: 443, name: tls, protocol: TLS }, tls: { mode: PASSTHROUGH }, hosts: [shop.example.com] }',
  passingHttps: '{ port: { number: 443, name: https, protocol: HTTPS }, tls: { mode: PASSTHROUGH }, hosts: [shop.example.com] }',
  decrypting: '{ port: { number: 443, name: tls, protocol: TLS }, tls: { mode: SIMPLE, credentialName: c }, hosts: [shop.example.com] }',
  tcp: '{ port: { number: 443, name: tcp, protocol: TCP }, hosts: [shop.example.com] }',
  elsewhere:
    '{ port: { number: 443, name: https, protocol: HTTPS }, tls: { mode: SIMPLE, credentialName: c }, hosts: [other.example.com] }',
};
const TO = 'route: [{ destination: { host: catalog, port: { number: 80 } } }]';
const ENTRIES = {
  http: `http: [{ ${TO} }]`,
  tls: `tls: [{ match: [{ sniHosts: [shop.example.com] }], ${TO} }]`,
  tcp: `tcp: [{ ${TO} }]`,
};

const gateway = (name: string, ...servers: (keyof typeof SERVERS)[]) => (
  istio('Gateway', name, `{ selector: { app: edge }, servers: [${servers.map(server => SERVERS[server]).join(', ')}] }`));
const bound = (entries: readonly (keyof typeof ENTRIES)[], gateways = '[infra/gw]') => (
  istio(
    'VirtualService',
    'shop/catalog',
    `{ hosts: [shop.example.com], gateways: ${gateways}, ${entries.map(block => ENTRIES[block]).join(', ')} }`,
  ));

describe('a server takes entries of one kind', () => {
  const DROPPED = 'entries-dropped-by-gateway';

  test.each([
    ['http', 'http'], ['https', 'http'], ['redirect', 'http'], ['passing', 'tls'], ['passingHttps', 'tls'], ['decrypting', 'tcp'],
    ['tcp', 'tcp'],
  ] as const)('%s takes %s', (server, taken) => {
    for (const block of Object.keys(ENTRIES) as (keyof typeof ENTRIES)[]) {
      expect([block, found([CATALOG, EDGE, gateway('infra/gw', server), bound([block])], DROPPED).length]).toEqual([
        block,
        block === taken ? 0 : 1,
      ]);
    }
  });

  test('the effect on the others is reported', () => {
    expect(found([CATALOG, EDGE, gateway('infra/gw', 'passing'), bound(['http'])], DROPPED)).toEqual([
      expect.stringMatching(
        /^error .* spec\.http: the servers .* \(port 443 is TLS with mode PASSTHROUGH\) take tls entries alone, .*: connections are closed; write tls entries/,
      ),
    ]);
    expect(found([CATALOG, EDGE, gateway('infra/gw', 'http'), bound(['tcp'])], DROPPED)).toEqual([
      expect.stringMatching(/drops the tcp entries: requests get 404/),
    ]);
  });

  test('another server, or another Gateway, may take them', () => {
    expect(found([CATALOG, EDGE, gateway('infra/gw', 'passing', 'http'), bound(['http'])], DROPPED)).toEqual([]);
    expect(
      found(
        [CATALOG, EDGE, gateway('infra/gw', 'passing'), gateway('infra/plain', 'http'), bound(['http'], '[infra/gw, infra/plain]')],
        DROPPED,
      ),
    ).toEqual([]);
  });

  test('nothing is known about sidecars and a Gateway outside of the input', () => {
    expect(found([CATALOG, EDGE, gateway('infra/gw', 'passing'), bound(['http'], '[infra/gw, infra/lost]')], DROPPED)).toEqual([]);
    expect(found([CATALOG, EDGE, gateway('infra/gw', 'passing'), bound(['http'], '[infra/gw, mesh]')], DROPPED)).toEqual([]);
  });

  test('if some entries are taken, the others are a warning', () => {
    const mixed = [CATALOG, EDGE, gateway('infra/gw', 'http'), bound(['http', 'tls'])];
    expect(found(mixed, DROPPED)).toEqual([]);
    expect(found(mixed, 'entries-unused-by-gateway')).toEqual([
      expect.stringMatching(/^warning .* spec\.tls: .* drops the tls entries; remove/),
    ]);
  });
});

describe('callers that are redirected to https', () => {
  const RULE = 'https-redirect-without-https';
  const toHttps = (more = '') =>
    istio(
      'VirtualService',
      'shop/catalog',
      `{ hosts: [shop.example.com], gateways: [infra/gw], http: [{ redirect: { scheme: https${more} } }] }`,
    );

  test('find no server there', () => {
    expect(found([EDGE, gateway('infra/gw', 'redirect')], RULE)).toEqual([
      expect.stringMatching(/^warning .* Gateway infra\/gw spec\.servers\[0\]\.tls\.httpsRedirect: .*callers cannot connect/),
    ]);
    expect(found([EDGE, gateway('infra/gw', 'redirect', 'elsewhere')], RULE)).toHaveLength(1);
    expect(found([EDGE, gateway('infra/gw', 'http'), toHttps()], RULE)).toEqual([
      expect.stringMatching(/VirtualService shop\/catalog spec\.http\[0\]\.redirect\.scheme/),
    ]);
  });

  test.each(['https', 'passing', 'decrypting'] as const)('find one: %s', server => {
    expect(found([EDGE, gateway('infra/gw', 'redirect', server)], RULE)).toEqual([]);
    expect(found([EDGE, gateway('infra/gw', 'http', server), toHttps()], RULE)).toEqual([]);
  });

  test('find one in another Gateway of the same pods', () => {
    expect(found([EDGE, gateway('infra/gw', 'redirect'), gateway('shop/secure', 'https')], RULE)).toEqual([]);
  });

  test('find another host or port if the redirect changes it', () => {
    expect(found([EDGE, gateway('infra/gw', 'http'), toHttps(', authority: login.example.com')], RULE)).toEqual([]);
    expect(found([EDGE, gateway('infra/gw', 'http'), toHttps(', port: 8443')], RULE)).toEqual([]);
  });
});
