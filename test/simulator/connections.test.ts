import { goldenProxy } from './proxies';
import type { SimulatedProxy } from 'cdk8s-istio/simulator';
import { Mesh } from 'cdk8s-istio/simulator';

const CATALOG = '10.96.0.10';
const shares = (proxy: SimulatedProxy, options: { host: string; port: number; address?: string; serverName?: string }) =>
  proxy.connect(options).split.map(({ subset, host, cluster, percent }) => [subset ?? host ?? cluster, percent]);

describe('connections without HTTP', () => {
  test('are split by weight', () => {
    const web = goldenProxy('tcp-canary', 'web');
    expect(shares(web, { host: CATALOG, port: 5432 })).toEqual([['v1', 99.5], ['v2', 0.5]]);
    expect(web.connect({ host: CATALOG, port: 5432 }).outcome).toBe('routed');
  });

  test('of TLS are routed by the server name, including that of an https URL', () => {
    const web = goldenProxy('tls-canary-and-names', 'web');
    const at = { host: 'catalog', port: 8443, address: CATALOG };
    expect(shares(web, { ...at, serverName: 'catalog' })).toEqual([['v3', 100]]);
    expect(shares(web, { ...at, serverName: 'Catalog.shop.svc.cluster.local' })).toEqual([['v1', 90], ['v2', 10]]);
    expect(shares(web, { ...at, serverName: 'other.example.com' })).toEqual([['PassthroughCluster', 100]]);
    expect(web.get('https://catalog:8443/items', { address: CATALOG }).split).toMatchObject([{ subset: 'v3' }]);
    expect(goldenProxy('tls-other-names-blocked', 'web').connect({ ...at, serverName: 'other.example.com' })).toMatchObject({
      outcome: 'blocked',
      status: undefined,
    });
  });

  test('at a gateway are routed by the narrowest server name, and nowhere without one', () => {
    const gateway = goldenProxy('tls-passthrough-host', 'gateway');
    const at = { host: 'shop.example.com', port: 443 };
    expect(shares(gateway, { ...at, serverName: 'beta.shop.example.com' })).toEqual([['v3', 100]]);
    expect(shares(gateway, { ...at, serverName: 'a.shop.example.com' })).toEqual([['v1', 90], ['v2', 10]]);
    expect(gateway.connect({ ...at, serverName: 'example.com' })).toMatchObject({ outcome: 'closed', flag: 'NR' });
    expect(gateway.connect(at).explain()).toContain('no filter chain takes the connection');
  });

  test('are routed by the narrowest range that contains the address', () => {
    const [web, stranger] = ['web', 'stranger'].map(name => goldenProxy('tcp-by-address', name));
    const to = (proxy: SimulatedProxy, address: string) => shares(proxy, { host: 'data.example.net', port: 5432, address })[0][0];
    expect(to(web, '10.20.1.7')).toBe('fallback.shop.svc.cluster.local');
    expect(to(web, '10.20.2.7')).toBe('data.example.net');
    expect([to(web, '10.20.9.9'), to(stranger, '10.20.9.9')]).toEqual(['fallback.shop.svc.cluster.local', 'data.example.net']);
    expect(to(web, '10.21.0.1')).toBe('PassthroughCluster');
    expect(to(web, '10.96.0.11')).toBe('fallback.shop.svc.cluster.local');
  });

  test('resolve the address of a Service by its name, in the namespace of the caller', () => {
    const db = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'db', namespace: 'data' },
      spec: { clusterIP: '10.96.3.3', ports: [{ name: 'tcp', port: 5432 }] },
    };
    const mesh = Mesh.fromManifests([db]);
    const reached = (namespace: string, host: string) => mesh.sidecar({ namespace }).connect({ host, port: 5432 }).split[0].host;
    expect(reached('data', 'db')).toBe('db.data.svc.cluster.local');
    expect(reached('shop', 'db.data')).toBe('db.data.svc.cluster.local');
    expect(reached('shop', 'db.data.svc.cluster.local.')).toBe('db.data.svc.cluster.local');
    expect(reached('shop', 'db')).toBeUndefined();
  });
});
