import { cluster, proxyOf, routesOf } from './proxies';

const LOOP = 'a caller that follows it is redirected again: a redirect loop';

describe('a redirect loop is reported', () => {
  test('of a route that redirects to itself', () => {
    const decision = routesOf({ match: { prefix: '/app' }, redirect: { pathRedirect: '/app/' } }).get('http://a/app');
    expect([decision.isRedirectLoop, decision.explain().includes(LOOP)]).toEqual([true, true]);
  });

  test('of a prefix that grows with every redirect', () => {
    expect(routesOf({ match: { prefix: '/a' }, redirect: { prefixRewrite: '/a/b' } }).get('http://a/a').isRedirectLoop).toBe(true);
  });

  test('of two routes that redirect to each other', () => {
    const there = { match: { path: '/there' }, redirect: { pathRedirect: '/back' } };
    expect(routesOf(there, { match: { path: '/back' }, redirect: { pathRedirect: '/there' } }).get('http://a/there').isRedirectLoop).toBe(
      true,
    );
  });

  test('not for a host that accepts only TLS, whose TLS port does not redirect', () => {
    const decision = proxyOf([{ name: 'a', domains: ['*'], requireTls: 'ALL', routes: [] }]).get('http://a/');
    expect([decision.outcome, decision.isRedirectLoop]).toEqual(['redirected', false]);
  });

  test('not for a POST that callers follow with GET', () => {
    const post = { prefix: '/', headers: [{ name: ':method', stringMatch: { exact: 'POST' } }] };
    const isLoop = (responseCode: 'SEE_OTHER' | 'TEMPORARY_REDIRECT') =>
      routesOf({ match: post, redirect: { pathRedirect: '/', responseCode } }).request('POST', 'http://a/').isRedirectLoop;
    expect([isLoop('SEE_OTHER'), isLoop('TEMPORARY_REDIRECT')]).toEqual([false, true]);
  });

  test('not for a redirect that sets a cookie', () => {
    const responseHeadersToAdd = [{ header: { key: 'Set-Cookie', value: 'seen=1' } }];
    expect(routesOf({ match: { prefix: '/' }, redirect: { pathRedirect: '/' }, responseHeadersToAdd }).get('http://a/').isRedirectLoop)
      .toBe(false);
  });

  test('not for redirects that end', () => {
    const moved = { match: { path: '/old' }, redirect: { pathRedirect: '/new' } };
    const decision = routesOf(moved, { match: { prefix: '/' }, route: { cluster: 'c' } }).get('http://a/old', { headers: { host: 'b' } });
    expect([decision.outcome, decision.isRedirectLoop, decision.explain().includes(LOOP)]).toEqual(['redirected', false, false]);
    expect(
      routesOf({ match: { prefix: '/' }, redirect: { hostRedirect: 'elsewhere.example.com', schemeRedirect: 'https' } }).get('http://a/')
        .isRedirectLoop,
    ).toBe(false);
  });
});

test('a host that accepts only TLS says so, and lists no route', () => {
  const routes = [{ name: 'r', match: { prefix: '/' }, route: { cluster: 'c' } }];
  const decision = proxyOf([{ name: 'a', domains: ['*'], requireTls: 'ALL', routes }], { clusters: [cluster('c')] }).get('http://a/x#y');
  expect(decision.passedOver).toEqual([]);
  expect(decision.explain()).toMatchInlineSnapshot(`
"GET http://a/x#y from sidecar of shop
  callers do not send the fragment #y; Envoy answers 400 to a path with a #
  listener 0.0.0.0_80: HTTP, route configuration 80
  virtual host a: the authority 'a' matches its domain *
  the virtual host accepts only TLS (httpsRedirect), so Envoy selects no route
  redirects with 301 to https://a/x
  outcome: redirected, 301"
`);
});

test('a redirect without a code has Envoy\'s own: 301', () => {
  expect(routesOf({ match: { prefix: '/' }, redirect: { hostRedirect: 'b' } }).get('http://a/').explain()).toContain('redirected, 301');
});
