import { Mesh } from 'cdk8s-istio/simulator';

const istio = (kind: string, name: string, spec: object) => (
  { apiVersion: 'networking.istio.io/v1', kind, metadata: { name, namespace: 'shop' }, spec });
const outside = (protocol: string, addresses: readonly string[]) => istio('ServiceEntry', 'outside', {
  hosts: ['outside.example.com'], addresses, ports: [{ number: 3306, name: 'port', protocol }], resolution: 'NONE',
});
const route = [{ destination: { host: 'outside.example.com', port: { number: 3306 } } }];
const tcp = (...entries: readonly (readonly string[])[]) => istio('VirtualService', 'routes', {
  hosts: ['outside.example.com'], tcp: entries.map(destinationSubnets => ({ match: [{ destinationSubnets }], route })),
});
const tls = (...entries: readonly (readonly string[])[]) => istio('VirtualService', 'routes', {
  hosts: ['outside.example.com', 'other.example.com'], tls: entries.map(sniHosts => ({ match: [{ port: 3306, sniHosts }], route })),
});
const REFUSED = 'Envoy would refuse listener 0.0.0.0_3306';
const connected = (address: string, ...objects: readonly object[]) => (
  Mesh.fromManifests([...objects]).sidecar({ namespace: 'shop' }).connect({ host: address, port: 3306 }).outcome);

describe('a listener with two filter chains for the same connections', () => {
  test('is refused if a rule names a range that the host has itself, and another range', () => {
    const both = outside('TCP', ['10.0.0.0/8', '192.168.0.0/16']);
    expect(() => connected('192.168.1.1', both, tcp(['10.1.0.0/16', '192.168.0.0/16']))).toThrow(REFUSED);
    // The bits outside of the mask do not count.
    expect(() => connected('192.168.1.1', both, tcp(['10.1.0.0/16', '192.168.7.7/16']))).toThrow(REFUSED);
    expect(connected('192.168.1.1', both, tcp(['10.1.0.0/16', '192.168.0.0/17']))).toBe('routed');
  });

  test('is refused if two rules, or one, name a range twice', () => {
    const one = outside('TCP', ['10.0.0.0/8']);
    expect(() => connected('10.1.0.1', one, tcp(['10.1.0.0/16', '10.2.0.0/16'], ['10.2.0.0/16', '10.3.0.0/16']))).toThrow(REFUSED);
    expect(() => connected('10.1.0.1', one, tcp(['10.1.0.0/16', '10.1.0.0/16']))).toThrow(REFUSED);
    expect(connected('10.1.0.1', one, tcp(['10.1.0.0/16', '10.2.0.0/16'], ['10.1.2.0/24', '10.3.0.0/16']))).toBe('routed');
  });

  test('is refused if two rules share a server name', () => {
    const one = outside('TLS', ['10.0.0.0/8']);
    expect(() => connected('10.1.0.1', one, tls(['outside.example.com', 'other.example.com'], ['other.example.com']))).toThrow(REFUSED);
    expect(connected('10.1.0.1', one, tls(['outside.example.com'], ['other.example.com']))).toBe('passed through');
  });
});
