import { Mesh } from 'cdk8s-istio/simulator';

const partner = (protocol: string) => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'ServiceEntry',
  metadata: { name: 'partner', namespace: 'shop' },
  spec: {
    hosts: ['*.partner.example.com'], location: 'MESH_EXTERNAL', resolution: 'DYNAMIC_DNS', ports: [{ number: 80, name: 'web', protocol }],
  },
});
const tls = (mode: string) => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'DestinationRule',
  metadata: { name: 'partner', namespace: 'shop' },
  spec: { host: '*.partner.example.com', trafficPolicy: { tls: { mode } } },
});
const asked = (...objects: object[]) => (
  Mesh.fromManifests(objects).sidecar({ namespace: 'shop' }).get('http://a.partner.example.com/').outcome);

describe('a host that is looked up per request', () => {
  test.each(['GRPC', 'HTTP2'])('in plaintext %s has no cluster, because Envoy refuses it', protocol => {
    expect(() => asked(partner(protocol))).toThrow('speaks HTTP/2 in plaintext to hosts that are looked up per request');
    expect(() => asked(partner(protocol), tls('DISABLE'))).toThrow('speaks HTTP/2 in plaintext');
  });

  test('takes gRPC over TLS, and HTTP', () => {
    expect(asked(partner('GRPC'), tls('SIMPLE'))).toBe('routed');
    expect(asked(partner('HTTP'))).toBe('routed');
    expect(asked(partner('HTTP'), tls('SIMPLE'))).toBe('routed');
  });
});
