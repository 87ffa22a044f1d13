import { cluster, configOf } from './proxies';
import type { Json } from '../../conformance/istiod/client';
import { SimulatedProxy } from '../../src/simulator/simulated-proxy';

/** A proxy whose route `special` has a condition on a header, and whose other route takes the rest. */
function proxy(header: Json, manager: Json = {}, transportSocket?: Json): SimulatedProxy {
  const typedConfig = { rds: { routeConfigName: '80' }, useRemoteAddress: true, forwardClientCertDetails: 'SANITIZE_SET', ...manager };
  const routes = [
    {
      name: 'special',
      match: { prefix: '/', headers: [header] },
      route: { cluster: 'c' },
    }, { match: { prefix: '/' }, directResponse: { status: 204 } },
  ];
  const filters = [{ name: 'envoy.filters.network.http_connection_manager', typedConfig }];
  const port = transportSocket ? 443 : 80;
  const address = { socketAddress: { address: '0.0.0.0', portValue: port } };
  const listeners: Json[] = [
    { name: `0.0.0.0_${port}`, address, filterChains: [{ filters, ...(transportSocket ? { transportSocket } : {}) }] },
  ];
  return new SimulatedProxy(
    { type: 'gateway', namespace: 'edge' },
    configOf([{ name: 'all', domains: ['*'], routes }], { listeners, clusters: [cluster('c')] }),
  );
}

const exact = (name: string, value: string) => ({ name, stringMatch: { exact: value } });
const asking = (of: SimulatedProxy, headers: { [name: string]: string } = {}, sourceAddress?: string) =>
  of.get('http://a/', { headers, sourceAddress }).outcome;

// Tried on Envoy with the connection managers that istiod sends to gateways and sidecars.
describe('a condition on a header that a gateway writes itself', () => {
  test.each(['x-forwarded-for', 'x-envoy-external-address', 'x-request-id'])('%s is in every request', name => {
    expect(asking(proxy({ name, presentMatch: true }))).toBe('routed');
    expect(asking(proxy({ name, presentMatch: true, invertMatch: true }))).toBe('answered');
    expect(asking(proxy({ name, stringMatch: { safeRegex: { regex: '.*' } } }))).toBe('routed');
  });

  test('the address of the caller is not decided, whatever the caller sends, unless it is set', () => {
    for (const name of ['x-forwarded-for', 'x-envoy-external-address']) {
      const allowed = proxy(exact(name, '203.0.113.7'));
      expect([asking(allowed), asking(allowed, {}, '203.0.113.7'), asking(allowed, {}, '203.0.113.8')]).toEqual([
        'not decided',
        'routed',
        'answered',
      ]);
    }
    expect(asking(proxy(exact('x-envoy-external-address', '203.0.113.7')), { 'x-envoy-external-address': '203.0.113.7' })).toBe(
      'not decided',
    );
  });

  test('a condition that no address meets is never met', () => {
    expect(asking(proxy(exact('x-envoy-external-address', 'internal')))).toBe('answered');
    expect(asking(proxy({ name: 'x-envoy-external-address', stringMatch: { prefix: '10.' } }))).toBe('not decided');
    expect(asking(proxy({ name: 'x-envoy-external-address', stringMatch: { prefix: 'int' } }))).toBe('answered');
  });

  test('x-forwarded-for starts with what the caller sends, and ends in its address', () => {
    const of = (stringMatch: Json) => asking(proxy({ name: 'x-forwarded-for', stringMatch }), { 'x-forwarded-for': '9.9.9.9' });
    expect([of({ exact: '9.9.9.9' }), of({ prefix: '9.9.9' }), of({ prefix: '9.9.9.9,10' }), of({ prefix: '8' })])
      .toEqual(['answered', 'routed', 'not decided', 'answered']);
  });

  test('a trusted proxy before the gateway sets the external address', () => {
    const behind = (hops: number) => proxy(exact('x-envoy-external-address', '8.8.8.8'), { xffNumTrustedHops: hops });
    const sent = { 'x-forwarded-for': '8.8.8.8, 9.9.9.9' };
    expect([asking(behind(2), sent), asking(behind(1), sent), asking(behind(0), sent), asking(behind(1))])
      .toEqual(['routed', 'answered', 'not decided', 'not decided']);
  });

  test('the id of a request replaces that of the caller', () => {
    expect(asking(proxy(exact('x-request-id', 'mine')), { 'x-request-id': 'mine' })).toBe('answered');
    expect(asking(proxy({ name: 'x-request-id', stringMatch: { safeRegex: { regex: '[0-7].*' } } }))).toBe('not decided');
  });

  test('a required certificate is described, an optional one may be, and in plaintext there is none', () => {
    const present = { name: 'x-forwarded-client-cert', presentMatch: true };
    const tls = (requireClientCertificate: boolean) => ({
      typedConfig: { requireClientCertificate, commonTlsContext: { validationContext: {} } },
    });
    const outcomes = [proxy(present, {}, tls(true)), proxy(present, {}, tls(false))].map(of => of.get('https://a/').outcome);
    expect([...outcomes, asking(proxy(present))]).toEqual(['routed', 'not decided', 'answered']);
  });
});

describe('a condition on such a header at a sidecar', () => {
  const sidecar = { useRemoteAddress: false };

  test('x-forwarded-for and x-envoy-external-address are as the caller sends them', () => {
    for (const name of ['x-forwarded-for', 'x-envoy-external-address']) {
      const of = proxy(exact(name, '9.9.9.9'), sidecar);
      expect([asking(of, { [name]: '9.9.9.9' }), asking(of)]).toEqual(['routed', 'answered']);
    }
  });

  test('x-request-id is that of the caller, else one that Envoy makes', () => {
    expect(asking(proxy(exact('x-request-id', 'mine'), sidecar), { 'x-request-id': 'mine' })).toBe('routed');
    expect(asking(proxy({ name: 'x-request-id', presentMatch: true }, sidecar))).toBe('routed');
  });
});

test('the explanation says which route is not decided, and why', () => {
  const decision = proxy(exact('x-forwarded-for', '203.0.113.7')).get('http://a/');
  expect(decision.explain()).toContain("route 1 'special': not decided");
  expect(decision.notJudged).toEqual([{
    what: 'the condition',
    changes: "header x-forwarded-for must be '203.0.113.7' and is the address from which the caller connects",
    objects: ['route 1 of special'],
    decides: true,
  }]);
});
