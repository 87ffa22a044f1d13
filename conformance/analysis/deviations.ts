import type { Deviation } from './deviation';
import { GATEWAY_DEVIATIONS } from './gateway-deviations';
import { PARTIAL_INPUT_DEVIATIONS } from './partial-input-deviations';
import { POLICY_DEVIATIONS } from './policy-deviations';

/** The closed list. A deviation that no longer differs fails the run. */
export const DEVIATIONS: readonly Deviation[] = [
  {
    id: 'callers-apart',
    reason: 'VirtualServices of one host whose entries are for different callers do not conflict: a VirtualService without an entry for a '
      + 'proxy claims nothing there.',
    missed: ['IST0109 VirtualService shop/one', 'IST0109 VirtualService shop/two'],
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
spec: { hosts: [catalog], http: [{ match: [{ sourceLabels: { app: web } }], route: [{ destination: { host: catalog } }] }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: two, namespace: shop }
spec: { hosts: [catalog], http: [{ match: [{ sourceLabels: { app: cart } }], route: [{ destination: { host: catalog } }] }] }
`,
  },
  {
    id: 'port-of-the-caller',
    reason: 'A destination without a port goes to the port that the request came in at. Only a host without that port makes it an error.',
    missed: ['IST0112 VirtualService shop/duo'],
    added: [],
    manifests: `
apiVersion: v1
kind: Service
metadata: { name: duo, namespace: shop }
spec: { selector: { app: duo }, ports: [{ name: http, port: 80, protocol: TCP }, { name: http-admin, port: 8081, protocol: TCP }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: duo, namespace: shop }
spec: { hosts: [duo], http: [{ route: [{ destination: { host: duo } }] }] }
`,
  },
  {
    id: 'subset-of-a-wildcard',
    reason: 'A DestinationRule for a wildcard defines its subsets for every host that it holds and that has no DestinationRule of its own.',
    missed: ['IST0101 (host+subset in destinationrule) VirtualService shop/one', 'IST0174 DestinationRule shop/all'],
    added: [],
    manifests: `
apiVersion: v1
kind: Service
metadata: { name: catalog, namespace: shop }
spec: { selector: { app: catalog }, ports: [{ name: http, port: 80, protocol: TCP }] }
---
apiVersion: v1
kind: Pod
metadata: { name: catalog, namespace: shop, labels: { app: catalog, version: v1 } }
spec: { containers: [{ name: app, image: app }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: all, namespace: shop }
spec: { host: "*.shop.svc.cluster.local", subsets: [{ name: v1, labels: { version: v1 } }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: one, namespace: shop }
spec: { hosts: [catalog], http: [{ route: [{ destination: { host: catalog, subset: v1 } }] }] }
`,
  },
  {
    id: 'subset-of-an-unused-rule',
    reason: 'Two DestinationRules of one host and namespace with different exportTo stay apart, and no caller gets the first.',
    missed: [],
    added: ['IST0101 (host+subset in destinationrule) VirtualService shop/one'],
    manifests: `
apiVersion: v1
kind: Service
metadata: { name: catalog, namespace: shop }
spec: { selector: { app: catalog }, ports: [{ name: http, port: 80, protocol: TCP }] }
---
apiVersion: v1
kind: Pod
metadata: { name: catalog, namespace: shop, labels: { app: catalog, version: v1 } }
spec: { containers: [{ name: app, image: app }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: a, namespace: shop }
spec: { host: catalog, exportTo: [shop], subsets: [{ name: v1, labels: { version: v1 } }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: b, namespace: shop }
spec: { host: catalog }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: one, namespace: shop }
spec: { hosts: [catalog], http: [{ route: [{ destination: { host: catalog, subset: v1 } }] }] }
`,
  },
  {
    id: 'host-written-twice',
    reason: 'A VirtualService with one host in short and in full conflicts with itself alone, and Istio makes one virtual host of both.',
    issue: 'istio/istio#42561',
    missed: ['IST0109 VirtualService shop/one'],
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
spec: { hosts: [catalog, catalog.shop.svc.cluster.local], http: [{ route: [{ destination: { host: catalog } }] }] }
`,
  },
  {
    id: 'other-cluster-domain',
    reason: 'The analyzers assume the cluster domain cluster.local. We use the domain with which hosts name Services of the input.',
    issue: 'istio/istio#48326',
    missed: ['IST0101 (host) VirtualService shop/one', 'IST0174 DestinationRule shop/catalog'],
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
spec: { hosts: [catalog.shop.svc.corp.example], http: [{ route: [{ destination: { host: catalog.shop.svc.corp.example } }] }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: catalog, namespace: shop }
spec: { host: catalog.shop.svc.corp.example, trafficPolicy: { loadBalancer: { simple: RANDOM } } }
`,
  },
  {
    id: 'wildcard-destination-rule',
    reason: 'A DestinationRule for a wildcard applies to every host under it, but the analyzers look for a Service with the wildcard '
      + 'as its name.',
    missed: ['IST0174 DestinationRule shop/all'],
    added: [],
    manifests: `
apiVersion: v1
kind: Service
metadata: { name: catalog, namespace: shop }
spec: { selector: { app: catalog }, ports: [{ name: http, port: 80, protocol: TCP }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: all, namespace: shop }
spec: { host: "*.shop.svc.cluster.local", trafficPolicy: { loadBalancer: { simple: RANDOM } } }
`,
  },
  {
    id: 'public-virtual-service-private-entry',
    reason: 'exportTo: ["*"] includes the object\'s own namespace, whose callers see its private ServiceEntries.',
    missed: ['IST0101 (host) VirtualService shop/one'],
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
spec: { hosts: [catalog], exportTo: ["*"], http: [{ route: [{ destination: { host: api.example.com } }] }] }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: api, namespace: shop }
spec: { hosts: [api.example.com], exportTo: ["."], ports: [{ number: 80, name: http, protocol: HTTP }], resolution: DNS }
`,
  },
  {
    id: 'subset-of-foreign-host',
    reason: 'A host outside of the cluster is in no namespace, so a DestinationRule next to its ServiceEntry gives it subsets for all '
      + 'namespaces.',
    missed: ['IST0101 (host+subset in destinationrule) VirtualService shop/one'],
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
spec: { hosts: [api.example.com], http: [{ route: [{ destination: { host: api.example.com, subset: v1 } }] }] }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: api, namespace: outside }
spec: { hosts: [api.example.com], ports: [{ number: 80, name: http, protocol: HTTP }], resolution: DNS }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: api, namespace: outside }
spec: { host: api.example.com, subsets: [{ name: v1, labels: { app: catalog } }] }
---
apiVersion: v1
kind: Pod
metadata: { name: catalog, namespace: shop, labels: { app: catalog } }
spec: { containers: [{ name: app, image: app }] }
`,
  },
  {
    id: 'ports-of-several-entries',
    reason: 'The analyzers look at one of several ServiceEntries for a host, in random order; any of them may add the port.',
    missed: ['IST0101 (host:port) VirtualService shop/one'],
    added: [],
    varies: true,
    manifests: `
apiVersion: v1
kind: Service
metadata: { name: catalog, namespace: shop }
spec: { selector: { app: catalog }, ports: [{ name: http, port: 80, protocol: TCP }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: one, namespace: shop }
spec: { hosts: [catalog], http: [{ route: [{ destination: { host: api.example.com, port: { number: 80 } } }] }] }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: first, namespace: shop }
spec: { hosts: [api.example.com], ports: [{ number: 80, name: http, protocol: HTTP }], resolution: DNS }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: second, namespace: shop }
spec: { hosts: [api.example.com], ports: [{ number: 443, name: tls, protocol: TLS }], resolution: DNS }
`,
  },
  {
    id: 'telemetry-with-target',
    reason: 'A Telemetry that targets a Gateway or a Service is not the default of its namespace.',
    missed: ['IST0160 Telemetry shop/one', 'IST0160 Telemetry shop/two'],
    added: [],
    manifests: `
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: one, namespace: shop }
spec: { accessLogging: [{ providers: [{ name: envoy }] }] }
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: two, namespace: shop }
spec: { targetRefs: [{ kind: Service, name: catalog, group: "" }], accessLogging: [{ providers: [{ name: envoy }] }] }
`,
  },
  {
    id: 'subset-of-endpoints',
    reason: 'The endpoints of a ServiceEntry have labels of their own, but the analyzers look for pods.',
    missed: ['IST0173 DestinationRule shop/api'],
    added: [],
    manifests: `
apiVersion: v1
kind: Service
metadata: { name: catalog, namespace: shop }
spec: { selector: { app: catalog }, ports: [{ name: http, port: 80, protocol: TCP }] }
---
apiVersion: v1
kind: Pod
metadata: { name: catalog, namespace: shop, labels: { app: catalog } }
spec: { containers: [{ name: app, image: app }] }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: api, namespace: shop }
spec: { hosts: [api.example.com], ports: [{ number: 80, name: http, protocol: HTTP }], resolution: STATIC, endpoints: [{ address: 192.0.2.1, labels: { version: v1 } }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: api, namespace: shop }
spec: { host: api.example.com, subsets: [{ name: v1, labels: { version: v1 } }] }
`,
  },
  ...GATEWAY_DEVIATIONS,
  ...PARTIAL_INPUT_DEVIATIONS,
  ...POLICY_DEVIATIONS,
];
