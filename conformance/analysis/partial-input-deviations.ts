import type { Deviation } from './deviation';

/** Deviations where the input has kinds that Istio's analyzers do not know, or lacks what every cluster has. */
export const PARTIAL_INPUT_DEVIATIONS: readonly Deviation[] = [
  {
    id: 'pods-of-other-kinds',
    reason: 'Every kind with a pod template creates pods, such as Argo\'s Rollout; the analyzers only know Deployments and Pods.',
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
    id: 'secret-of-a-certificate',
    reason: 'cert-manager, External Secrets and Sealed Secrets create the Secret that a Certificate, ExternalSecret or SealedSecret names.',
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
