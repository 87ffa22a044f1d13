import { Translator } from '../../src/envoy/translator';
import { parseManifests } from '../../src/manifest/loader';

// What generated meshes rarely hold. Expected values: the facts that were run against the pinned istiod, and its sources.

const PODS = { type: 'gateway', namespace: 'shop', labels: { 'gateway.networking.k8s.io/gateway-name': 'public' } } as const;
const CALLER = { type: 'sidecar', namespace: 'shop' } as const;

const SERVICE = `
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ name: http, port: 80 }, { name: https, port: 443 }] }
`;
const GATEWAY = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec: { gatewayClassName: istio, listeners: [{ name: http, port: 80, protocol: HTTP }] }
`;
const backendPolicy = (sectionName = '') => `
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: { name: cart, namespace: shop }
spec:
  targetRefs: [{ group: "", kind: Service, name: cart${sectionName} }]
  validation: { hostname: cart.example.com, wellKnownCACertificates: System }
`;
const rule = (trafficPolicy: string) => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, trafficPolicy: ${trafficPolicy} }
`;

/** istiod's limit where no rule states one. */
const UNLIMITED = 4294967295;

function cluster(port: number, ...texts: string[]) {
  const { clusters } = new Translator(parseManifests([SERVICE, ...texts].join('\n---\n')).objects).translate(CALLER);
  return clusters.find(({ name }) => name === `outbound|${port}||cart.shop.svc.cluster.local`)!;
}

describe('a BackendTLSPolicy beside a DestinationRule', () => {
  const limit = (port: number, ...texts: string[]) => cluster(port, ...texts).circuitBreakers?.thresholds?.[0].maxPendingRequests;
  const sni = (port: number, ...texts: string[]) => JSON.stringify(cluster(port, ...texts)).match(/"sni":"([^"]+)"/)?.[1];

  test('fills what the rule leaves open', () => {
    const texts = [rule('{ connectionPool: { http: { http1MaxPendingRequests: 7 } } }'), backendPolicy()];
    expect([limit(80, ...texts), sni(80, ...texts)]).toEqual([7, 'cart.example.com']);
  });

  test('yields to the TLS settings of the rule', () => {
    expect(sni(80, rule('{ tls: { mode: SIMPLE, sni: own.example.com } }'), backendPolicy())).toBe('own.example.com');
  });

  test('replaces the settings for all ports at the port that it names', () => {
    const texts = [rule('{ connectionPool: { http: { http1MaxPendingRequests: 7 } } }'), backendPolicy(', sectionName: http')];
    expect([limit(80, ...texts), sni(80, ...texts)]).toEqual([UNLIMITED, 'cart.example.com']);
    expect([limit(443, ...texts), sni(443, ...texts)]).toEqual([7, expect.not.stringContaining('example.com')]);
  });

  test('fills the settings of the rule for the same port', () => {
    const texts = [
      rule('{ portLevelSettings: [{ port: { number: 80 }, connectionPool: { http: { http1MaxPendingRequests: 9 } } }] }'),
      backendPolicy(', sectionName: http'),
    ];
    expect([limit(80, ...texts), sni(80, ...texts)]).toEqual([9, 'cart.example.com']);
  });
});

test('a Gateway of Istio\'s API in another namespace does not serve at the pods of a Gateway of the Gateway API, and a note says so', () => {
  const other = (namespace: string) => `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: own, namespace: ${namespace} }
spec:
  selector: { gateway.networking.k8s.io/gateway-name: public }
  servers: [{ port: { number: 8080, name: http, protocol: HTTP }, hosts: ["*"] }]
`;
  const translated = (namespace: string) => new Translator(parseManifests([SERVICE, GATEWAY, other(namespace)].join('\n---\n')).objects).translate(PODS);
  expect(translated('shop').listeners.map(({ name }) => name)).toContain('0.0.0.0_8080');
  const { listeners, notes } = translated('elsewhere');
  expect(listeners.map(({ name }) => name)).not.toContain('0.0.0.0_8080');
  expect(notes.map(({ message }) => message)).toContain('istiod does not apply it to pods of a Gateway of the Gateway API in another namespace');
});

test('a note says what istiod leaves out of a route, and whether that is the whole route', () => {
  const route = (filters: string, backend: string) => `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: cart, namespace: shop }
spec: { parentRefs: [{ name: public }], rules: [{ filters: ${filters}, backendRefs: [{ name: ${backend}, port: 80 }] }] }
`;
  const notesOf = (filters: string, backend: string) => {
    const { notes } = new Translator(parseManifests([SERVICE, GATEWAY, route(filters, backend)].join('\n---\n')).objects).translate(PODS);
    return notes.map(({ message }) => message);
  };
  expect(notesOf('[{ type: ExtensionRef, extensionRef: { group: a, kind: B, name: c } }]', 'cart'))
    .toEqual([expect.stringMatching(/^spec\.rules\[0\]: .*; istiod leaves out the whole route$/)]);
  expect(notesOf('[]', 'nope')).toEqual([expect.stringMatching(/^spec\.rules\[0\].*(?<!whole route)$/)]);
});

test('a waypoint opens a tunnel to the endpoints of another service that take tunnels', () => {
  const text = `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/use-waypoint: wp } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: wp, namespace: shop }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
---
${SERVICE}
---
apiVersion: v1
kind: Service
metadata: { name: orders, namespace: other }
spec: { selector: { app: orders }, ports: [{ name: http, port: 80 }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ route: [{ destination: { host: orders.other.svc.cluster.local } }] }] }
`;
  const labels = { 'gateway.networking.k8s.io/gateway-name': 'wp' };
  const { clusters } = new Translator(parseManifests(text).objects).translate({ type: 'waypoint', namespace: 'shop', labels });
  const { transportSocketMatches = [] } = clusters.find(({ name }) => name === 'outbound|80||orders.other.svc.cluster.local')!;
  expect(transportSocketMatches.map(({ name }) => name)).toContain('hbone');
  expect(transportSocketMatches.find(({ name }) => name === 'hbone')).toMatchObject({
    match: { tunnel: 'http' },
    transportSocket: {
      name: 'envoy.transport_sockets.internal_upstream',
      typedConfig: {
        passthroughMetadata: [
          { kind: { host: {} }, name: 'envoy.filters.listener.original_dst' },
          { kind: { cluster: {} }, name: 'istio' },
          { kind: { host: {} }, name: 'istio' },
        ],
      },
    },
  });
});
