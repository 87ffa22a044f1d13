import { cluster, proxyOf, routesOf } from './proxies';
import type { Json } from '../../conformance/istiod/client';
import { Mesh } from 'cdk8s-istio/simulator';

const istio = (kind: string, name: string, spec: Json) => ({
  apiVersion: 'networking.istio.io/v1',
  kind,
  metadata: { name, namespace: 'shop' },
  spec,
});
const service = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop' },
  spec: { ports: [{ name: 'http', port: 80 }] },
});

describe('malicious requests and configurations', () => {
  test('10,000 routes on a host: the last is found, and the explanation stays short', () => {
    const http = Array.from({ length: 10_000 }, (_, i) => ({
      name: `r${i}`,
      match: [{ uri: { exact: `/r${i}` }, headers: { 'x-a': { regex: '(a+)+b' } } }],
      route: [{ destination: { host: 'a', port: { number: 80 } } }],
    }));
    const sidecar = Mesh.fromManifests([service('a'), istio('VirtualService', 'a', { hosts: ['a'], http })]).sidecar({ namespace: 'shop' });
    const taken = sidecar.get('http://a/r9999', { headers: { 'x-a': 'aab' } });
    expect(taken).toMatchObject({ outcome: 'routed', route: { name: 'r9999' } });
    expect(taken.passedOver).toHaveLength(9999);
    expect(taken.explain().split('\n').length).toBeLessThan(40);
    expect(taken.explain()).toContain('... 9979 routes that do not match');
    expect(sidecar.get('http://a/none').outcome).toBe('no route');
  });

  test('regexes that hang backtracking engines', () => {
    const proxy = routesOf({ match: { safeRegex: { regex: '/(a+)+(b|c)*(.*x){20}' } }, route: { cluster: 'c' } });
    expect(proxy.get(`http://a/${'a'.repeat(50_000)}`).outcome).toBe('no route');
    expect(proxy.get(`http://a/a${'x'.repeat(20)}`).outcome).toBe('routed');
  });

  test('paths and headers of a megabyte are rejected, and those of the maximum size are routed', () => {
    const proxy = routesOf({
      match: { prefix: '/a', headers: [{ name: 'x', stringMatch: { suffix: 'z' } }] },
      route: { cluster: 'c', prefixRewrite: '/b' },
    });
    const ask = (steps: number, params: number, length: number) =>
      proxy.get(`http://h/${'../'.repeat(steps)}a${'?q=1&'.repeat(params)}`, { headers: { x: `${'y'.repeat(length)}z` } });
    expect(ask(300_000, 100_000, 1_000_000)).toMatchObject({ outcome: 'rejected', status: 431 });
    const decision = ask(5000, 3000, 30_000);
    expect(decision.outcome).toBe('routed');
    expect(decision.path.startsWith('/b?q=1&')).toBe(true);
  });

  test.each([
    '', '/a', 'a', 'ftp://a/', 'http://', 'http:///a', 'http://:80/', 'http://a:x/', 'http://a:0/', 'http://a:99999/', 'http://a b/',
    'https://?x', 'http://a/b\nc',
  ])('the URL \'%s\' is an error that says why', url => {
    expect(() => routesOf().get(url)).toThrow(/^'.*' is not a valid URL: .+/s);
  });

  test('what HTTP cannot express is an error', () => {
    expect(() => routesOf().request('GET /', 'http://a/')).toThrow('\'GET /\' is not an HTTP method; use one such as GET');
    expect(() => routesOf().get('http://a/', { headers: { 'x: y': '1' } })).toThrow('\'x: y\' is not a header name');
    expect(() => routesOf().get('http://a/', { headers: { 'x-a': 'a\r\nx-b: 1' } })).toThrow(
      "header 'x-a' has a line break in its value, which would end the header",
    );
  });

  test('names of JavaScript\'s object properties', () => {
    const names = ['__proto__', 'constructor', 'tostring'];
    const hosts = names.map(name => ({
      name,
      domains: [name],
      routes: [
        {
          match: { prefix: '/', headers: [{ name, presentMatch: true }], queryParameters: [{ name, presentMatch: true }] },
          route: { cluster: name },
        },
      ],
    }));
    const proxy = proxyOf(hosts, { clusters: names.map(name => cluster(name)) });
    for (const name of names) {
      expect(proxy.get(`http://${name}/?${name}=1`, { headers: JSON.parse(`{"${name}": "1"}`) }).split[0].cluster).toBe(name);
      expect(proxy.get(`http://${name}/`).outcome).toBe('no route');
      expect(proxy.load(`http://${name}/`, { count: 10 }).statuses).toEqual({ 404: 10 });
    }
    expect(proxy.get('http://hasOwnProperty/').outcome).toBe('no route');
  });

  test('virtual hosts without domains or routes, and an empty configuration', () => {
    expect(proxyOf([{ name: 'a', domains: [] }]).get('http://a/').outcome).toBe('no route');
    expect(proxyOf([{ name: 'a', domains: ['a'] }]).get('http://a/').outcome).toBe('no route');
    expect(proxyOf([], { routes: [] }).get('http://a/').outcome).toBe('no route');
    const none = proxyOf([], { listeners: [] }).get('http://a/');
    expect([none.outcome, none.explain().includes('listener: none for port 80')]).toEqual(['connection refused', true]);
  });

  test('VirtualServices without hosts, services without ports, empty splits', () => {
    const mesh = Mesh.fromManifests([
      istio('VirtualService', 'none', { hosts: [], http: [{ route: [] }] }), service('a'),
      { ...service('b'), spec: {} }, istio(
        'VirtualService',
        'zero',
        { hosts: ['a'], http: [{ route: [{ destination: { host: 'a', port: { number: 80 } }, weight: 0 }] }] },
      ),
    ]);
    expect(['routed', 'unknown cluster']).toContain(mesh.sidecar({ namespace: 'shop' }).get('http://a/').outcome);
    expect(mesh.gateway().get('http://a/').outcome).toBe('connection refused');
  });

  test('a load ends even if its endpoints never answer in time', () => {
    const proxy = routesOf({
      match: { prefix: '/' },
      route: { cluster: 'c', timeout: '1s', retryPolicy: { retryOn: '5xx', numRetries: 1000, perTryTimeout: '0.001s' } },
    });
    const { statuses } = proxy.load('http://a/', { count: 20, endpoints: { c: { latencyMs: 1e9 } } });
    expect(statuses).toEqual({ 504: 20 });
  });
});
