import { Mesh } from 'cdk8s-istio/simulator';

const tls = (number: number, settings: object) => ({ port: { number }, tls: settings });
const istio = (kind: string, name: string, spec: object) => ({
  apiVersion: 'networking.istio.io/v1',
  kind,
  metadata: { name, namespace: 'data' },
  spec,
});
const mesh = Mesh.fromManifests([
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'db', namespace: 'data' },
    spec: { clusterIP: '10.96.3.3', ports: [{ name: 'tcp', port: 5432 }] },
  },
  { apiVersion: 'v1', kind: 'Service', metadata: { name: 'cart', namespace: 'data' }, spec: { ports: [{ name: 'http', port: 80 }] } },
  { apiVersion: 'v1', kind: 'Service', metadata: { name: 'plain', namespace: 'data' }, spec: { ports: [{ name: 'http', port: 81 }] } },
  istio('ServiceEntry', 'vendor', {
    hosts: ['api.example.com'],
    resolution: 'DNS',
    ports: [{ name: 'tls', number: 443, protocol: 'TLS' }, { name: 'http', number: 8080, protocol: 'HTTP' }],
  }),
  istio('DestinationRule', 'vendor', {
    host: 'api.example.com',
    trafficPolicy: {
      portLevelSettings: [
        tls(8080, { mode: 'SIMPLE', sni: 'api.example.com', subjectAltNames: ['a.example.com'] }),
      ],
    },
  }),
  istio('Gateway', 'public', {
    selector: { istio: 'ingressgateway' }, servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['shop.example.com'] }],
  }),
  istio('DestinationRule', 'plain', { host: 'plain', trafficPolicy: { tls: { mode: 'DISABLE' } } }),
]);
const web = mesh.sidecar({ namespace: 'data' });

describe('what the endpoint gets', () => {
  test('is mutual TLS if it accepts that, by Istio\'s default', () => {
    const decision = web.get('http://cart/');
    expect(decision.split[0].security).toMatchObject({ mode: 'automatic', serverName: 'outbound_.80_._.cart.data.svc.cluster.local' });
    expect(decision.explain()).toContain('or plaintext if it does not accept Istio\'s mutual TLS');
  });

  test('is plaintext if a DestinationRule disables TLS', () => {
    expect(web.get('http://plain:81/').split[0].security).toEqual({ mode: 'plaintext' });
    expect(web.get('http://plain:81/').explain()).toContain('the endpoint gets plaintext');
  });

  test('is the TLS that a DestinationRule originates', () => {
    const decision = web.get('http://api.example.com:8080/');
    expect(decision.split[0].security).toEqual({ mode: 'TLS', serverName: 'api.example.com', subjectAltNames: ['a.example.com'] });
    expect(decision.explain()).toContain(
      'the endpoint gets TLS with the server name api.example.com, if its certificate is for a.example.com',
    );
  });
});

describe('a connection by its URL', () => {
  test('of TCP goes to the service of the address', () => {
    expect(web.connect('tcp://db:5432')).toMatchObject({ outcome: 'routed', split: [{ host: 'db.data.svc.cluster.local' }] });
  });

  test('of TLS is routed by the server name, and its bytes stay unchanged', () => {
    const decision = web.connect('tls://api.example.com:443');
    expect(decision).toMatchObject({ outcome: 'routed', split: [{ host: 'api.example.com' }] });
  });

  test('to an HTTP port of a gateway is explained: HTTP is expected', () => {
    expect(mesh.gateway().connect('tcp://shop.example.com:80').explain()).toContain('it expects HTTP; Envoy answers 400 to anything else');
  });

  test.each(['tcp://db', 'tcp://:80', 'tls://a b:443', 'tcp://db:0', 'tcp://db:5432/path'])('%s is an error', url => {
    expect(() => web.connect(url)).toThrow(/^'t.*; write|must end with a port/);
  });
});
