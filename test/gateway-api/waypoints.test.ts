import { Waypoints } from '../../src/gateway-api/waypoints';
import type { WaypointBinding } from '../../src/gateway-api/waypoints';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { acceptedManifests } from '../../src/manifest/manifest';

const namespace = (name: string, labels?: object) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, ...labels && { labels } } }) as KubernetesObject;
const gateway = (name: string, own: string, labels: object = {}, allowedRoutes?: object): KubernetesObject => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'Gateway',
  metadata: { name, namespace: own, labels } as KubernetesObject['metadata'],
  spec: { gatewayClassName: 'istio-waypoint', listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE', allowedRoutes }] },
});
const service = (labels?: object, own = 'shop') => (
  { apiVersion: 'v1', kind: 'Service', metadata: { name: 'catalog', namespace: own, ...labels && { labels } } }) as KubernetesObject;
const USES = { 'istio.io/use-waypoint': 'wp' };

function bindingOf(of: KubernetesObject, ...objects: KubernetesObject[]): WaypointBinding {
  return new Waypoints(acceptedManifests([...objects, of])).ofService(of);
}

const shown = (binding: WaypointBinding) => (binding.is === 'bound' ? `${binding.waypoint.namespace}/${binding.waypoint.name}` : binding.why);

test('a service uses the waypoint of its own label, else that of its namespace', () => {
  const objects = [namespace('shop', USES), gateway('wp', 'shop'), gateway('own', 'shop')];
  expect(shown(bindingOf(service(), ...objects))).toBe('shop/wp');
  expect(shown(bindingOf(service({ 'istio.io/use-waypoint': 'own' }), ...objects))).toBe('shop/own');
});

test('a service opts out by the label none', () => {
  expect(bindingOf(service({ 'istio.io/use-waypoint': 'none' }), namespace('shop', USES), gateway('wp', 'shop')))
    .toEqual({ is: 'none', why: 'its label istio.io/use-waypoint is none' });
});

test('nothing is decided for a service without a label whose namespace the input lacks', () => {
  expect(bindingOf(service(), gateway('wp', 'shop'))).toEqual({ is: 'unknown', why: 'the labels of the namespace shop are not in the input' });
});

test('a label of the service decides, even if the input lacks the namespace', () => {
  expect(shown(bindingOf(service(USES), gateway('wp', 'shop')))).toBe('shop/wp');
});

test('nothing is decided for a waypoint that the input lacks', () => {
  expect(bindingOf(service(USES), namespace('shop'))).toEqual({ is: 'unknown', why: 'the input lacks the waypoint shop/wp' });
});

test('a waypoint of another namespace must allow that of the service', () => {
  const uses = { ...USES, 'istio.io/use-waypoint-namespace': 'infra' };
  const selects = { namespaces: { from: 'Selector', selector: { matchLabels: { team: 'a' } } } };
  expect(shown(bindingOf(service(uses), namespace('shop'), gateway('wp', 'infra'))))
    .toBe('the listener of the waypoint infra/wp does not allow the namespace shop');
  expect(shown(bindingOf(service(uses), namespace('shop'), gateway('wp', 'infra', {}, { namespaces: { from: 'All' } })))).toBe('infra/wp');
  expect(shown(bindingOf(service(uses), namespace('shop', { team: 'a' }), gateway('wp', 'infra', {}, selects)))).toBe('infra/wp');
  expect(shown(bindingOf(service(uses), namespace('shop', { team: 'b' }), gateway('wp', 'infra', {}, selects))))
    .toBe('the listener of the waypoint infra/wp does not allow the namespace shop');
  expect(bindingOf(service(uses), gateway('wp', 'infra', {}, selects)).is).toBe('unknown');
});

test('a waypoint for workloads serves no services', () => {
  const objects = [namespace('shop', USES), gateway('wp', 'shop', { 'istio.io/waypoint-for': 'workload' })];
  expect(shown(bindingOf(service(), ...objects))).toBe('the waypoint shop/wp serves workloads, not services');
  const waypoints = new Waypoints(acceptedManifests(objects));
  expect(shown(waypoints.ofWorkload({ namespace: 'shop' }))).toBe('shop/wp');
});

test('an ingress gateway uses the waypoint of a service only if a label says so', () => {
  const ingress = { 'istio.io/ingress-use-waypoint': 'true' };
  const takesIngress = (of: KubernetesObject, ...objects: KubernetesObject[]) => (
    new Waypoints(acceptedManifests([...objects, of])).takesIngress(of));
  expect(takesIngress(service(), namespace('shop', USES))).toBe(false);
  expect(takesIngress(service(ingress))).toBe(true);
  expect(takesIngress(service(), namespace('shop', ingress))).toBe(true);
  expect(takesIngress(service({ 'istio.io/ingress-use-waypoint': 'yes' }), namespace('shop', ingress))).toBe(false);
  expect(takesIngress(service())).toBeUndefined();
});

test('a pod is captured by the label of its own or of its namespace', () => {
  const waypoints = new Waypoints(acceptedManifests([namespace('shop', { 'istio.io/dataplane-mode': 'ambient' }), namespace('other')]));
  expect(waypoints.captureOf({ namespace: 'shop' })).toBe('ambient');
  expect(waypoints.captureOf({ namespace: 'shop', labels: { 'istio.io/dataplane-mode': 'none' } })).toBe('not ambient');
  expect(waypoints.captureOf({ namespace: 'other' })).toBe('not ambient');
  expect(waypoints.captureOf({ namespace: 'third' })).toBe('unknown');
});

test('a second waypoint for a share of the requests of a service is told', () => {
  const canary = { 'istio.io/use-waypoint': 'wp', 'istio.io/use-waypoint-canary': 'next' };
  expect(bindingOf(service(canary), namespace('shop'), gateway('wp', 'shop'), gateway('next', 'shop'))).toMatchObject({ is: 'bound', weighted: true });
  expect(bindingOf(service(USES), namespace('shop'), gateway('wp', 'shop'), gateway('next', 'shop'))).not.toHaveProperty('weighted');
});
