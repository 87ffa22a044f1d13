import type { KubernetesObject } from '../../src/manifest/kubernetes-object';

/** A mesh with this number of services, each with a VirtualService of three entries and a DestinationRule of two subsets. */
export function meshOf(count: number): KubernetesObject[] {
  return Array.from({ length: count }, (_, i) => `service-${i}`).flatMap(name => {
    const metadata = { name, namespace: 'shop' };
    const route = (subset: string, weight: number) => ({ destination: { host: name, subset, port: { number: 80 } }, weight });
    return [
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata,
        spec: { selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
      },
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'VirtualService',
        metadata,
        spec: {
          hosts: [name],
          http: [
            {
              name: 'cohort',
              match: [{ headers: { 'x-cohort': { exact: 'internal' } } }],
              route: [{ destination: { host: name, subset: 'v2', port: { number: 80 } } }],
            },
            {
              name: 'items',
              match: [{ uri: { prefix: '/items' } }],
              route: [route('v1', 90), route('v2', 10)],
              timeout: '2s',
              retries: { attempts: 3 },
            },
            { name: 'default', route: [{ destination: { host: name, subset: 'v1', port: { number: 80 } } }] },
          ],
        },
      },
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'DestinationRule',
        metadata,
        spec: {
          host: name,
          trafficPolicy: {
            connectionPool: { tcp: { maxConnections: 100 }, http: { http1MaxPendingRequests: 10 } },
            outlierDetection: { consecutive5xxErrors: 5 },
          },
          subsets: ['v1', 'v2'].map(version => ({ name: version, labels: { version } })),
        },
      },
    ];
  });
}

/** An AuthorizationPolicy for each service of a mesh of this size: callers, a method and a path, and what is denied. */
export function policiesOf(count: number): KubernetesObject[] {
  return Array.from({ length: count }, (_, i): KubernetesObject => ({
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name: `service-${i}`, namespace: 'shop' },
    spec: {
      selector: { matchLabels: { app: `service-${i}` } },
      rules: [
        { from: [{ source: { principals: [`cluster.local/ns/shop/sa/service-${(i + 1) % count}`] } }], to: [{ operation: { methods: ['GET'] } }] },
        { from: [{ source: { namespaces: ['edge'] } }], to: [{ operation: { paths: ['/items*', '/health'] } }] },
      ],
    },
  }));
}

const GATEWAY_API = 'gateway.networking.k8s.io/v1';

/** The Services of a mesh of this size, and an HTTPRoute of three rules for each, attached to the Service and to a Gateway. */
export function routesOf(count: number): KubernetesObject[] {
  const gateway: KubernetesObject = {
    apiVersion: GATEWAY_API,
    kind: 'Gateway',
    metadata: { name: 'public', namespace: 'shop' },
    spec: { gatewayClassName: 'istio', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
  };
  const routes = Array.from({ length: count }, (_, i): KubernetesObject => {
    const name = `service-${i}`;
    const backend = (to: number, weight = 1) => ({ name: `service-${to % count}`, port: 80, weight });
    return {
      apiVersion: GATEWAY_API,
      kind: 'HTTPRoute',
      metadata: { name, namespace: 'shop' },
      spec: {
        parentRefs: [{ group: '', kind: 'Service', name }, { name: 'public' }],
        hostnames: [`${name}.example.com`],
        rules: [
          { name: 'cohort', matches: [{ headers: [{ name: 'x-cohort', value: 'internal' }] }], backendRefs: [backend(i + 1)] },
          {
            name: 'items',
            matches: [{ path: { type: 'PathPrefix', value: '/items' } }],
            backendRefs: [backend(i, 90), backend(i + 1, 10)],
            timeouts: { request: '2s' },
          },
          { name: 'default', backendRefs: [backend(i)] },
        ],
      },
    };
  });
  return [...meshOf(count).filter(({ kind }) => kind === 'Service'), gateway, ...routes];
}
