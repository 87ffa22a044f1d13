import { Mesh } from 'cdk8s-istio/simulator';

const LABELS = { istio: 'ingressgateway' };
const istio = (kind: string, name: string, spec: object) => ({
  apiVersion: 'networking.istio.io/v1',
  kind,
  metadata: { name, namespace: 'shop' },
  spec,
});
const shop = [
  { apiVersion: 'v1', kind: 'Service', metadata: { name: 'cart', namespace: 'shop' }, spec: { ports: [{ name: 'http', port: 80 }] } },
  istio('Gateway', 'public', {
    selector: LABELS,
    servers: [
      { port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['shop.example.com'], tls: { httpsRedirect: true } },
    ],
  }),
  istio('VirtualService', 'cart', {
    hosts: ['shop.example.com'], gateways: ['public'], http: [{ route: [{ destination: { host: 'cart', port: { number: 80 } } }] }],
  }),
];
const pods = (name: string, annotation?: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'istio-system' },
  spec: {
    template: {
      metadata: { labels: LABELS, ...(annotation === undefined ? {} : { annotations: { 'proxy.istio.io/config': annotation } }) },
      spec: { containers: [] },
    },
  },
});

const ask = (mesh: Mesh, path = '/') => mesh.gateway().get(`http://shop.example.com${path}`, { headers: { 'x-forwarded-proto': 'https' } });
const ONE_HOP = 'gatewayTopology: {numTrustedProxies: 1}';

describe('a load balancer that terminates TLS before a gateway with httpsRedirect', () => {
  test('is trusted if the annotation of the gateway\'s pods says so', () => {
    expect(ask(Mesh.fromManifests([...shop, pods('ingress', ONE_HOP)])).outcome).toBe('routed');
    expect(ask(Mesh.fromManifests([...shop, pods('ingress')])).outcome).toBe('redirected');
  });

  test('is trusted if the mesh\'s defaultConfig says so, unless the annotation replaces it', () => {
    const meshConfig = { defaultConfig: { gatewayTopology: { numTrustedProxies: 1 } } };
    expect(ask(Mesh.fromManifests(shop, { meshConfig })).outcome).toBe('routed');
    const forwarding = pods('ingress', 'gatewayTopology: {forwardClientCertDetails: SANITIZE}');
    expect(ask(Mesh.fromManifests([...shop, forwarding], { meshConfig })).outcome).toBe('redirected');
  });

  test('is not trusted by pods that differ, and a note says so', () => {
    const gateway = Mesh.fromManifests([...shop, pods('ingress', ONE_HOP), pods('other')]).gateway();
    expect(gateway.notes.join()).toContain(
      'Deployment istio-system/ingress: the pods of this proxy differ in the annotation proxy.istio.io/config',
    );
    expect(gateway.get('http://shop.example.com/', { headers: { 'x-forwarded-proto': 'https' } }).outcome).toBe('redirected');
  });

  test.each([
    '[1, 2]',
    'gatewayTopology: {numTrustedProxies: many}',
    '{',
  ])('is not trusted for the annotation %s, and a note says so', text => {
    const { notes } = Mesh.fromManifests([...shop, pods('ingress', text)]).gateway();
    expect(notes.join()).toMatch(/annotation proxy\.istio\.io\/config is not valid, so that Istio injects no proxy: .+/);
  });
});

describe('paths at a gateway', () => {
  const sent = (options: object, path: string) => {
    const {
      outcome,
      status,
      path: to,
      redirection,
    } = ask(Mesh.fromManifests([...shop, pods('ingress', ONE_HOP)], { meshConfig: options as never }), path);
    return outcome === 'routed' ? to : redirection?.location ?? status;
  };

  test('are normalized as the mesh\'s pathNormalization says', () => {
    const normalized = (normalization: string) => sent({ pathNormalization: { normalization } }, '/a%2f..//b');
    expect(['NONE', 'DEFAULT', 'MERGE_SLASHES', 'DECODE_AND_MERGE_SLASHES'].map(normalized)).toEqual([
      '/a%2f..//b',
      '/a%2f..//b',
      '/a%2f../b',
      '/b',
    ]);
  });

  test('with escaped slashes are redirected in the EDGE profile', () => {
    expect(sent({ defaultConfig: { connectionSettings: { profile: 'EDGE' } } }, '/a%2fb')).toBe('/a/b');
  });
});
