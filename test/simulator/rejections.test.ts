import { cluster, proxyOf, routesOf } from './proxies';
import type { Json } from '../../conformance/istiod/client';
import type { RequestOptions, SimulatedProxy } from 'cdk8s-istio/simulator';

// A real Envoy 1.40 gave all of these responses.
const all = (): SimulatedProxy => routesOf({ match: { prefix: '/' }, route: { cluster: 'c' } });
type Headers = RequestOptions['headers'];
const answer = (method: string, path: string, options: RequestOptions = {}, proxy = all()) => {
  const { outcome, status, rejection } = proxy.request(method, `http://a${path}`, options);
  return rejection === undefined ? outcome : [status, rejection.details];
};

describe('Envoy rejects a request before it selects a route', () => {
  test.each(['M-SEARCH', 'get', 'FOO', 'PRI', 'DESCRIBE', 'G@T'])('the method %s, which its HTTP/1 parser does not know', method => {
    expect(answer(method, '/')).toEqual([400, 'http1.codec_error']);
  });

  test.each(['MSEARCH', 'TRACE', 'PURGE', 'UNSUBSCRIBE', 'ACL', 'HEAD'])('not the method %s', method => {
    expect(answer(method, '/')).toBe('routed');
  });

  test.each([
    ['/admin%00', 'path_normalization_failed'], [
      '/a%00/../b',
      'path_normalization_failed',
    ], ['/a b', 'http1.codec_error'], ['/a?b c', 'http1.codec_error'],
    ['/ä', 'http1.codec_error'], ['/a?\x80', 'http1.codec_error'], [
      '/a\x01',
      'http1.invalid_characters',
    ], ['/a\x7f', 'http1.invalid_characters'],
  ])('the path %j', (path, details) => {
    expect(answer('GET', path)).toEqual([400, details]);
  });

  test.each(['/a%zz', '/%', '/a?%00', '/%01', '/a"<>', '//a//b', '/a%2fb'])('not the path %s', path => {
    expect(answer('GET', path)).toBe('routed');
  });

  test.each<[Headers, number, string]>([
    [{ 'x y': '1' }, 400, 'http1.codec_error'], [{ 'x@y': '1' }, 400, 'http1.codec_error'], [
      { x: '\x00' },
      400,
      'http1.invalid_characters',
    ],
    [
      { x: 'a\x1bb' },
      400,
      'http1.invalid_characters',
    ], [{ host: 'a/b' }, 400, 'http.invalid_authority'], [{ host: 'ä' }, 400, 'http.invalid_authority'],
    [{ 'content-length': '1', 'transfer-encoding': 'chunked' }, 400, 'http1.content_length_and_chunked_not_allowed'],
    [{ 'content-length': '-1' }, 400, 'http1.codec_error'], [{ 'content-length': ['0', '0'] }, 400, 'http1.codec_error'],
    [{ 'transfer-encoding': 'gzip, chunked' }, 501, 'http1.invalid_transfer_encoding'],
    [{ x: 'a'.repeat(90_000) }, 431, 'http1.headers_too_large'], [{ x: Array<string>(100).fill('1') }, 431, 'http1.too_many_headers'],
    [{ connection: 'x-forwarded-for' }, 400, 'http1.connection_header_rejected'], [{ connection: 'host' }, 400, 'missing_host_header'],
    [{ 'x-forwarded-proto': '' }, 404, 'route_not_found'],
  ])('the headers %j', (headers, status, details) => {
    expect(answer('GET', '/', { headers })).toEqual([status, details]);
  });

  test.each<Headers>([
    { x: 'ä' }, { x: 'a\tb' }, { host: '' }, { host: ['a', 'b'] }, { x_y: '1' }, {
      x: Array<string>(99).fill('1'),
    }, { 'transfer-encoding': 'Chunked' },
    { connection: 'x-request-id, close' }, { 'x-forwarded-proto': 'ftp' },
  ])('not the headers %j', headers => {
    expect(answer('GET', '/', { headers })).toBe('routed');
  });

  test('headers and request line of more than 60 KiB, to the byte', () => {
    expect(answer('GET', '/', { headers: { x: 'a'.repeat(61_408) } })).toBe('routed');
    expect(answer('GET', '/', { headers: { x: 'a'.repeat(61_409) } })).toEqual([431, 'http1.headers_too_large']);
    expect(answer('GET', `/${'a'.repeat(61_413)}`)).toBe('routed');
    expect(answer('GET', `/${'a'.repeat(61_414)}`)).toEqual([431, 'http1.headers_too_large']);
  });

  test('HTTP/1.0, unless the proxy accepts it', () => {
    expect(answer('GET', '/', { version: 'HTTP/1.0' })).toEqual([426, 'low_version']);
    expect(answer('GET', '/', { version: 'HTTP/1.0' }, withManager({ httpProtocolOptions: { acceptHttp10: true } }))).toBe('routed');
  });

  test('CONNECT, for which Istio creates no route, and QUERY without a Content-Type', () => {
    expect(all().request('CONNECT', 'http://a:80/')).toMatchObject({ outcome: 'no route', status: 404 });
    expect(answer('QUERY', '/')).toEqual([400, 'query_missing_content_type']);
    expect(answer('QUERY', '/', { headers: { 'content-type': 'text/plain' } })).toBe('routed');
  });

  test('an upgrade to a protocol other than WebSocket, if a route matches the request', () => {
    const upgrade = (to: string) => ({ headers: { connection: 'Upgrade', upgrade: to } });
    expect([answer('GET', '/', upgrade('WebSocket')), answer('GET', '/', upgrade('h2c'))]).toEqual(['routed', 'routed']);
    expect(answer('GET', '/', upgrade('foo'))).toEqual([403, 'upgrade_failed']);
    expect(answer('GET', '/', { headers: { upgrade: 'foo' } })).toBe('routed');
    const noRoute = routesOf({ match: { prefix: '/a' }, route: { cluster: 'c' } });
    expect(answer('GET', '/', upgrade('foo'), noRoute)).toBe('no route');
  });

  test('over HTTP/2 with a reset of the stream, by its own rules', () => {
    const http2 = (method: string, path: string, headers = {}) => answer(method, path, { version: 'HTTP/2', headers });
    expect(http2('M-SEARCH', '/')).toBe('routed');
    expect(http2('GET', '/a b')).toEqual([undefined, 'http2.invalid.header.field']);
    expect(http2('GET', '/', { host: '' })).toEqual([undefined, 'http2.invalid.header.field']);
    expect(http2('GET', '/', { x: 'a'.repeat(90_000) })).toEqual([undefined, 'http2.header_list_size_too_large']);
    expect([http2('GET', '/', { x: Array<string>(96).fill('1') }), http2('GET', '/', { x: Array<string>(97).fill('1') })])
      .toEqual(['routed', [undefined, 'http2.too_many_headers']]);
    expect(http2('GET', '/a%00')).toEqual([400, 'path_normalization_failed']);
  });

  test('and the explanation says why', () => {
    const decision = all().get('http://a/admin%00');
    expect(decision).toMatchObject({ outcome: 'rejected', status: 400, flag: undefined });
    expect(all().request('M-SEARCH', 'http://a/')).toMatchObject({ flag: 'DPE' });
    expect(decision.explain()).toMatchInlineSnapshot(`
"GET http://a/admin%00 from sidecar of shop
  listener 0.0.0.0_80: HTTP, route configuration 80
  Envoy rejects the request: the path holds %00 (path_normalization_failed)
  outcome: rejected, 400"
`);
  });
});

