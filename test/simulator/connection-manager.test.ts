import { cluster, configOf } from './proxies';
import type { Json } from '../../conformance/istiod/client';
import { SimulatedProxy } from '../../src/simulator/simulated-proxy';

/** A gateway whose connection manager has these fields, with a host that accepts only TLS, and one for everything else. */
function gateway(fields: Json = {}): SimulatedProxy {
  const typedConfig = { rds: { routeConfigName: '80' }, useRemoteAddress: true, ...fields };
  const routes = ['x-forwarded-client-cert', 'x-envoy-retry-on', 'x-envoy-original-path', 'x-a'].map(name =>
    ({ name, match: { path: `/${name}`, headers: [{ name, presentMatch: true }] }, route: { cluster: 'c' } }));
  const scheme = { match: { path: '/scheme', headers: [{ name: ':scheme', stringMatch: { exact: 'https' } }] }, route: { cluster: 'c' } };
  const hosts: Json[] = [
    { name: 'tls', domains: ['tls'], requireTls: 'ALL', routes: [{ match: { prefix: '/' }, route: { cluster: 'c' } }] },
    { name: 'all', domains: ['*'], routes: [...routes, scheme, { match: { path: '/redirect' }, redirect: { pathRedirect: '/z' } }] },
  ];
  const filters = [{ name: 'envoy.filters.network.http_connection_manager', typedConfig }];
  const listeners: Json[] = [
    { name: '0.0.0.0_80', address: { socketAddress: { address: '0.0.0.0', portValue: 80 } }, filterChains: [{ filters }] },
  ];
  return new SimulatedProxy({ type: 'gateway', namespace: 'istio-system' }, configOf(hosts, { listeners, clusters: [cluster('c')] }));
}

const behindBalancer = () => gateway({ xffNumTrustedHops: 1 });
const asking = (proto: string | string[], proxy: SimulatedProxy) => proxy.get('http://tls/a', { headers: { 'x-forwarded-proto': proto } });

describe('a host that accepts only TLS, called in plaintext with X-Forwarded-Proto: https', () => {
  test('redirects a caller that the gateway does not trust', () => {
    expect(asking('https', gateway())).toMatchObject({ outcome: 'redirected', status: 301, redirection: { location: 'https://tls/a' } });
  });

  test('routes behind a load balancer that the gateway trusts', () => {
    expect(asking('https', behindBalancer()).outcome).toBe('routed');
  });

  test.each(['http', 'HTTPS', 'ftp', ['https', 'https']])('redirects a trusted caller that sends %j', proto => {
    expect(asking(proto, behindBalancer()).outcome).toBe('redirected');
  });

  test('redirects a trusted caller without the header', () => {
    expect(behindBalancer().get('http://tls/a').outcome).toBe('redirected');
  });
});

describe('the scheme behind a trusted load balancer', () => {
  const ask = (path: string, proto: string, proxy = behindBalancer()) =>
    proxy.get(`http://a${path}`, { headers: { 'x-forwarded-proto': proto } });

  test('is that of X-Forwarded-Proto, in any case, if it is http or https', () => {
    expect(['https', 'HTTPS', 'http', 'ftp'].map(proto => ask('/scheme', proto).outcome)).toEqual([
      'routed',
      'routed',
      'no route',
      'no route',
    ]);
    expect(['https', 'HTTPS', 'ftp'].map(proto => ask('/redirect', proto).redirection?.location)).toEqual([
      'https://a/z',
      'https://a/z',
      'http://a/z',
    ]);
    expect(ask('/scheme', 'https', gateway()).outcome).toBe('no route');
  });

  test('is the one that the caller sends, in HTTP/2', () => {
    const http2 = (path: string, proto: string) =>
      behindBalancer().get(`http://a${path}`, { headers: { 'x-forwarded-proto': proto }, version: 'HTTP/2' });
    expect(http2('/scheme', 'https').outcome).toBe('no route');
    expect(['https', 'ftp', ''].map(proto => http2('/redirect', proto).redirection?.location)).toEqual(['http://a/z', 'http://a/z', 'http://a/z']);
  });
});

describe('headers that control Envoy', () => {
  const has = (name: string, proxy: SimulatedProxy, more: { [name: string]: string } = {}) =>
    proxy.get(`http://a/${name}`, { headers: { [name]: '1', ...more } }).outcome === 'routed';

  test('are removed before the routes, from any caller', () => {
    expect([
      has('x-envoy-retry-on', gateway()),
      has('x-envoy-retry-on', behindBalancer()),
      has('x-envoy-retry-on', gateway({ useRemoteAddress: false })),
    ])
      .toEqual([false, false, false]);
    expect([has('x-envoy-original-path', gateway()), has('x-envoy-original-path', gateway({ useRemoteAddress: false }))]).toEqual([
      false,
      true,
    ]);
  });

  test('of a client\'s certificate stay only if the gateway always forwards them', () => {
    expect(['SANITIZE_SET', 'FORWARD_ONLY', 'APPEND_FORWARD', 'ALWAYS_FORWARD_ONLY'].map(forwardClientCertDetails =>
      has('x-forwarded-client-cert', gateway({ forwardClientCertDetails })))).toEqual([false, false, false, true]);
  });

  test('that Connection names are hop-by-hop', () => {
    expect([has('x-a', gateway()), has('x-a', gateway(), { connection: 'close, X-A' })]).toEqual([true, false]);
  });
});

test('a port without a listener refuses the connection, and Envoy logs nothing', () => {
  const decision = gateway().get('http://a:81/');
  expect(decision).toMatchObject({ outcome: 'connection refused', status: undefined, flag: undefined });
  expect(decision.explain()).toContain('listener: none for port 81; the caller cannot connect, and Envoy logs nothing');
});
