import { routesOf } from './proxies';
import type { Json } from '../../conformance/istiod/client';
import type { RouteMatch } from '../../src/envoy/xds/route';
import type { HttpVersion } from 'cdk8s-istio/simulator';

/** Whether a route with this match takes a request. */
const takes = (match: Json, path: string, headers: { [name: string]: string | string[] } = {}, method = 'GET') =>
  routesOf({ match, route: { cluster: 'c' } }).request(method, `http://a.example.com${path}`, { headers }).outcome === 'routed';

describe('the path of a route', () => {
  test('by prefix is compared without the query', () => {
    expect(takes({ prefix: '/items' }, '/items?x=1')).toBe(true);
    expect(takes({ prefix: '/items' }, '/itemsmore')).toBe(true);
    expect(takes({ prefix: '/items?x' }, '/items?x=1')).toBe(false);
    expect(takes({ prefix: '/items' }, '/Items')).toBe(false);
    expect(takes({ prefix: '/items', caseSensitive: false }, '/ITEMS/1')).toBe(true);
  });

  test('by segments ends where a segment ends', () => {
    expect(takes({ pathSeparatedPrefix: '/api' }, '/api')).toBe(true);
    expect(takes({ pathSeparatedPrefix: '/api' }, '/api/v1')).toBe(true);
    expect(takes({ pathSeparatedPrefix: '/api' }, '/apis')).toBe(false);
  });

  test('by exact match takes only this path', () => {
    expect(takes({ path: '/items' }, '/items?x=1')).toBe(true);
    expect(takes({ path: '/items' }, '/items/')).toBe(false);
    expect(takes({ path: '/items', caseSensitive: false }, '/Items')).toBe(true);
  });

  test('by regex is matched whole, as RE2 does', () => {
    expect(takes({ safeRegex: { regex: '/admin|/ops' } }, '/ops?a=1')).toBe(true);
    expect(takes({ safeRegex: { regex: '/admin|/ops' } }, '/admin/anything')).toBe(false);
    expect(takes({ safeRegex: { regex: '/a' } }, '/b/a')).toBe(false);
  });

  test('is normalized first: dot segments are removed, backslashes become slashes', () => {
    expect(takes({ path: '/b' }, '/a/../b')).toBe(true);
    expect(takes({ path: '/a/b' }, '/a/./b')).toBe(true);
    expect(takes({ path: '/a/b' }, '/a\\b')).toBe(true);
    expect(takes({ path: '/b' }, '/a/%2e%2E/b?c=..')).toBe(true);
    expect(takes({ path: '/admin~' }, '/%61dmin%7e')).toBe(true);
    expect(takes({ path: '/a%2Fb' }, '/a%2Fb')).toBe(true);
  });
});

