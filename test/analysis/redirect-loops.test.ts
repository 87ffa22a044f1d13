import { EDGE, found, istio, workload } from './bank';

const CATALOG = workload('shop', 'catalog', 'app: catalog');
const RULE = 'redirect-loop';
const ROUTE = '{ route: [{ destination: { host: catalog, port: { number: 80 } } }] }';
const HTTP = '{ port: { number: 80, name: http, protocol: HTTP }, hosts: ["*.example.com", example.com] }';
const HTTPS =
  '{ port: { number: 443, name: https, protocol: HTTPS }, tls: { mode: SIMPLE, credentialName: c }, hosts: ["*.example.com", example.com] }';
const gateway = (...servers: string[]) => istio('Gateway', 'shop/gw', `{ selector: { app: edge }, servers: [${servers.join(', ')}] }`);
const service = (name: string, hosts: string, entries: string) => (
  istio('VirtualService', `shop/${name}`, `{ hosts: [${hosts}], gateways: [gw], http: [${entries}] }`));

/** The findings about the entries of a mesh host. */
const ofMesh = (...entries: string[]) =>
  found([CATALOG, istio('VirtualService', 'shop/catalog', `{ hosts: [catalog], http: [${entries.join(', ')}] }`)], RULE);
const at = (...manifests: string[]) => found([CATALOG, EDGE, ...manifests], RULE);

describe('a redirect leads to itself', () => {
  test.each([
    [
      'by its prefix',
      '{ match: [{ uri: { prefix: /app } }], redirect: { uri: /app/ } }',
      /redirects http requests to '\/app\/', where a redirect takes them again/,
    ],
    ['by its exact path', '{ match: [{ uri: { exact: /app } }], redirect: { uri: /app, redirectCode: 302 } }', /requests to '\/app'/],
    [
      'deeper each time',
      '{ match: [{ uri: { prefix: /a } }], redirect: { prefixRewrite: /a/b } }',
      /requests to '\/a\/b', then '\/a\/b\/b', then/,
    ],
    ['without a path', '{ redirect: { authority: catalog } }', /requests to the same path/],
    [
      'with a status by which the method stays',
      '{ match: [{ method: { exact: POST } }], redirect: { uri: /a, redirectCode: 307 } }',
      /requests to '\/a'/,
    ],
    ['of a method that stays', '{ match: [{ method: { exact: PUT } }], redirect: { uri: /a, redirectCode: 302 } }', /requests to '\/a'/],
    ['without a cookie that it does not set', '{ match: [{ withoutHeaders: { cookie: {} } }], redirect: { uri: /a } }', /requests to '\/a'/],
    ['for callers with a header', '{ match: [{ headers: { x-a: { exact: b } } }], redirect: { uri: /new } }', /requests to '\/new'/],
  ])('%s', (_, entry, text) => {
    expect(ofMesh(entry, ROUTE)).toEqual([expect.stringMatching(text)]);
  });

  test('through another redirect', () => {
    expect(
      ofMesh(
        '{ match: [{ uri: { prefix: /a } }], redirect: { uri: /b } }',
        '{ match: [{ uri: { prefix: /b } }], redirect: { uri: /a } }',
        ROUTE,
      ),
    ).toEqual([
      expect.stringMatching(
        /spec\.http\[0\]\.redirect: .*'\/b', then '\/a'/,
      ), expect.stringMatching(/spec\.http\[1\]\.redirect: .*'\/a', then '\/b'/),
    ]);
  });

  test('through a redirect of another host', () => {
    const toHost = (name: string, from: string, to: string) => service(name, from, `{ redirect: { authority: ${to} } }`);
    expect(at(gateway(HTTP), toHost('a', 'example.com', 'www.example.com'), toHost('b', 'www.example.com', 'example.com'))).toHaveLength(2);
  });

  test('at the HTTPS server, if it redirects to https', () => {
    expect(at(gateway(HTTP, HTTPS), service('a', 'www.example.com', '{ redirect: { scheme: https } }'))).toEqual([
      expect.stringMatching(/redirects http requests to the same path/),
    ]);
  });
});

describe('a redirect leads elsewhere', () => {
  test.each([
    [
      'where an entry before it takes the target',
      [
        '{ match: [{ uri: { prefix: /app/ } }], route: [{ destination: { host: catalog, port: { number: 80 } } }] }',
        '{ match: [{ uri: { prefix: /app } }], redirect: { uri: /app/ } }',
      ],
    ],
    ['where it is for one path alone', ['{ match: [{ uri: { exact: /app } }], redirect: { uri: /app/ } }', ROUTE]],
    ['where it takes the prefix off', ['{ match: [{ uri: { prefix: /old/ } }], redirect: { prefixRewrite: / } }', ROUTE]],
    ['where the target has another host', ['{ redirect: { authority: www.example.org } }']],
    ['where the target has another scheme', ['{ redirect: { scheme: https } }']],
    ['where callers follow with GET', ['{ match: [{ method: { exact: POST } }], redirect: { uri: /app, redirectCode: 303 } }', ROUTE]],
    ['where some methods become GET', ['{ match: [{ method: { regex: "POST|PUT" } }], redirect: { uri: /a } }', ROUTE]],
    [
      'where the redirect sets the cookie whose absence it matches',
      [
        '{ match: [{ withoutHeaders: { Cookie: { regex: ".*seen=1.*" } } }], redirect: { uri: / }, '
        + 'headers: { response: { add: { Set-Cookie: seen=1 } } } }',
        ROUTE,
      ],
    ],
    ['where the target has another port', ['{ redirect: { port: 8443 } }']],
    [
      'where an entry before it may take the target',
      [
        '{ match: [{ uri: { regex: "/ap.*/" } }], route: [{ destination: { host: catalog, port: { number: 80 } } }] }',
        '{ match: [{ uri: { prefix: /app } }], redirect: { uri: /app/ } }',
      ],
    ],
  ])('%s', (_, entries) => {
    expect(ofMesh(...entries)).toEqual([]);
  });

  test('if only the HTTP server has the entry', () => {
    const matched = '{ match: [{ port: 80 }], redirect: { scheme: https } }';
    expect(at(gateway(HTTP), service('a', 'www.example.com', '{ redirect: { scheme: https } }'))).toEqual([]);
    expect(at(gateway(HTTP, HTTPS), service('a', 'www.example.com', `${matched}, ${ROUTE}`))).toEqual([]);
  });
});
