import type { Conversion } from '../../src/gateway-api/conversion';
import { convertGatewayApi } from '../../src/gateway-api/conversion';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { readManifests } from '../../src/manifest/manifest';

// Expected values: gatewaycommon/deploymentcontroller.go, classinfo.go and gateway/conversion.go of the pinned istiod.

interface Listener {
  readonly name: string;
  readonly port?: number;
  readonly protocol?: string;
}

const http = (name: string, port?: number): Listener => ({ name, port, protocol: 'HTTP' });

function object(kind: string, name: string, spec: object, metadata: object = {}): KubernetesObject {
  return { apiVersion: 'gateway.networking.k8s.io/v1', kind, metadata: { name, namespace: 'shop', ...metadata }, spec } as KubernetesObject;
}

interface GatewayOptions {
  readonly annotations?: object;
  readonly allowedListeners?: object;
}

function gateway(listeners: readonly Listener[], { annotations = {}, ...spec }: GatewayOptions = {}): KubernetesObject {
  return object('Gateway', 'public', { gatewayClassName: 'istio', listeners, ...spec }, { annotations });
}

function listenerSet(listeners: readonly Listener[], namespace: string): KubernetesObject {
  return object('ListenerSet', 'more', { parentRef: { name: 'public', namespace: 'shop' }, listeners }, { namespace });
}

function converted(...objects: KubernetesObject[]): Conversion {
  return convertGatewayApi(readManifests(objects).manifests, {
    clusterDomain: 'cluster.local', flags: { ambient: true, multiNetwork: false }, assumesCertificates: true,
  });
}

function portsOf({ services }: Conversion): readonly { name: string; port: number; appProtocol: string }[] {
  return (services[0].spec as { ports: { name: string; port: number; appProtocol: string }[] }).ports;
}

test('the Service of a Gateway has one port for each port of its listeners, and one for the probe', () => {
  const ports = portsOf(converted(gateway([http('a', 80), http('b', 80), { name: 'c.d', port: 443, protocol: 'HTTPS' }])));
  expect(ports.map(({ name, port, appProtocol }) => `${name} ${port} ${appProtocol}`)).toEqual(['status-port 15021 tcp', 'a 80 http', 'c-d 443 https']);
});

test('a port whose name is taken has its number in its name', () => {
  expect(portsOf(converted(gateway([http('a.b', 80), http('a-b', 81)]))).map(({ name }) => name)).toEqual(['status-port', 'a-b', 'a-b-81']);
});

test('names of ports have at most 63 characters, with the number too', () => {
  const long = 'l'.repeat(70);
  const [, first, second] = portsOf(converted(gateway([http(`${long}a`, 80), http(`${long}b`, 81)]))).map(({ name }) => name);
  expect([first, second]).toEqual(['l'.repeat(63), `${'l'.repeat(60)}-81`]);
});

test('the pods of a Gateway run as the ServiceAccount that an annotation names, else as one of the usual name', () => {
  const accountOf = (annotations: object) => (
    converted(gateway([http('web', 80)], { annotations })).gateways[0].metadata.annotations?.['internal.istio.io/service-account-name']);
  expect(accountOf({})).toBe('public-istio');
  expect(accountOf({ 'gateway.istio.io/service-account': 'edge' })).toBe('edge');
});

test('listeners of a ListenerSet without a port listen on the port of their protocol', () => {
  const { gateways } = converted(
    gateway([http('web', 8080)], { allowedListeners: { namespaces: { from: 'All' } } }), listenerSet([http('more')], 'shop'),
  );
  expect(gateways.map(({ spec }) => spec.servers?.[0].port?.number)).toEqual([8080, 80]);
});

test('a Gateway that selects namespaces by labels may take a ListenerSet whose Namespace the input lacks', () => {
  const selects = gateway([http('web', 80)], { allowedListeners: { namespaces: { from: 'Selector', selector: { matchLabels: { team: 'a' } } } } });
  const missing = (of: Conversion) => of.problems.map(({ missing: lacks }) => lacks?.name);
  expect(missing(converted(selects, listenerSet([http('more', 81)], 'other')))).toEqual(['other']);
  expect(missing(converted(gateway([http('web', 80)], { allowedListeners: { namespaces: { from: 'Same' } } }), listenerSet([http('more', 81)], 'other'))))
    .toEqual([undefined]);
});

test('the class of waypoints is the one of the mesh controller', () => {
  const waypoint = { ...gateway([{ name: 'mesh', port: 15008, protocol: 'HBONE' }]), spec: { gatewayClassName: 'own', listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }] } };
  const { metadata: _, ...gatewayClass } = object('GatewayClass', 'own', { controllerName: 'istio.io/mesh-controller' });
  const [service] = converted(waypoint, { ...gatewayClass, metadata: { name: 'own' } } as KubernetesObject).services;
  expect(service.metadata).toMatchObject({ name: 'public', labels: { 'gateway.istio.io/managed': 'istio.io-mesh-controller' } });
});

test('a GRPCRoute with the name of an HTTPRoute is reported without a condition, and its rules are left out', () => {
  const route = (kind: string) => object(kind, 'web', { parentRefs: [{ name: 'public' }], rules: [{ backendRefs: [{ name: 'catalog', port: 80 }] }] });
  const { problems } = converted(gateway([http('web', 80)]), route('HTTPRoute'), route('GRPCRoute'),
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'catalog', namespace: 'shop' }, spec: { ports: [{ name: 'http', port: 80 }] } } as KubernetesObject);
  expect(problems.map(({ object: { kind }, reason }) => `${kind} ${reason}`)).toEqual(['GRPCRoute Unreported']);
});

test('a filter that istiod does not know removes the route, with the reason InvalidFilter', () => {
  const route = object('HTTPRoute', 'web', { parentRefs: [{ name: 'public' }], rules: [{ filters: [{ type: 'ExtensionRef' }], backendRefs: [] }] });
  const { problems, virtualServices } = converted(gateway([http('web', 80)]), route);
  expect(problems.map(({ reason, isInvalid }) => `${reason} ${isInvalid}`)).toEqual(['InvalidFilter true']);
  expect(virtualServices).toEqual([]);
});

test('a route reaches its services in the order of their names, whatever the order in which it names them', () => {
  const service = (name: string) => (
    { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'shop' }, spec: { ports: [{ name: 'tls', port: 443 }] } }) as KubernetesObject;
  const parent = (name: string, more: object = {}) => ({ group: '', kind: 'Service', name, ...more });
  const hostsOf = (...parentRefs: object[]) => converted(service('a'), service('b'), object('TCPRoute', 'web', {
    parentRefs, rules: [{ backendRefs: [{ name: 'a', port: 443 }] }],
  })).virtualServices.map(({ metadata: { name }, spec: { hosts } }) => `${name} ${hosts?.[0]}`);
  const expected = [
    'web~tcp~0~istio-autogenerated-k8s-gateway a.shop.svc.cluster.local', 'web~tcp~1~istio-autogenerated-k8s-gateway b.shop.svc.cluster.local',
  ];
  expect(hostsOf(parent('b'), parent('a'))).toEqual(expected);
  expect(hostsOf(parent('b', { namespace: 'shop' }), parent('a'))).toEqual(expected);
});
