import type { Chart } from 'cdk8s';
import { Duration } from 'cdk8s';
import { errorOf } from '../error-of';
import { manifests, newChart } from '../manifests';
import { MeshService, MirroredService, RequestPolicy, ServicePort } from 'cdk8s-istio';
import type { MeshServiceProps } from 'cdk8s-istio';

let chart: Chart;
beforeEach(() => { chart = newChart(); });

/** A service on port 8080 with a default subset, a mirror and a timeout. */
function cart(props: Partial<MeshServiceProps>): void {
  const service = new MeshService(chart, 'Cart', { name: 'cart', ports: [ServicePort.http(8080)], ...props });
  const other = MeshService.fromName(chart, 'Other', { name: 'other', port: 80 });
  service.routeDefaultTo(service.addSubset('v1', { labels: { version: 'v1' } }));
  new MirroredService(chart, 'Mirror', { service, mirror: other });
  new RequestPolicy(chart, 'InTime', { service, timeout: Duration.seconds(2) });
}

const routes = () => manifests(chart).find(({ kind }) => kind === 'VirtualService')!.spec.http;
const host = 'cart.shop.svc.cluster.local';
const mirror = { host: 'other.shop.svc.cluster.local', port: { number: 80 } };

test('the VirtualService and the DestinationRule have the names that are set', () => {
  cart({ virtualServiceName: 'cart-routes', destinationRuleName: 'cart-rule' });
  expect(manifests(chart).map(({ kind, metadata }) => [kind, metadata.name])).toEqual([
    ['DestinationRule', 'cart-rule'], ['VirtualService', 'cart-routes'],
  ]);
});

test('by default, routes have a condition on the port, and destinations name it', () => {
  cart({});
  expect(routes()).toEqual([
    { name: 'default', match: [{ port: 8080 }], route: [{ destination: { host, subset: 'v1', port: { number: 8080 } } }], mirror, timeout: '2s' },
  ]);
});

test('without portConditions, only destinations name the port', () => {
  cart({ portConditions: false });
  expect(routes()).toEqual([{ name: 'default', route: [{ destination: { host, subset: 'v1', port: { number: 8080 } } }], mirror, timeout: '2s' }]);
});

test('without destinationPorts, destinations that are the service name no port either, and others do', () => {
  cart({ portConditions: false, destinationPorts: false });
  expect(routes()).toEqual([{ name: 'default', route: [{ destination: { host, subset: 'v1' } }], mirror, timeout: '2s' }]);
});

test.each([
  ['a name that Kubernetes rejects', { destinationRuleName: 'Cart' }, 'destinationRuleName \'Cart\' is not a valid Kubernetes name'],
  ['destinationPorts alone', { destinationPorts: false }, 'destinationPorts is false, but routes have a condition on the port; set portConditions to false, too'],
  ['destinationPorts with two ports', { portConditions: false, destinationPorts: false, ports: [ServicePort.http(80), ServicePort.grpc(90)] },
    'destinationPorts is false, but the service has 2 ports; omit it'],
])('%s is an error', (_, props, message) => {
  expect(errorOf(() => cart(props))).toContain(`chart/Cart: ${message}`);
});
