import type { Deviation } from './deviation';

/** Deviations where the input is a part of what there is, or holds what Istio's analyzers know nothing of. */
export const PARTIAL_INPUT_DEVIATIONS: readonly Deviation[] = [
  {
    id: 'no-destination-rule-in-the-input',
    reason: 'Where the input has no DestinationRule at all it is a part of an environment, and its subsets are defined elsewhere.',
    missed: ['IST0101 (host+subset in destinationrule) VirtualService shop/one', 'IST0101 (mirror+subset in destinationrule) VirtualService shop/one'],
    added: [],
    manifests: `
apiVersion: v1
kind: Service
metadata: { name: catalog, namespace: shop }
spec: { selector: { app: catalog }, ports: [{ name: http, port: 80, protocol: TCP }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: one, namespace: shop }
spec: { hosts: [catalog], http: [{ route: [{ destination: { host: catalog, subset: v1 } }], mirror: { host: catalog, subset: v2 } }] }
`,
  },
  {
    id: 'no-gateway-in-the-input',
    reason: 'Where the input has no Gateway at all it is a part of an environment, and its Gateways are defined elsewhere.',
    missed: ['IST0101 (gateway) VirtualService shop/one', 'IST0132 VirtualService shop/one'],
    added: [],
    manifests: `
apiVersion: v1
kind: Service
metadata: { name: catalog, namespace: shop }
spec: { selector: { app: catalog }, ports: [{ name: http, port: 80, protocol: TCP }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: one, namespace: shop }
spec: { hosts: [shop.example.com], gateways: [edge/gw], http: [{ route: [{ destination: { host: catalog } }] }] }
`,
  },
];
