import type { Deviation } from './deviation';

/** Deviations about Gateways and the routes on them. */
export const GATEWAY_DEVIATIONS: readonly Deviation[] = [
  {
    id: 'legacy-gateway-name',
    reason: 'Istio still resolves the deprecated name of a Gateway in the form of a host; admission warns about it.',
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
spec: { hosts: [shop.example.com], gateways: [gw.shop.svc.cluster.local], http: [{ route: [{ destination: { host: catalog } }] }] }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gw, namespace: shop }
spec: { selector: { app: catalog }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: [shop.example.com] }] }
---
apiVersion: v1
kind: Pod
metadata: { name: catalog, namespace: shop, labels: { app: catalog } }
spec: { containers: [{ name: app, image: app }] }
`,
  },
  {
    id: 'protocol-left-to-kubernetes',
    reason: 'A port without a protocol is TCP in the API server; the analyzers compare it as written.',
    missed: ['IST0162 Gateway shop/gw'],
    added: [],
    manifests: `
apiVersion: v1
kind: Service
metadata: { name: catalog, namespace: shop }
spec: { selector: { app: catalog }, ports: [{ name: http, port: 80 }] }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gw, namespace: shop }
spec: { selector: { app: catalog }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: [shop.example.com] }] }
---
apiVersion: v1
kind: Pod
metadata: { name: catalog, namespace: shop, labels: { app: catalog } }
spec: { containers: [{ name: app, image: app }] }
`,
  },
  {
    id: 'servers-of-one-port',
    reason: 'The analyzers compare only the last of several servers at one port of a Gateway.',
    missed: [],
    added: ['IST0145 Gateway shop/two'],
    manifests: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: one, namespace: shop }
spec: { selector: { app: catalog }, servers: [{ port: { number: 80, name: a, protocol: HTTP }, hosts: [a.example.com] }, { port: { number: 80, name: b, protocol: HTTP }, hosts: [b.example.com] }] }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: two, namespace: shop }
spec: { selector: { app: catalog }, servers: [{ port: { number: 80, name: a, protocol: HTTP }, hosts: [a.example.com] }] }
---
apiVersion: v1
kind: Service
metadata: { name: catalog, namespace: shop }
spec: { selector: { app: catalog }, ports: [{ name: http, port: 80, protocol: TCP }] }
---
apiVersion: v1
kind: Pod
metadata: { name: catalog, namespace: shop, labels: { app: catalog } }
spec: { containers: [{ name: app, image: app }] }
`,
  },
  {
    id: 'ingress-rules-of-another-host',
    reason: 'The analyzers compare hosts as written: a short name equals the short name of another namespace, and never '
      + 'the full name of the same host.',
    missed: ['IST0140 VirtualService bank/short'],
    added: ['IST0140 VirtualService shop/full'],
    manifests: `
apiVersion: v1
kind: Service
metadata: { name: catalog, namespace: shop }
spec: { selector: { app: catalog }, ports: [{ name: http, port: 80, protocol: TCP }] }
---
apiVersion: v1
kind: Service
metadata: { name: catalog, namespace: bank }
spec: { selector: { app: catalog }, ports: [{ name: http, port: 80, protocol: TCP }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: catalog, namespace: shop }
spec: { hosts: [catalog], http: [{ route: [{ destination: { host: catalog, subset: v1 } }] }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: catalog, namespace: shop }
spec: { host: catalog, subsets: [{ name: v1, labels: { app: catalog } }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: full, namespace: shop }
spec: { hosts: [shop.example.com], gateways: [gw], http: [{ route: [{ destination: { host: catalog.shop.svc.cluster.local } }] }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: short, namespace: bank }
spec: { hosts: [bank.example.com], gateways: [shop/gw], http: [{ route: [{ destination: { host: catalog } }] }] }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gw, namespace: shop }
spec: { selector: { app: catalog }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: [shop.example.com, bank.example.com] }] }
---
apiVersion: v1
kind: Pod
metadata: { name: catalog, namespace: shop, labels: { app: catalog } }
spec: { containers: [{ name: app, image: app }] }
---
apiVersion: v1
kind: Pod
metadata: { name: catalog, namespace: bank, labels: { app: catalog } }
spec: { containers: [{ name: app, image: app }] }
`,
  },
  {
    id: 'ingress-rules-beside',
    reason: 'A gateway follows the subset entries of the VirtualService itself if they apply to the gateway too. A VirtualService for '
      + 'mesh applies to no gateway.',
    missed: ['IST0140 VirtualService shop/one', 'IST0140 VirtualService shop/two'],
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
spec: { hosts: [catalog], gateways: [mesh, gw], http: [{ match: [{ uri: { prefix: /v1 } }], route: [{ destination: { host: catalog, subset: v1 } }] }, { route: [{ destination: { host: catalog } }] }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: catalog, namespace: shop }
spec: { host: catalog, subsets: [{ name: v1, labels: { app: catalog } }] }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { selector: { app: catalog }, ports: [{ name: http, port: 80, protocol: TCP }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: two, namespace: shop }
spec: { hosts: [web], gateways: [mesh], http: [{ route: [{ destination: { host: catalog } }] }] }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gw, namespace: shop }
spec: { selector: { app: catalog }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ["*"] }] }
---
apiVersion: v1
kind: Pod
metadata: { name: catalog, namespace: shop, labels: { app: catalog } }
spec: { containers: [{ name: app, image: app }] }
`,
  },
  {
    id: 'tls-host-of-every-namespace',
    reason: 'With TLS, a host is the same with the prefix */, and Istio drops the newer server; the analyzers compare hosts as they '
      + 'are written.',
    missed: [],
    added: ['IST0145 Gateway shop/one', 'IST0145 Gateway shop/two'],
    manifests: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: one, namespace: shop }
spec: { selector: { app: catalog }, servers: [{ port: { number: 80, name: a, protocol: TLS }, tls: { mode: PASSTHROUGH }, hosts: [a.example.com] }] }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: two, namespace: shop }
spec: { selector: { app: catalog }, servers: [{ port: { number: 80, name: a, protocol: TLS }, tls: { mode: PASSTHROUGH }, hosts: ["*/a.example.com"] }] }
---
apiVersion: v1
kind: Service
metadata: { name: catalog, namespace: shop }
spec: { selector: { app: catalog }, ports: [{ name: http, port: 80, protocol: TCP }] }
---
apiVersion: v1
kind: Pod
metadata: { name: catalog, namespace: shop, labels: { app: catalog } }
spec: { containers: [{ name: app, image: app }] }
`,
  },
  {
    id: 'delegate-with-gateways',
    reason: 'Admission rejects a VirtualService without hosts that names Gateways, and it has no host that a Gateway could serve.',
    missed: ['IST0132 VirtualService shop/one'],
    added: [],
    manifests: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: one, namespace: shop }
spec: { gateways: [gw], http: [{ route: [{ destination: { host: catalog } }] }] }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gw, namespace: shop }
spec: { selector: { app: catalog }, servers: [{ port: { number: 80, name: a, protocol: HTTP }, hosts: [a.example.com] }] }
---
apiVersion: v1
kind: Service
metadata: { name: catalog, namespace: shop }
spec: { selector: { app: catalog }, ports: [{ name: http, port: 80, protocol: TCP }] }
---
apiVersion: v1
kind: Pod
metadata: { name: catalog, namespace: shop, labels: { app: catalog } }
spec: { containers: [{ name: app, image: app }] }
`,
  },
];
