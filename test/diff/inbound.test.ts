import { changes, rule, WORLD } from './sides';

const CATALOG = `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: catalog, namespace: shop }
spec: { selector: { matchLabels: { app: catalog } }, template: { metadata: { labels: { app: catalog } }, spec: { containers: [] } } }
`;
const sidecar = (spec: string) => `---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: catalog, namespace: shop }
spec: { workloadSelector: { labels: { app: catalog } }, egress: [{ hosts: ['*/*'] }], ${spec} }
`;
const peers = (mode: string) => `---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: ${mode} } }
`;
const named = (port: string) => WORLD.replace('name: http, port', `name: ${port}, port`);

/** What callers notice of the sidecars of the pods, as the risk and both sides. */
function inbound(old: string, now: string, meshConfigs: Parameters<typeof changes>[2] = []): readonly string[] {
  return changes(old, now, meshConfigs).filter(({ kind }) => kind === 'inbound')
    .map(({ risk, destination, before, after }) => `${risk} ${destination}: ${before} -> ${after}`);
}

describe('the sidecars of the pods', () => {
  test('call the application at another port', () => {
    const ingress = (endpoint: string) => WORLD + CATALOG
      + sidecar(`ingress: [{ port: { number: 80, protocol: HTTP, name: http }, defaultEndpoint: '${endpoint}' }]`);
    expect(inbound(ingress('127.0.0.1:8080'), ingress('127.0.0.1:9090'))).toEqual([
      'high catalog.shop:80: application: fixed addresses: 127.0.0.1:8080 -> application: fixed addresses: 127.0.0.1:9090',
    ]);
    expect(inbound(ingress('127.0.0.1:8080'), ingress('127.0.0.1:8080'))).toEqual([]);
  });

  test('call the application with HTTP/2 where callers did already', () => {
    const upgrade = rule('catalog', '{ trafficPolicy: { connectionPool: { http: { h2UpgradePolicy: UPGRADE } } } }');
    expect(inbound(named('http') + CATALOG + upgrade, named('http2') + CATALOG + upgrade)).toEqual([
      'medium catalog.shop:80: connections: connect timeout 10s -> connections: connect timeout 10s, HTTP/2',
    ]);
  });

  test('do not try again for a gRPC port', () => {
    expect(inbound(named('http2') + CATALOG, named('grpc') + CATALOG)).toEqual([
      'medium catalog.shop:80: read: requests, with retries (num retries 2, retry on reset-before-request) -> read: requests',
    ]);
  });

  test('limit the calls of all callers together', () => {
    const limit = sidecar('inboundConnectionPool: { http: { http2MaxRequests: 3 } }');
    expect(inbound(WORLD + CATALOG, WORLD + CATALOG + limit)).toEqual(['medium catalog.shop:80: limits: none -> limits: max requests 3']);
  });

  test('get the limits of a DestinationRule, which the change for callers tells', () => {
    const limit = (most: number) => WORLD + CATALOG + rule('catalog', `{ trafficPolicy: { connectionPool: { tcp: { maxConnections: ${most} } } } }`);
    expect(inbound(limit(3), limit(4))).toEqual([]);
    expect(changes(limit(3), limit(4)).map(({ kind }) => kind)).toEqual(['limits']);
  });

  test('accept no mutual TLS any more', () => {
    expect(inbound(WORLD + CATALOG + peers('PERMISSIVE'), WORLD + CATALOG + peers('DISABLE'))).toContain(
      'high catalog.shop:80: accept: mutual TLS -> accept: no mutual TLS');
    expect(inbound(WORLD + CATALOG + peers('PERMISSIVE'), WORLD + CATALOG + peers('STRICT'))).toEqual([]);
  });

  test('call the application at the loopback address, as MeshConfig says', () => {
    expect(inbound(WORLD + CATALOG, WORLD + CATALOG, [{}, { inboundTrafficPolicy: { mode: 'LOCALHOST' } }])).toContain(
      'high catalog.shop:80: application: the address that the caller connected to -> application: fixed addresses: 127.0.0.1:80');
  });

  test('a port that no call reaches makes no difference', () => {
    const two = (target: number) => WORLD.replace('port: 80 }]', `port: 80 }, { name: http-admin, port: 81, targetPort: ${target} }]`);
    const elsewhere = `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: catalog, namespace: shop }
spec: { hosts: [catalog], http: [{ route: [{ destination: { host: catalog, port: { number: 80 } } }] }] }
`;
    expect(changes(two(9000) + CATALOG + elsewhere, two(9001) + CATALOG + elsewhere)).toEqual([]);
  });
});
