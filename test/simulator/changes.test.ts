import { routesOf } from './proxies';
import type { Json } from '../../conformance/istiod/client';

describe('a rewritten path', () => {
  const path = (match: Json, action: Json, asked: string) =>
    routesOf({ match, route: { cluster: 'c', ...action } }).get(`http://a${asked}`).path;

  test.each([
    [{ prefix: '/api/' }, { prefixRewrite: '/' }, '/api/items?x=1', '/items?x=1'],
    [{ prefix: '/api' }, { prefixRewrite: '/v1' }, '/api/items', '/v1/items'],
    [{ prefix: '/api', caseSensitive: false }, { prefixRewrite: '/v1' }, '/API/items', '/v1/items'],
    [{ pathSeparatedPrefix: '/api' }, { prefixRewrite: '/v1' }, '/api/items', '/v1/items'],
    [{ path: '/api' }, { prefixRewrite: '/v1' }, '/api?x=1', '/v1?x=1'],
    [{ safeRegex: { regex: '/a.*' } }, { prefixRewrite: '/v1' }, '/abc?x=1', '/v1?x=1'],
    [
      { prefix: '/' },
      { regexRewrite: { pattern: { regex: '^/old/([^/]+)(.*)$' }, substitution: '/new/\\1\\2' } },
      '/old/a/b?c=/old/',
      '/new/a/b?c=/old/',
    ],
    [{ prefix: '/' }, { regexRewrite: { pattern: { regex: 'a' }, substitution: '[\\0\\\\]' } }, '/banana', '/b[a\\]n[a\\]n[a\\]'],
    // RE2 replaces a missing group with nothing.
    [{ prefix: '/' }, { regexRewrite: { pattern: { regex: '^/a/(.*)$' }, substitution: '/b/\\2' } }, '/a/x', '/a/x'],
    [{ prefix: '/' }, {}, '/x', '/x'],
  ])('%j %j: %s becomes %s', (match, action, asked, sent) => {
    expect(path(match, action, asked)).toBe(sent);
  });
});

describe('a redirect', () => {
  const location = (redirect: Json, url: string, match: Json = { prefix: '/' }, headers?: { [name: string]: string }) =>
    routesOf({ match, redirect }).get(url, { headers }).redirection;

  test.each([
    [{ schemeRedirect: 'https' }, 'http://a/x?y=1', 'https://a/x?y=1'],
    [{ schemeRedirect: 'https' }, 'http://a:80/x', 'https://a/x'],
    [{ httpsRedirect: true, portRedirect: 8443 }, 'http://a:80/x', 'https://a:8443/x'],
    [{ hostRedirect: 'b' }, 'http://a:80/x', 'http://b/x'],
    [{ pathRedirect: '/new' }, 'http://a:80/x?y=1', 'http://a:80/new?y=1'],
    [{ pathRedirect: '/new?z=2' }, 'http://a/x?y=1', 'http://a/new?z=2'],
    [{ pathRedirect: '/new', stripQuery: true }, 'http://a/x?y=1', 'http://a/new'],
    [{ stripQuery: true, hostRedirect: 'b' }, 'http://a/x?y=1', 'http://b/x'],
  ])('%j of %s leads to %s', (redirect, url, expected) => {
    expect(location(redirect, url)).toEqual({ status: 301, location: expected });
  });

  test('may replace a prefix, and set another code', () => {
    expect(location({ prefixRewrite: '/new', responseCode: 'PERMANENT_REDIRECT' }, 'http://a/old/x?y=1', { prefix: '/old' })).toEqual({
      status: 308,
      location: 'http://a/new/x?y=1',
    });
  });

  test('keeps the scheme of the previous proxy', () => {
    expect(location({ hostRedirect: 'b' }, 'http://a/', undefined, { 'x-forwarded-proto': 'https' })!.location).toBe('https://b/');
  });
});

