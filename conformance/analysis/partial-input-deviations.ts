import type { Deviation } from './deviation';

/** Deviations where the input is incomplete, or has kinds that Istio's analyzers do not know. */
export const PARTIAL_INPUT_DEVIATIONS: readonly Deviation[] = [
  {
    id: 'no-destination-rule-in-the-input',
    reason: 'An input without any DestinationRule is a part of an environment, and its subsets are defined elsewhere.',
    missed: ['IST0101 (host+subset in destinationrule) VirtualService shop/one',
      'IST0101 (mirror+subset in destinationrule) VirtualService shop/one'],
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
    reason: 'An input without any Gateway is a part of an environment, and its Gateways are defined elsewhere.',
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
  {
    id: 'pods-of-other-kinds',
    reason: 'Every kind with a pod template makes pods, such as Argo\'s Rollout; the analyzers know Deployments and Pods.',
    missed: ['IST0173 DestinationRule shop/catalog'],
    added: [],
    manifests: `
apiVersion: v1
kind: Service
metadata: { name: catalog, namespace: shop }
spec: { selector: { app: catalog }, ports: [{ name: http, port: 80, protocol: TCP }] }
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: catalog, namespace: shop }
spec: { template: { metadata: { labels: { app: catalog, version: v1 } }, spec: { containers: [{ name: app, image: app }] } } }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: catalog, namespace: shop }
spec: { host: catalog, subsets: [{ name: v1, labels: { version: v1 } }] }
`,
  },
  {
    id: 'no-pods-of-the-service',
    reason: 'If the input has no pods of a Service, they are elsewhere, and those of its subsets too.',
    missed: ['IST0173 DestinationRule shop/catalog'],
    added: [],
    manifests: `
apiVersion: v1
kind: Service
metadata: { name: catalog, namespace: shop }
spec: { selector: { app: catalog }, ports: [{ name: http, port: 80, protocol: TCP }] }
---
apiVersion: v1
kind: Pod
metadata: { name: orders, namespace: shop, labels: { app: orders } }
spec: { containers: [{ name: app, image: app }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: catalog, namespace: shop }
spec: { host: catalog, subsets: [{ name: v1, labels: { version: v1 } }] }
`,
  },
  {
    id: 'secret-of-a-certificate',
    reason: 'cert-manager, External Secrets and Sealed Secrets make the Secret that a Certificate, ExternalSecret or SealedSecret names.',
    missed: ['IST0101 (credentialName) Gateway shop/gw'],
    added: [],
    manifests: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gw, namespace: shop }
spec:
  selector: { app: gate }
  servers: [{ port: { number: 443, name: https, protocol: HTTPS }, tls: { mode: SIMPLE, credentialName: cert }, hosts: [shop.example.com] }]
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: site, namespace: shop }
spec: { secretName: cert, dnsNames: [shop.example.com] }
---
apiVersion: v1
kind: Secret
metadata: { name: other, namespace: shop }
---
apiVersion: v1
kind: Service
metadata: { name: gate, namespace: shop }
spec: { selector: { app: gate }, ports: [{ name: https, port: 443, protocol: TCP }] }
---
apiVersion: v1
kind: Pod
metadata: { name: gate, namespace: shop, labels: { app: gate } }
spec: { containers: [{ name: app, image: app }] }
`,
  },
  {
    id: 'api-server',
    reason: 'Every cluster has the Service of its API server, but hardly any input has its manifest.',
    missed: ['IST0101 (host) VirtualService shop/api', 'IST0174 DestinationRule shop/api'],
    added: [],
    manifests: `
apiVersion: v1
kind: Service
metadata: { name: catalog, namespace: shop }
spec: { selector: { app: catalog }, ports: [{ name: http, port: 80, protocol: TCP }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: api, namespace: shop }
spec: { host: kubernetes.default.svc.cluster.local, trafficPolicy: { tls: { mode: DISABLE } } }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: api, namespace: shop }
spec: { hosts: [api.example.com], tcp: [{ route: [{ destination: { host: kubernetes.default.svc.cluster.local, port: { number: 443 } } }] }] }
`,
  },
  {
    id: 'tcp-and-udp-of-one-service',
    reason: 'A Service with one port for both protocols, such as DNS, causes no conflict: proxies do not handle UDP.',
    missed: ['IST0116 Deployment shop/dns'],
    added: [],
    manifests: `
apiVersion: v1
kind: Service
metadata: { name: dns, namespace: shop }
spec: { selector: { app: dns }, ports: [{ name: tcp-dns, port: 53, protocol: TCP }, { name: udp-dns, port: 53, protocol: UDP }] }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: dns, namespace: shop }
spec: { selector: { matchLabels: { app: dns } }, template: { metadata: { labels: { app: dns } }, spec: { containers: [{ name: app, image: app }] } } }
`,
  },
];
