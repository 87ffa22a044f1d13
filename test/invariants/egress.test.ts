import { replayed, resultOf, workload } from './mesh';

const REGISTRY_ONLY = { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } };
const API = (spec: string) => `${workload('catalog', 'shop')}
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: api, namespace: shop }
spec: { hosts: [api.example.com], resolution: DNS, ${spec} }
---
apiVersion: v1
kind: Service
metadata: { name: istio-egressgateway, namespace: istio-system }
spec: { selector: { istio: egressgateway }, ports: [{ name: http2, port: 80, targetPort: 8080 }] }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: egress, namespace: istio-system }
spec: { selector: { istio: egressgateway }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: [api.example.com] }] }
---`;
const HTTP = API('ports: [{ number: 80, name: http, protocol: HTTP }]');
const THROUGH = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: api, namespace: istio-system }
spec:
  hosts: [api.example.com]
  gateways: [mesh, egress]
  http:
    - { match: [{ gateways: [mesh] }], route: [{ destination: { host: istio-egressgateway.istio-system.svc.cluster.local } }] }
    - { match: [{ gateways: [egress] }], route: [{ destination: { host: api.example.com } }] }
---`;
const EGRESS = 'egress: { through: istio-system/istio=egressgateway }';

test('a mesh that passes unknown hosts on lets requests out', () => {
  const result = resultOf(HTTP + THROUGH, EGRESS);
  expect(result).toMatchObject({ outcome: 'does not hold', witness: { request: { url: 'http://unknown.example.com/' } } });
  expect(replayed(result, HTTP + THROUGH).outcome).toBe('passed through');
});

test('with REGISTRY_ONLY and a route by the gateway, everything leaves through the gateway', () => {
  expect(resultOf(HTTP + THROUGH, EGRESS, { meshConfig: REGISTRY_ONLY }).outcome).toBe('holds');
});

test('a registered host without a route by the gateway is found', () => {
  const result = resultOf(HTTP, EGRESS, { meshConfig: REGISTRY_ONLY });
  expect(result).toMatchObject({ outcome: 'does not hold', witness: { request: { url: 'http://api.example.com/' } } });
  expect(replayed(result, HTTP, { meshConfig: REGISTRY_ONLY })).toMatchObject({ outcome: 'routed', split: [{ host: 'api.example.com' }] });
});

test('a TLS port without a route by the gateway is found', () => {
  const tls = API('ports: [{ number: 80, name: http, protocol: HTTP }, { number: 443, name: tls, protocol: TLS }]') + THROUGH;
  const result = resultOf(tls, EGRESS, { meshConfig: REGISTRY_ONLY });
  expect(result).toMatchObject({ outcome: 'does not hold', witness: { request: { url: 'tls://api.example.com:443' } } });
  expect(replayed(result, tls, { meshConfig: REGISTRY_ONLY })).toMatchObject({ outcome: 'routed', split: [{ port: 443 }] });
});
