import { Translator } from '../../src/envoy/translator';
import { parseManifests } from '../../src/manifest/loader';
import { SimulatedProxy } from '../../src/simulator/simulated-proxy';

const proxy = { type: 'sidecar', namespace: 'shop' } as const;
const translate = (text: string) => new Translator(parseManifests(text).objects).translate(proxy);

const entry = (spec: string) => `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: api, namespace: shop }
spec: ${spec}
`;

// What istiod answers to the same manifests; the generated meshes of the conformance suite hold such hosts, sockets and accounts too.
describe('hosts in upper case', () => {
  const API = entry('{ hosts: [API.Example.com], resolution: DNS, ports: [{ number: 80, name: http, protocol: HTTP }] }');
  const ROUTE = `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: api, namespace: shop }
spec: { hosts: [api.example.com], http: [{ route: [{ destination: { host: API.Example.com } }] }] }
`;

  test('are matched in lower case, as Envoy compares them', () => {
    const config = translate(API);
    expect(config.routes.find(({ name }) => name === '80')!.virtualHosts!.map(({ name, domains }) => [name, domains])).toEqual([
      ['api.example.com:80', ['api.example.com', 'api.example.com.']], ['allow_any', ['*']],
    ]);
  });

  test('have a cluster in their own spelling, which the default route misses and a VirtualService reaches', () => {
    const ask = (text: string) => {
      const { outcome, status, flag } = new SimulatedProxy(proxy, translate(text)).request('GET', 'http://api.example.com/');
      return [outcome, status, flag];
    };
    expect(translate(API).clusters.map(({ name }) => name)).toContain('outbound|80||API.Example.com');
    expect(ask(API)).toEqual(['unknown cluster', 503, 'NC']);
    expect(ask(API + ROUTE)[0]).toBe('routed');
  });
});

test('an endpoint may be a Unix socket', () => {
  const { endpoints } = translate(
    entry(
      '{ hosts: [db.example], resolution: STATIC, ports: [{ number: 80, name: http, protocol: HTTP }], endpoints: [{ address: unix:///var/run/db.sock }] }',
    ),
  );
  expect(endpoints).toEqual({ 'outbound|80||db.example': ['unix:///var/run/db.sock'] });
});

test.each([['', 'default'], ['serviceAccountName: api, ', 'api']])('a pod that states %j runs as %s', (stated, account) => {
  const { clusters } = translate(`apiVersion: v1
kind: Service
metadata: { name: api, namespace: shop }
spec: { selector: { app: api }, ports: [{ name: http, port: 80 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: api, namespace: shop, labels: { app: api, security.istio.io/tlsMode: istio } }
spec: { ${stated}containers: [{ name: api, image: api }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: api, namespace: shop }
spec: { host: api, trafficPolicy: { tls: { mode: ISTIO_MUTUAL } } }
`);
  expect(JSON.stringify(clusters)).toContain(`spiffe://cluster.local/ns/shop/sa/${account}"`);
});