/** A proxy that routes everything, whose connection manager has these fields. */
function withManager(fields: Json): SimulatedProxy {
  const typedConfig = { rds: { routeConfigName: '80' }, normalizePath: true, ...fields };
  const filters = [{ name: 'envoy.filters.network.http_connection_manager', typedConfig }];
  const listeners: Json[] = [
    { name: '0.0.0.0_80', address: { socketAddress: { address: '0.0.0.0', portValue: 80 } }, filterChains: [{ filters }] },
  ];
  return proxyOf([{ name: 'a', domains: ['*'], routes: [{ match: { prefix: '/' }, route: { cluster: 'c' } }] }], {
    listeners,
    clusters: [cluster('c')],
  });
}

describe('the path after the normalization of the mesh', () => {
  const paths = ['/x%2fy', '/x%5Cy', '/a/..//b//', '/x?a//b%2f', '/a%2e%2e%2fb', '/x%2F..%2fy', '//'];
  const sent = (fields: Json) => paths.map(path => {
    const { outcome, status, path: to, redirection } = withManager(fields).get(`http://a${path}`);
    return redirection ? `${status} ${redirection.location}` : outcome === 'rejected' ? status : to;
  });

  test('NONE', () => expect(sent({ normalizePath: false })).toEqual(paths));
  test('BASE', () => expect(sent({})).toEqual(['/x%2fy', '/x%5Cy', '//b//', '/x?a//b%2f', '/a..%2fb', '/x%2F..%2fy', '//']));
  test('MERGE_SLASHES', () =>
    expect(sent({ mergeSlashes: true })).toEqual(['/x%2fy', '/x%5Cy', '/b/', '/x?a//b%2f', '/a..%2fb', '/x%2F..%2fy', '//']));
  test('DECODE_AND_MERGE_SLASHES', () => expect(sent({ mergeSlashes: true, pathWithEscapedSlashesAction: 'UNESCAPE_AND_FORWARD' }))
    .toEqual(['/x/y', '/x/y', '/b/', '/x?a//b%2f', '/a../b', '/y', '//']));
  test('REJECT_REQUEST of connectionSettings', () => expect(sent({ pathWithEscapedSlashesAction: 'REJECT_REQUEST' }))
    .toEqual([400, 400, '//b//', '/x?a//b%2f', 400, 400, '//']));
  test('UNESCAPE_AND_REDIRECT of connectionSettings', () => expect(
    sent({ mergeSlashes: true, pathWithEscapedSlashesAction: 'UNESCAPE_AND_REDIRECT' }),
  )
    .toEqual(['307 /x/y', '307 /x/y', '/b/', '/x?a//b%2f', '307 /a../b', '307 /y', '//']));

  test.each([
    ['/z/..;/', '/'], ['/a/..;x=1/b', '/b'], ['/a/.;x/b', '/a/b'], ['/a/..;a;b/c', '/c'], ['/a/..;', '/'], ['/a/.;', '/a/'],
    ['/a/b;/..;/c', '/a/c'],
    ['/a/b;x/c', '/a/b;x/c'], ['/a/...;/b', '/a/...;/b'], ['/a/;..;/c', '/a/;..;/c'], ['/a/..%3b/c', '/a/..%3b/c'],
    ['/a/%2e%2e;/c', '/a/..;/c'], ['/a/.%2e;x/c', '/a/..;x/c'], ['/a/..;%2f/c', '/c'],
  ])('dot segments with parameters are dot segments, unless a dot is encoded: %s', (path, to) => {
    expect(withManager({}).get(`http://a${path}`).path).toBe(to);
  });
});
