import { Edge } from '../../src/edge/edge';
import type { Proxy } from '../../src/envoy/proxy';
import { Translator } from '../../src/envoy/translator';
import { parseManifests } from '../../src/manifest/loader';
import { SimulatedProxies } from '../../src/simulator/simulated-proxies';

const GATEWAY: Proxy = { type: 'gateway', namespace: 'shop', labels: { istio: 'ingressgateway' } };
const SIDECAR: Proxy = { type: 'sidecar', namespace: 'shop' };

/** The outcome of a request to a ServiceEntry that a VirtualService of a gateway and of the mesh routes to. */
function outcomeOf(entry: string, proxy: Proxy) {
  const { objects } = parseManifests(`
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: api, namespace: shop }
spec: { hosts: [api.example.com], ports: [{ number: 80, name: http, protocol: HTTP }], ${entry} }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec: { selector: { istio: ingressgateway }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ["*"] }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: api, namespace: shop }
spec: { hosts: [api.example.com], gateways: [public, mesh], http: [{ route: [{ destination: { host: api.example.com, port: { number: 80 } } }] }] }
`);
  return new SimulatedProxies({ translator: new Translator(objects), edge: new Edge(objects, {}) }).of(proxy).get('http://api.example.com/').outcome;
}

// Gateways have no clusters of type ORIGINAL_DST: istiod sends them one of type EDS in its place.
test('a gateway has no endpoint for a ServiceEntry with resolution NONE, which lists none', () => {
  expect(outcomeOf('resolution: NONE', GATEWAY)).toBe('no healthy host');
});

test.each([
  ['at a sidecar, which sends to the address of the caller', 'resolution: NONE', SIDECAR],
  ['at a gateway, if it lists endpoints', 'resolution: STATIC, endpoints: [{ address: 10.0.0.1 }]', GATEWAY],
  ['at a gateway, if its name is resolved', 'resolution: DNS', GATEWAY],
  ['at a gateway, if it selects pods, which may lie outside the input', 'resolution: STATIC, workloadSelector: { labels: { app: api } }', GATEWAY],
])('is routed %s', (_, entry, proxy) => expect(outcomeOf(entry, proxy)).toBe('routed'));
