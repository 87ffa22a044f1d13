import { unknownKind } from '../../src/edge/unknown-kind';

const repairOf = (apiVersion: string, kind: string) => unknownKind({ apiVersion, kind })?.repair;

test.each([
  ['networking.istio.io/v1', 'VirtualServcie', 'write VirtualService'],
  ['networking.istio.io/v1', 'virtualservice', 'write VirtualService'],
  ['security.istio.io/v1', 'PeerAuthentification', 'write PeerAuthentication'],
  ['gateway.networking.k8s.io/v1', 'HttpRoute', 'write HTTPRoute'],
  ['networking.k8s.io/v1', 'Ingres', 'write Ingress'],
  ['v1', 'Servcie', 'write Service'],
  ['apps/v1', 'Deploymnt', 'write Deployment'],
])('of %s, the kind %s is misspelt: %s', (apiVersion, kind, repair) => {
  expect(unknownKind({ apiVersion, kind })).toEqual({
    path: 'kind', cause: `${apiVersion} has no kind '${kind}', so the API server rejects the object`, repair,
  });
});

test.each([
  ['networking.istio.io/v1', 'AuthorizationPolicy', 'write the group security.istio.io'],
  ['network.istio.io/v1', 'VirtualService', 'write the group networking.istio.io'],
  ['networking.istio.oi/v1', 'VirtualService', 'write the group networking.istio.io'],
  ['v1', 'VirtualService', 'write the group networking.istio.io'],
  ['gateway.networking.k8s.io/v1', 'DestinationRule', 'write the group networking.istio.io'],
  ['networking.k8s.io/v1', 'HTTPRoute', 'write the group gateway.networking.k8s.io'],
  ['networking.k8s.io/v1', 'Gateway', 'write the group networking.istio.io or gateway.networking.k8s.io'],
  ['gateway.networking.k8s.io/v2', 'HTTPRoute', 'write a version that the cluster serves, such as v1'],
])('a %s has a group or version that is wrong for the kind %s: %s', (apiVersion, kind, repair) => {
  expect(unknownKind({ apiVersion, kind })).toMatchObject({ path: 'apiVersion', repair });
});

test('a kind of Istio that is near no other names them all', () => {
  expect(repairOf('security.istio.io/v1', 'Policy')).toBe('write one of AuthorizationPolicy, PeerAuthentication, RequestAuthentication');
});

test.each([
  [
    'networking.istio.io/v1alpha3',
    'EnvoyFilter',
  ], ['networking.istio.io/v1beta1', 'ProxyConfig'], ['extensions.istio.io/v1alpha1', 'WasmPlugin'],
  ['install.istio.io/v1alpha1', 'IstioOperator'], ['telemetry.istio.io/v1alpha1', 'Telemetry'], [
    'gateway.networking.k8s.io/v1alpha2',
    'TLSRoute',
  ],
  ['gateway.networking.x-k8s.io/v1alpha1', 'XListenerSet'], ['v1', 'Node'], ['v1', 'Endpoints'], ['networking.k8s.io/v1', 'NetworkPolicy'],
])('%s %s is known', (apiVersion, kind) => {
  expect(unknownKind({ apiVersion, kind })).toBeUndefined();
});

test.each([
  [
    'gateway.networking.k8s.io/v1',
    'RouteOfTomorrow',
  ], ['gateway.solo.io/v1', 'VirtualService'], ['appmesh.k8s.aws/v1beta2', 'VirtualService'],
  [
    'networking.azure.io/v1',
    'VirtualService',
  ], ['rbac.istio.io/v1alpha1', 'ServiceRole'], ['argoproj.io/v1alpha1', 'Rollout'], ['v1', 'KindOfTomorrow'],
])('%s %s may be known to a cluster', (apiVersion, kind) => {
  expect(unknownKind({ apiVersion, kind })).toBeUndefined();
});
