import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { wellShaped } from '../../src/manifest/shapes';

// eslint-disable-next-line @typescript-eslint/no-explicit-any
const object = (kind: string, spec: any, apiVersion = 'networking.istio.io/v1'): KubernetesObject => ({
  apiVersion, kind, metadata: { name: 'catalog', namespace: 'shop' }, spec,
});

function refusal(...objects: KubernetesObject[]): string {
  try {
    wellShaped(objects);
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
}

test.each([
  ['a scalar for a list', object('DestinationRule', { host: 'catalog', subsets: 'v1' }), 'spec.subsets is "v1", but has to be a list'],
  ['a list for an object', object('DestinationRule', { host: 'catalog', trafficPolicy: [] }), 'spec.trafficPolicy is a list, but has to be an object'],
  ['null for an item', object('VirtualService', { hosts: [null] }), 'spec.hosts[0] is null, but has to be a string; put it in quotes'],
  ['a number for a string', object('VirtualService', { hosts: ['catalog'], http: [{ timeout: 5 }] }), 'spec.http[0].timeout is 5, but has to be a string'],
  ['a string for a number', object('ServiceEntry', { hosts: ['a.b'], ports: [{ number: '80', name: 'http' }] }), 'spec.ports[0].number is "80", but has to be a whole number'],
  ['another name than one of these', object('DestinationRule', { host: 'catalog', trafficPolicy: { tls: { mode: 'TLS' } } }),
    'spec.trafficPolicy.tls.mode is "TLS", but has to be one of DISABLE, SIMPLE, MUTUAL, ISTIO_MUTUAL'],
  ['no host', object('DestinationRule', {}), 'spec.host is missing, but has to be stated'],
  ['a Service\'s port without a number', object('Service', { ports: [{ name: 'http' }] }, 'v1'), 'spec.ports[0].port is missing, but has to be stated'],
  ['a label that is a number', { ...object('DestinationRule', { host: 'catalog' }), metadata: { name: 'catalog', namespace: 'shop', labels: { 'a.b/c': 1 } } } as never,
    'metadata.labels["a.b/c"] is 1, but has to be a string'],
  ['replicas in words', object('Deployment', { replicas: 'two' }, 'apps/v1'), 'spec.replicas is "two", but has to be a whole number'],
])('what Kubernetes would refuse is an error that names the object, the place and the value: %s', (_, wrong, message) => {
  expect(refusal(wrong)).toContain(`${wrong.kind} shop/catalog: ${message}`);
});

test('all objects are judged, and the first ten problems are named', () => {
  const many = Array.from({ length: 12 }, () => object('DestinationRule', { host: 1 }));
  expect(refusal(...many).split('\n')).toHaveLength(12);
  expect(refusal(...many)).toContain('and 2 more');
});

test('an object without metadata is named by its kind', () => {
  expect(refusal({ apiVersion: 'v1', kind: 'Thing' } as KubernetesObject)).toContain('a Thing: metadata is missing');
});

test('a field that is null counts as absent, at any depth; the rest is the object itself', () => {
  const plain = object('DestinationRule', { host: 'catalog', trafficPolicy: { tls: { mode: 'SIMPLE' } } });
  const nulls = object('DestinationRule', { host: 'catalog', subsets: null, trafficPolicy: { connectionPool: null, tls: { mode: 'SIMPLE', sni: null } } });
  expect(wellShaped([plain])[0]).toBe(plain);
  expect(wellShaped([nulls])).toEqual([plain]);
});

test('kinds that are not known pass as they are', () => {
  const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { generateName: 'job-' }, spec: { replicas: 'many' } } as unknown as KubernetesObject;
  expect(wellShaped([job])).toEqual([job]);
});

test('a document that aliases make endless ends', () => {
  const gateways = Array.from({ length: 1000 }, () => 1);
  const match = Array.from({ length: 1000 }, () => ({ gateways }));
  const rule = { match: Array.from({ length: 1000 }, () => match[0]) };
  expect(refusal(object('VirtualService', { http: Array.from({ length: 1000 }, () => rule) }))).toContain('and 990 more');
});
