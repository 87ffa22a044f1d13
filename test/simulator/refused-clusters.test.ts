import { Mesh } from 'cdk8s-istio/simulator';

const partner = (protocol: string) => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'ServiceEntry',
  metadata: { name: 'partner', namespace: 'shop' },
  spec: {
    hosts: ['*.partner.example.com'], location: 'MESH_EXTERNAL', resolution: 'DYNAMIC_DNS', ports: [{ number: 80, name: 'web', protocol }],
  },
});
const policy = (trafficPolicy: object) => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'DestinationRule',
  metadata: { name: 'partner', namespace: 'shop' },
  spec: { host: '*.partner.example.com', trafficPolicy },
});
const tls = (mode: string) => policy({ tls: { mode } });
const REFUSED = 'with these Envoy requires TLS that verifies the host';
const asked = (...objects: object[]) => (
  Mesh.fromManifests(objects).sidecar({ namespace: 'shop' }).get('http://a.partner.example.com/').outcome);

describe('a host that is looked up per request', () => {
  test.each(['GRPC', 'HTTP2'])('has no cluster for %s in plaintext, because Envoy refuses it', protocol => {
    expect(() => asked(partner(protocol))).toThrow(REFUSED);
    expect(() => asked(partner(protocol), tls('DISABLE'))).toThrow(REFUSED);
  });

  test.each([
    { http: { idleTimeout: '5s' } }, { http: { maxRequestsPerConnection: 5 } }, { http: { useClientProtocol: true } },
    { http: { h2UpgradePolicy: 'UPGRADE' } }, { tcp: { idleTimeout: '5s' } },
  ])('has no cluster for HTTP in plaintext with the connection pool %j', connectionPool => {
    expect(() => asked(partner('HTTP'), policy({ connectionPool }))).toThrow(REFUSED);
    expect(asked(partner('HTTP'), policy({ connectionPool, tls: { mode: 'SIMPLE' } }))).toBe('routed');
  });

  test('has a cluster for gRPC over TLS, and for HTTP', () => {
    expect(asked(partner('GRPC'), tls('SIMPLE'))).toBe('routed');
    expect(asked(partner('HTTP'))).toBe('routed');
    expect(asked(partner('HTTP'), tls('SIMPLE'))).toBe('routed');
  });
});