describe('headers', () => {
  const add = (key: string, value: string, appendAction?: string) => ({ header: { key, value }, ...(appendAction && { appendAction }) });
  const changes = (operations: Json, headers: { [name: string]: string } = {}) =>
    Object.fromEntries(
      routesOf({ match: { prefix: '/' }, route: { cluster: 'c' }, ...operations })
        .get('http://a/p', { headers })
        .requestHeaderChanges(),
    );

  test('are set, added to existing ones, or removed first', () => {
    expect(changes({ requestHeadersToAdd: [add('X-A', '1', 'OVERWRITE_IF_EXISTS_OR_ADD')] }, { 'x-a': '0' })).toEqual({ 'x-a': '1' });
    expect(changes({ requestHeadersToAdd: [add('x-a', '1')] }, { 'x-a': '0' })).toEqual({ 'x-a': '0, 1' });
    expect(changes({ requestHeadersToAdd: [add('x-a', '1', 'ADD_IF_ABSENT')] }, { 'x-a': '0' })).toEqual({});
    expect(changes({ requestHeadersToAdd: [add('x-a', '1', 'OVERWRITE_IF_EXISTS')] })).toEqual({});
    expect(changes({ requestHeadersToAdd: [add('x-a', '1')], requestHeadersToRemove: ['x-a', 'x-b'] }, { 'x-a': '0' })).toEqual({
      'x-a': '1',
      'x-b': undefined,
    });
  });

  test('may contain values of the request', () => {
    expect(changes({ requestHeadersToAdd: [add('x-a', '100%% %REQ(:method)% %REQ(x-no?:path)%')] })).toEqual({ 'x-a': '100% GET /p' });
  });

  test('a share of a split has its own changes, before those of the route', () => {
    const clusters = [{ name: 'c', weight: 1, requestHeadersToAdd: [add('x-a', 'share')], hostRewriteLiteral: 'b' }];
    const decision = routesOf({
      match: { prefix: '/' },
      route: { weightedClusters: { clusters } },
      requestHeadersToAdd: [add('x-a', 'route')],
    }).get('http://a/');
    expect(decision.requestHeaderChanges().get('x-a')).toBe('share, route');
    expect(decision.authority()).toBe('b');
  });
});

describe('CORS', () => {
  const policy = {
    allowOriginStringMatch: [{ exact: 'https://a.example.com' }, { safeRegex: { regex: 'https://c[0-9]+' } }],
    allowMethods: 'GET,PUT',
    allowHeaders: 'x-a',
    exposeHeaders: 'x-b',
    maxAge: '3600',
    allowCredentials: true,
    forwardNotMatchingPreflights: false,
    filterEnabled: { defaultValue: { numerator: 100 } },
  };
  const proxy = routesOf({ match: { prefix: '/' }, route: { cluster: 'c' }, typedPerFilterConfig: { 'envoy.filters.http.cors': policy } });
  const preflight = (origin: string) =>
    proxy.request('OPTIONS', 'http://a/', { headers: { origin, 'access-control-request-method': 'PUT' } });

  test('Envoy answers a preflight itself', () => {
    const decision = preflight('https://c12');
    expect(decision).toMatchObject({ outcome: 'preflight answered', status: 200 });
    expect(Object.fromEntries(decision.responseHeaderChanges())).toEqual({
      'access-control-allow-origin': 'https://c12',
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET,PUT',
      'access-control-allow-headers': 'x-a',
      'access-control-max-age': '3600',
      'access-control-expose-headers': 'x-b',
    });
  });

  test('for a star, the answer repeats the methods and headers that the preflight asks for', () => {
    const any = routesOf({
      match: { prefix: '/' },
      route: { cluster: 'c' },
      typedPerFilterConfig: { 'envoy.filters.http.cors': { ...policy, allowMethods: '*', allowHeaders: '*' } },
    });
    const headers = { 'origin': 'https://c12', 'access-control-request-method': 'PUT', 'access-control-request-headers': 'x-1, x-2' };
    const answer = Object.fromEntries(any.request('OPTIONS', 'http://a/', { headers }).responseHeaderChanges());
    expect(answer).toMatchObject({ 'access-control-allow-methods': 'PUT', 'access-control-allow-headers': 'x-1, x-2' });
  });

  test('a preflight of another origin gets no permission, and is not forwarded if the policy says so', () => {
    const decision = preflight('https://evil.example.com');
    expect(decision.outcome).toBe('preflight answered');
    expect(decision.responseHeaderChanges().has('access-control-allow-origin')).toBe(false);
    expect(decision.responseHeaderChanges().get('access-control-allow-methods')).toBe('GET,PUT');
  });

  test('any other request is forwarded, and its response says what is allowed', () => {
    const decision = proxy.get('http://a/', { headers: { origin: 'https://a.example.com' } });
    expect(decision.outcome).toBe('routed');
    expect(decision.responseHeaderChanges().get('access-control-expose-headers')).toBe('x-b');
    expect(proxy.request('OPTIONS', 'http://a/').outcome).toBe('routed');
  });
});
