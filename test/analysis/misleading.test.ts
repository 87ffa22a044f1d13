import { found, istio, workload } from './bank';

const CATALOG = workload('shop', 'catalog', 'app: catalog');
const ROUTE = 'route: [{ destination: { host: catalog, port: { number: 80 } } }]';

/** The findings of one rule about entries of `http` for catalog. */
function told(rule: string, entries: string, hosts = 'catalog'): string[] {
  return found([CATALOG, istio('VirtualService', 'shop/catalog', `{ hosts: [${hosts}], http: [${entries}] }`)], rule);
}

/** The findings of all rules about an entry with these fields. */
function all(fields: string): string[] {
  return found([CATALOG, istio('VirtualService', 'shop/catalog', `{ hosts: [catalog], http: [{ ${fields}, ${ROUTE} }] }`)]);
}

/** The findings of one rule about a match. */
const ofMatch = (rule: string, match: string, hosts?: string) => told(rule, `{ match: [${match}], ${ROUTE} }`, hosts);

describe('a match that no request meets is found', () => {
  test.each([
    ['path-without-slash', '{ uri: { exact: items } }', /write '\/items'/],
    ['path-without-slash', '{ uri: { regex: "api/.*" } }', /write '\/api\/\.\*'/],
    ['path-without-slash', '{ uri: { regex: "^api/v[0-9]+" } }', /'\^api\/v\[0-9\]\+' does not begin with '\/'/],
    ['query-in-path', '{ uri: { prefix: "/items#top" } }', /has a '#'/],
    ['query-in-path', '{ uri: { regex: "/items[?]page=.*" } }', /without the query/],
    ['path-not-normalized', '{ uri: { exact: "/a b" } }', /' ' percent-encoded, so none matches '\/a b'/],
    ['path-not-normalized', '{ uri: { prefix: /café } }', /'é' percent-encoded, so none matches '\/café'/],
    ['path-not-normalized', '{ uri: { prefix: /a/../b } }', /no dot segments/],
    ['path-not-normalized', '{ uri: { exact: /a/. } }', /no dot segments/],
    ['path-not-normalized', '{ uri: { prefix: "/a\\\\b" } }', /slashes instead of backslashes/],
    ['pattern-in-path', '{ uri: { exact: "/users/{id}" } }', /write a regex, such as '\/users\/\[\^\/\]\+'/],
    ['pattern-in-path', '{ uri: { prefix: "/users/:id/orders" } }', /':id' stands for nothing else, .*'\/users\/\[\^\/\]\+/],
    ['path-without-slash', '{ uri: { prefix: "*" } }', /write prefix: \//],
    ['method-never-sent', '{ headers: { ":method": { exact: post } } }', /write 'POST'/],
    ['method-never-sent', '{ method: { prefix: p } }', /write 'P'/],
    ['scheme-never-sent', '{ scheme: { exact: HTTPS } }', /'HTTPS' takes nothing/],
    ['scheme-never-sent', '{ scheme: { prefix: ws } }', /'ws' takes nothing/],
    ['authority-outside-hosts', '{ authority: { prefix: store. } }', /'store\.' do not reach the routes of 'catalog'/],
    ['authority-outside-hosts', '{ headers: { ":authority": { exact: "cart:80" } } }', /requests for 'cart:80'/],
    ['conditions-exclude-each-other', '{ headers: { x-a: { exact: b }, X-A: { exact: c } } }',
      /meets headers\["x-a"\] does not meet headers\["X-A"\]/],
    ['conditions-exclude-each-other', '{ method: { exact: GET }, headers: { ":method": { exact: POST } } }',
      /what meets method does not meet/],
    ['conditions-exclude-each-other', '{ headers: { x-a: { exact: beta } }, withoutHeaders: { x-a: { prefix: b } } }',
      /what meets headers\["x-a"\] does not meet withoutHeaders/],
    [
      'conditions-exclude-each-other',
      '{ uri: { prefix: /a }, headers: { ":path": { exact: /b } } }',
      /meets uri does not meet headers\[":path"\]/,
    ],
    ['conditions-exclude-each-other', '{ uri: { exact: /a }, headers: { ":path": { prefix: "/b?c=" } } }', /meets uri does not meet/],
    ['regex-never-matches', '{ uri: { regex: "/a^b" } }', /write '%5E' for the character/],
    ['regex-never-matches', '{ uri: { regex: "/a$b" } }', /write '\\\$' for the character/],
    ['regex-never-matches', '{ uri: { regex: "(api|v2)/.*" } }', /no path matches/],
    ['regex-never-matches', '{ uri: { regex: "/items/(a b|c d)" } }', /no path matches/],
    ['regex-never-matches', '{ uri: { regex: "/a/\\\\.\\\\./b" } }', /no path matches/],
    ['regex-never-matches', '{ uri: { regex: "^$" } }', /no path matches/],
    ['regex-never-matches', '{ method: { regex: "GET POST" } }', /no value matches/],
    ['regex-never-matches', '{ headers: { x-a: { regex: "a^b" } } }', /no value matches/],
    ['regex-never-matches', '{ headers: { x-a: { regex: " a" } } }', /no value matches/],
    ['regex-never-matches', '{ queryParams: { q: { regex: "a$b" } } }', /no value matches/],
    ['port-never-called', '{ port: 8080 }', /use a port of the hosts: 80/],
    ['header-never-arrives', '{ headers: { Keep-Alive: {} } }', /Envoy removes Keep-Alive/],
    ['query-parameter-never-sent', '{ queryParams: { "?q": { exact: a } } }', /remove the question mark/],
    ['query-parameter-never-sent', '{ queryParams: { q: { exact: "1&r=2" } } }', /write its code, '%26'/],
    ['query-parameter-never-sent', '{ queryParams: { q: { prefix: é } } }', /write its code, '%C3%A9'/],
  ])('%s: %s', (rule, match, text) => {
    expect(ofMatch(rule, match)).toEqual([expect.stringMatching(text)]);
  });
});

describe('a match that takes less than it seems to is found', () => {
  test.each([
    ['regex-compared-whole', '{ uri: { regex: "^/api/(v1|v2)" } }', /write '\^\/api\/\(v1\|v2\)\.\*'/],
    ['regex-compared-whole', '{ headers: { user-agent: { regex: Mobile } } }', /write '\.\*Mobile\.\*'/],
    ['regex-like-glob', '{ uri: { regex: "/api/*" } }', /write prefix: \/api\//],
    ['regex-like-glob', '{ uri: { regex: "/api/*/items" } }', /write '\[\^\/\]\+' for a segment: '\/api\/\[\^\/\]\+\/items'/],
    ['regex-like-glob', '{ uri: { regex: "^/user*" } }', /'\*' repeats the 'r' before it.*write prefix: \/user/],
    ['cookie-compared-whole', '{ headers: { Cookie: { exact: user=ann } } }', /whose only cookie is 'user=ann'/],
  ])('%s: %s', (rule, match, text) => {
    expect(ofMatch(rule, match)).toEqual([expect.stringMatching(text)]);
  });
});

test.each([
  ['a prefix of every path', '{ uri: { prefix: / } }'],
  ['a regex of two paths', '{ uri: { regex: "api|/v2" } }'],
  ['a regex that begins with a group', '{ uri: { regex: "(/api)?/v2" } }'],
  ['a regex with a query that may be absent', '{ uri: { regex: "/items(\\\\?.*)?" } }'],
  ['a code that Envoy keeps', '{ uri: { exact: "/a%2Fb" } }'],
  ['a file whose name begins with a dot', '{ uri: { prefix: /.well-known } }'],
  ['a prefix whose last segment may go on', '{ uri: { prefix: /a/.. } }'],
  ['a method of one\'s own', '{ method: { exact: PURGE } }'],
  ['the authority with a port', '{ authority: { exact: "catalog.shop:80" } }'],
  ['the authority in upper case', '{ authority: { exact: CATALOG } }'],
  ['the authority in full', '{ authority: { exact: catalog.shop.svc.cluster.local } }'],
  ['an address', '{ authority: { exact: 10.0.0.7 } }'],
  ['a header with one value and without another', '{ headers: { x-a: { prefix: b } }, withoutHeaders: { x-a: { exact: beta } } }'],
  ['one header twice, in two ways that agree', '{ headers: { x-a: { prefix: b }, X-A: { exact: beta } } }'],
  ['a code in a query parameter', '{ queryParams: { q: { exact: a%20b } } }'],
  ['a parameter without a value', '{ queryParams: { flag: { exact: "" } } }'],
  ['a regex for the whole path', '{ uri: { regex: "^/api/v[0-9]+$" } }'],
  ['a regex with slashes that may be absent', '{ uri: { regex: "^/api/*$" } }'],
  ['a regex with repeated letters', '{ uri: { regex: "/a[bc]*" } }'],
  ['a regex of other characters than ASCII', '{ headers: { x-a: { regex: "[^ -~]+" } } }'],
  ['a path with its query', '{ uri: { exact: /a }, headers: { ":path": { prefix: "/a?b=" } } }'],
  ['the port of the Service', '{ port: 80 }'],
  ['two cookies in their order', '{ headers: { cookie: { exact: "a=b; c=d" } } }'],
])('nothing is found in %s', (_, match) => {
  expect(all(`match: [${match}]`)).toEqual([]);
});

test('an authority under a wildcard, or of a delegate\'s root, may match', () => {
  expect(ofMatch('authority-outside-hosts', '{ authority: { exact: a.example.com } }', '"*.example.com"')).toEqual([]);
  expect(ofMatch('authority-outside-hosts', '{ authority: { exact: a.example.org } }', '"*.example.com"')).toHaveLength(1);
  expect(ofMatch('authority-outside-hosts', '{ authority: { exact: a.example.org } }', '')).toEqual([]);
});

describe('a misleading rewrite is found', () => {
  const rewritten = (rule: string, match: string, rewrite: string) => (
    told(rule, `{ ${match === '' ? '' : `match: [${match}], `}rewrite: { ${rewrite} }, ${ROUTE} }`));

  test.each([
    ['rewrite-doubles-slash', '{ uri: { prefix: /api } }', 'uri: /v1/', /'\/api\/api' becomes '\/v1\/\/api'; write '\/v1'/],
    ['rewrite-joins-segments', '', 'uri: /v1', /'\/api' becomes '\/v1api'; write '\/v1\/'/],
    ['rewrite-joins-segments', '{ headers: { x-a: {} } }', 'uri: /v1', /'\/api' becomes '\/v1api'/],
    ['rewrite-drops-rest', '{ uri: { regex: "/v[12]" } }', 'uri: /v3', /each request gets '\/v3'/],
    ['rewrite-without-slash', '{ uri: { prefix: /a } }', 'uriRegexRewrite: { match: "^/a/(.*)$", rewrite: "b/\\\\1" }',
      /does not put one there; write '\/b\/\\1'/],
    ['rewrite-group-missing', '{ uri: { prefix: /a } }', 'uriRegexRewrite: { match: "^/a/(.*)$", rewrite: "/b/\\\\2" }',
      /has 1 group, and .* names \\2: Envoy does not rewrite/],
    ['rewrite-group-missing', '{ uri: { prefix: /a } }', 'uriRegexRewrite: { match: "^/a/(?:[(]x)", rewrite: "/b/\\\\1" }', /has no group/],
    ['rewrite-escape-unknown', '{ uri: { prefix: /a } }', 'uriRegexRewrite: { match: "^/a/(.*)$", rewrite: "/b\\\\x\\\\1" }',
      /'\\x' is neither a group nor .*, so Envoy writes only '\/b' of/],
    [
      'rewrite-escape-unknown',
      '{ uri: { prefix: /a } }',
      'uriRegexRewrite: { match: "^/a/(.*)$", rewrite: "/b\\\\" }',
      /remove the backslash/,
    ],
    ['rewrite-never-applies', '{ uri: { exact: /a } }', 'uriRegexRewrite: { match: "^/items/(.*)$", rewrite: "/b/\\\\1" }',
      /nothing is rewritten/],
    ['url-as-authority', '', 'authority: "https://store.example.com/a"', /Envoy sends it as the Host header; write 'store\.example\.com'/],
  ])('%s: %s with %s', (rule, match, rewrite, text) => {
    expect(rewritten(rule, match, rewrite)).toEqual([expect.stringMatching(text)]);
  });

  test.each([
    ['{ uri: { prefix: /api/ } }', 'uri: /'],
    ['{ uri: { prefix: /api } }', 'uri: /v1'],
    ['{ uri: { exact: /api } }', 'uri: /'],
    ['{ uri: { prefix: / } }', 'uri: /v1/'],
    ['{ uri: { prefix: / } }', 'uriRegexRewrite: { match: "/+", rewrite: "/" }'],
    ['{ uri: { prefix: /a } }', 'uriRegexRewrite: { match: "^/a(?P<rest>/.*)?$", rewrite: "/b\\\\1" }'],
    ['{ uri: { prefix: /it } }', 'uriRegexRewrite: { match: "^/items?/(.*)$", rewrite: "/b/\\\\1" }'],
  ])('nothing is found in %s with %s', (match, rewrite) => {
    expect(all(`match: [${match}], rewrite: { ${rewrite} }`)).toEqual([]);
  });

  test('a prefix in its own route, with a leading slash, keeps single slashes', () => {
    const entry = (prefix: string) => `{ match: [{ uri: { prefix: ${prefix} } }], rewrite: { uri: / }, ${ROUTE} }`;
    expect(told('rewrite-doubles-slash', `${entry('/common/')}, ${entry('/common')}`)).toEqual([]);
    expect(told('rewrite-doubles-slash', `${entry('/common')}, ${entry('/common/')}`)).toHaveLength(1);
  });
});

test('a timeout below the back-off of retries says how many retries are in time', () => {
  const toldOf = (fields: string) =>
    found(
      [CATALOG, istio('VirtualService', 'shop/catalog', `{ hosts: [catalog], http: [{ ${fields}, ${ROUTE} }] }`)],
      'timeout-below-retries',
    );
  expect(toldOf('timeout: 3ms, retries: { attempts: 2 }')).toEqual([
    expect.stringMatching(/a random part of 25ms .* its retry is in time in 12 % of the cases/),
  ]);
  expect(toldOf('timeout: 50ms, retries: { attempts: 2, backoff: 100ms }')).toEqual([
    expect.stringMatching(/a random part of 100ms .* in 50 % of the cases/),
  ]);
  expect(toldOf('timeout: 3ms, retries: { attempts: 0 }')).toEqual([]);
  expect(toldOf('timeout: 30ms, retries: { attempts: 2 }')).toEqual([]);
});
