import type { Chart } from 'cdk8s';
import { Duration } from 'cdk8s';
import { errorOf } from '../error-of';
import { manifests, newChart } from '../manifests';
import {
  IngressGateway, Listener, MeshService, MirroredService, PublicHost, RequestPolicy, ServicePort, StringMatch, TrafficRoute,
} from 'cdk8s-istio';
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

describe('without a default route', () => {
  const toItems = (service: MeshService) => new TrafficRoute(chart, 'Items', { service, matches: [{ uri: StringMatch.prefix('/items') }] });
  const open = (props: Partial<MeshServiceProps> = {}) => new MeshService(chart, 'Cart', { name: 'cart', ports: [ServicePort.http(80)], ...props });

  test('callers in the mesh get only the stated routes', () => {
    toItems(open({ defaultRoute: false }));
    expect(routes().map(({ name }: { name: string }) => name)).toEqual(['items']);
  });

  test('a public host gets only the stated routes, and the mesh the default route, too', () => {
    const service = open();
    const publicHost = new PublicHost(chart, 'Host', { gateway: new IngressGateway(chart, 'Gateway'), host: '*' });
    service.exposeVia(publicHost, { defaultRoute: false });
    toItems(service);
    const found = manifests(chart).filter(({ kind }) => kind === 'VirtualService').map(({ metadata: { name }, spec }) => (
      [name, spec.hosts, spec.http.map((route: { name: string }) => route.name)]));
    expect(found).toEqual([['cart', [host], ['items', 'default']], ['every-host', ['*'], ['cart.items']]]);
  });

  test('no route at all is an error, in the mesh and at a public host', () => {
    const service = open({ defaultRoute: false });
    service.routeDefaultTo(service.addSubset('v1', { labels: { version: 'v1' } }));
    expect(errorOf(() => manifests(chart))).toContain('chart/Cart: defaultRoute is false, and no TrafficRoute takes a request, '
      + 'so every request would get 404; add a TrafficRoute, or omit it (in the mesh)');
  });

  test('a TCP port has no default route to omit', () => {
    const service = open({ ports: [ServicePort.tcp(9000)] });
    const gateway = new IngressGateway(chart, 'Gateway', { listeners: [Listener.tcp(9000)] });
    const publicHost = new PublicHost(chart, 'Host', { gateway, host: 'db.example.com' });
    expect(errorOf(() => service.exposeVia(publicHost, { defaultRoute: false }))).toContain('defaultRoute \'false\' is set for port 9000');
  });
});

describe('stated hosts of a gateway', () => {
  test('every listener serves them, and a PublicHost within them has its routes', () => {
    const gateway = new IngressGateway(chart, 'Gateway', { hosts: ['*.example.com'], listeners: [Listener.http(80, { httpsRedirect: true })] });
    const service = new MeshService(chart, 'Cart', { name: 'cart', ports: [ServicePort.http(80)] });
    service.exposeVia(new PublicHost(chart, 'Host', { gateway, host: 'shop.example.com' }));
    const [object, routed] = ['Gateway', 'VirtualService'].map(kind => manifests(chart).find(each => each.kind === kind)!.spec);
    expect([object.servers[0].hosts, routed.hosts]).toEqual([['*.example.com'], ['shop.example.com']]);
  });

  test('a gateway with stated hosts needs no PublicHost', () => {
    new IngressGateway(chart, 'Gateway', { hosts: ['*'] });
    expect(manifests(chart)[0].spec.servers[0].hosts).toEqual(['*']);
  });

  test.each([
    ['a PublicHost outside of them', ['*.example.com'], 'other.example.org', 'chart/Host: the host \'other.example.org\' is not within the hosts of the gateway (*.example.com)'],
    ['an empty list', [], 'shop.example.com', 'chart/Gateway: hosts is empty'],
    ['a URL', ['https://a.example.com'], 'shop.example.com', 'chart/Gateway: hosts[0] \'https://a.example.com\' is not a host name'],
  ])('%s is an error', (_, hosts, name, message) => {
    expect(errorOf(() => new PublicHost(chart, 'Host', { gateway: new IngressGateway(chart, 'Gateway', { hosts }), host: name }))).toContain(message);
  });
});