describe('a header of a route', () => {
  const header = (rest: Json) => ({ prefix: '/', headers: [{ name: 'x-a', ...rest }] });

  test.each([
    ['exact', { stringMatch: { exact: 'Red' } }, 'Red', 'red'],
    ['exact in any case', { stringMatch: { exact: 'Red', ignoreCase: true } }, 'rEd', 'reds'],
    ['prefix', { stringMatch: { prefix: 're' } }, 'red', 'ared'],
    ['suffix', { stringMatch: { suffix: 'ed' } }, 'red', 'eda'],
    ['contains', { stringMatch: { contains: 'e' } }, 'red', 'rad'],
    ['regex, whole', { stringMatch: { safeRegex: { regex: 'r.d' } } }, 'rod', 'rods'],
    ['range, below its end', { rangeMatch: { start: '1', end: '5' } }, '4', '5'],
    ['the old form of exact', { exactMatch: 'red' }, 'red', 'Red'],
  ])('%s', (_, match, taken, left) => {
    expect(takes(header(match), '/', { 'X-A': taken })).toBe(true);
    expect(takes(header(match), '/', { 'x-a': left })).toBe(false);
    expect(takes(header(match), '/')).toBe(false);
  });

  test('that is absent meets no inverted condition, unless it counts as empty', () => {
    expect(takes(header({ stringMatch: { exact: 'red' }, invertMatch: true }), '/')).toBe(false);
    expect(takes(header({ stringMatch: { exact: 'red' }, invertMatch: true, treatMissingHeaderAsEmpty: true }), '/')).toBe(true);
    expect(takes(header({ stringMatch: { exact: 'red' }, invertMatch: true }), '/', { 'x-a': 'blue' })).toBe(true);
    expect(
      takes(header({ stringMatch: { exact: 'red' }, invertMatch: true, treatMissingHeaderAsEmpty: true }), '/', { 'x-a': 'red' }),
    ).toBe(false);
  });

  test('must be present or absent', () => {
    expect(takes(header({ presentMatch: true }), '/', { 'x-a': '' })).toBe(true);
    expect(takes(header({ presentMatch: true }), '/')).toBe(false);
    expect(takes(header({ presentMatch: true, invertMatch: true }), '/')).toBe(true);
    expect(takes(header({ presentMatch: true, invertMatch: true }), '/', { 'x-a': '1' })).toBe(false);
    expect(takes(header({ presentMatch: false }), '/')).toBe(true);
  });

  test('may be the method, the authority or the scheme', () => {
    const pseudo = (name: string, exact: string) => ({ prefix: '/', headers: [{ name, stringMatch: { exact } }] });
    expect(takes(pseudo(':method', 'PUT'), '/', {}, 'PUT')).toBe(true);
    expect(takes(pseudo(':method', 'PUT'), '/')).toBe(false);
    expect(takes(pseudo(':authority', 'a.example.com'), '/')).toBe(true);
    expect(takes(pseudo(':authority', 'b.example.com'), '/', { Host: 'b.example.com' })).toBe(true);
    expect(takes(pseudo(':scheme', 'https'), '/')).toBe(false);
  });

  // As decided by a real Envoy 1.40.
  test.each<[string, Json, string, string]>([
    ['exact', { stringMatch: { exact: 'b' } }, 'takes', 'leaves'],
    ['exact on the joined values', { stringMatch: { exact: 'a,b' } }, 'leaves', 'takes'],
    ['not exact', { stringMatch: { exact: 'a' }, invertMatch: true }, 'leaves', 'takes'],
    ['not exact of another value', { stringMatch: { exact: 'c' }, invertMatch: true, treatMissingHeaderAsEmpty: true }, 'takes', 'takes'],
    ['regex over both', { stringMatch: { safeRegex: { regex: 'a.*b' } } }, 'leaves', 'takes'],
    ['prefix of the second', { stringMatch: { prefix: 'b' } }, 'takes', 'leaves'],
    ['suffix of the first', { stringMatch: { suffix: 'a' } }, 'takes', 'leaves'],
    ['a comma in it', { stringMatch: { contains: ',' } }, 'leaves', 'takes'],
    ['present', { presentMatch: true }, 'takes', 'takes'],
    ['absent', { presentMatch: true, invertMatch: true }, 'leaves', 'leaves'],
  ])('given twice, as a and b, is tested line by line, or as one value if Envoy stores it inline: %s', (_, match, apart, inline) => {
    const twice = (name: string) => takes({ prefix: '/', headers: [{ name, ...match }] }, '/', { [name]: ['a', 'b'] });
    expect(['x-a', 'cookie', 'age'].map(twice)).toEqual(Array(3).fill(apart === 'takes'));
    expect(['accept', 'via', 'user-agent', 'x-forwarded-for', 'if-match'].map(twice)).toEqual(Array(5).fill(inline === 'takes'));
  });

  test('given several times gets no comma for an empty value, if Envoy stores it inline', () => {
    const joined = (values: string[], exact: string) => takes({ prefix: '/', headers: [{ name: 'accept', stringMatch: { exact } }] }, '/', { accept: values });
    expect([joined(['', 'b'], 'b'), joined(['a', '', 'b'], 'a,b'), joined(['', ''], '')]).toEqual([true, true, true]);
  });

  test('given twice is within a range if one of the values is', () => {
    expect(takes(header({ rangeMatch: { start: '1', end: '5' } }), '/', { 'x-a': ['9', '1'] })).toBe(true);
    expect(takes(header({ rangeMatch: { start: '1', end: '5' }, invertMatch: true }), '/', { 'x-a': ['9', '1'] })).toBe(false);
  });

  test('in several spellings is one header', () => {
    expect(takes(header({ stringMatch: { exact: 'b' } }), '/', { 'x-a': 'a', 'X-A': 'b' })).toBe(true);
  });

  test('that HTTP/2 sends in parts, such as a cookie, is one value', () => {
    const route = { match: { prefix: '/', headers: [{ name: 'cookie', stringMatch: { exact: 'a=1; b=2' } }] }, route: { cluster: 'c' } };
    const ask = (version: HttpVersion) => routesOf(route).get('http://a/', { version, headers: { cookie: ['', 'a=1', 'b=2'] } }).outcome;
    expect([ask('HTTP/1.1'), ask('HTTP/2')]).toEqual(['no route', 'routed']);
  });
});

describe('a query parameter of a route', () => {
  const query = (rest: Json) => ({ prefix: '/', queryParameters: [{ name: 'q', ...rest }] });

  test('is the first of its name, not decoded', () => {
    expect(takes(query({ stringMatch: { exact: '1' } }), '/?q=1&q=2')).toBe(true);
    expect(takes(query({ stringMatch: { exact: '2' } }), '/?q=1&q=2')).toBe(false);
    expect(takes(query({ stringMatch: { prefix: 'a' } }), '/?p=a&q=ab')).toBe(true);
    expect(takes(query({ stringMatch: { exact: '1' } }), '/')).toBe(false);
  });

  test('must be present', () => {
    expect(takes(query({ presentMatch: true }), '/?q')).toBe(true);
    expect(takes(query({ presentMatch: true }), '/?qq=1')).toBe(false);
  });
});

test('gRPC is recognized by its content type', () => {
  expect(takes({ prefix: '/', grpc: {} }, '/', { 'content-type': 'application/grpc+proto' }, 'POST')).toBe(true);
  expect(takes({ prefix: '/', grpc: {} }, '/', { 'content-type': 'application/json' }, 'POST')).toBe(false);
});

test('a regex that Envoy rejects is an error that names the route', () => {
  const proxy = routesOf({ name: 'bad', match: { safeRegex: { regex: '(?=a)' } }, route: { cluster: 'c' } });
  expect(() => proxy.get('http://a/')).toThrow(
    /^Envoy would reject route configuration 80: route 1 'bad' of virtual host a: a condition '\(\?=a\)' is not a valid RE2 regex \(error parsing regexp: invalid or unsupported Perl syntax: `\(\?=`\)/,
  );
});

test('a condition that the simulator does not read is not decided, and says so', () => {
  const decision = routesOf({ match: { prefix: '/', tlsContext: {} } as RouteMatch, route: { cluster: 'c' } }).get('http://a/');
  expect(decision.outcome).toBe('not decided');
  expect(decision.explain()).toContain('it has a condition on tlsContext, which is not read');
});
