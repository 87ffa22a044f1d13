import type { Chart } from 'cdk8s';
import { errorOf } from '../error-of';
import { manifests, newChart } from '../manifests';
import { IngressGateway, Listener, MeshService, PublicHost, ServicePort } from 'cdk8s-istio';
import type { GatewayReference, IIngressGateway, PublicHostProps } from 'cdk8s-istio';

let chart: Chart;
beforeEach(() => { chart = newChart(); });

function shared(reference: Partial<GatewayReference> = {}): IIngressGateway {
  return IngressGateway.fromName(chart, 'Gateway', { name: 'shared', namespace: 'edge', ...reference });
}

function exposed(gateway: IIngressGateway, props: Partial<PublicHostProps> = {}, port = ServicePort.http(80)): void {
  const cart = new MeshService(chart, 'Cart', { name: 'cart', ports: [port] });
  cart.exposeVia(new PublicHost(chart, 'Host', { gateway, host: 'cart.example.com', ...props }));
}

const bound = () => manifests(chart).map(({ kind, metadata: { namespace }, spec: { gateways } }) => [kind, namespace, gateways]);

test('a host on a Gateway of another program is a VirtualService in the namespace of the chart', () => {
  exposed(shared());
  expect(bound()).toEqual([['VirtualService', 'shop', ['edge/shared']]]);
});

test('a Gateway in the namespace of the chart is named without its namespace', () => {
  exposed(shared({ namespace: undefined }));
  expect(bound()).toEqual([['VirtualService', 'shop', ['shared']]]);
});

test('a host on an own Gateway can have another namespace', () => {
  exposed(new IngressGateway(chart, 'Gateway', { name: 'own', namespace: 'edge' }), { namespace: 'carts' });
  expect(bound()).toContainEqual(['VirtualService', 'carts', ['edge/own']]);
});

test('connections need a listener that the reference states', () => {
  expect(errorOf(() => exposed(shared(), {}, ServicePort.tcp(9000)))).toContain('the gateway of cart.example.com has no listener for it');
  chart = newChart();
  exposed(shared({ listeners: [Listener.tcp(9000)] }), {}, ServicePort.tcp(9000));
  expect(manifests(chart)[0].spec.tcp).toHaveLength(1);
});

test('two hosts of one name on a Gateway of another program are an error', () => {
  const gateway = shared();
  exposed(gateway);
  expect(errorOf(() => new PublicHost(chart, 'Second', { gateway, host: 'cart.example.com', name: 'second' })))
    .toContain('the host \'cart.example.com\' on the gateway edge/shared');
});

test('names that Kubernetes rejects are errors', () => {
  expect(errorOf(() => shared({ name: 'Shared_Gateway' }))).toContain('Shared_Gateway');
  chart = newChart();
  expect(errorOf(() => exposed(shared(), { namespace: 'No_Namespace' }))).toContain('No_Namespace');
});
