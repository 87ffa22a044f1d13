import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { parseManifests } from '../../src/manifest/loader';
import type { ManifestOf } from '../../src/manifest/manifest';
import { acceptedManifests, isOfKind, manifestsOf, readManifests, sourceOf } from '../../src/manifest/manifest';
import { podTemplateOf } from '../../src/manifest/pod-template';
import { lineOf } from '../../src/manifest/provenance';

const object = (kind: string, spec: unknown, apiVersion = 'networking.istio.io/v1'): KubernetesObject => ({
  apiVersion, kind, metadata: { name: 'catalog', namespace: 'shop' }, spec,
});

function refusal(...objects: KubernetesObject[]): string {
  try {
    acceptedManifests(objects);
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
}

test.each([
  ['a scalar for a list', object('DestinationRule', { host: 'catalog', subsets: 'v1' }), 'spec.subsets is "v1", but must be a list'],
  [
    'a list for an object',
    object('DestinationRule', { host: 'catalog', trafficPolicy: [] }),
    'spec.trafficPolicy is a list, but must be an object',
  ],
  ['null for an item', object('VirtualService', { hosts: [null] }), 'spec.hosts[0] is null, but must be a string; put it in quotes'],
  [
    'a number for a string',
    object('VirtualService', { hosts: ['catalog'], http: [{ timeout: 5 }] }),
    'spec.http[0].timeout is 5, but must be a string',
  ],
  [
    'a string for a number',
    object('ServiceEntry', { hosts: ['a.b'], ports: [{ number: '80', name: 'http' }] }),
    'spec.ports[0].number is "80", but must be an integer',
  ],
  ['another name than one of these', object('DestinationRule', { host: 'catalog', trafficPolicy: { tls: { mode: 'TLS' } } }),
    'spec.trafficPolicy.tls.mode is "TLS", but must be one of DISABLE, SIMPLE, MUTUAL, ISTIO_MUTUAL'],
  ['no host', object('DestinationRule', {}), 'spec.host is required'],
  ['a Service\'s port without a number', object('Service', { ports: [{ name: 'http' }] }, 'v1'), 'spec.ports[0].port is required'],
  ['a label that is a number', {
    ...object('DestinationRule', { host: 'catalog' }),
    metadata: { name: 'catalog', namespace: 'shop', labels: { 'a.b/c': 1 } },
  } as never,
  'metadata.labels["a.b/c"] is 1, but must be a string'],
  ['the port 0', object('Service', { ports: [{ port: 0 }] }, 'v1'), 'spec.ports[0].port is 0, but must be an integer from 1 to 65535'],
  ['a port that is too large', object('Service', { ports: [{ port: 99999999999999 }] }, 'v1'),
    'spec.ports[0].port is 99999999999999, but must be an integer from 1 to 65535'],
  ['a target port that no pod has', object('Service', { ports: [{ port: 80, targetPort: 70000 }] }, 'v1'),
    'spec.ports[0].targetPort is 70000, but must be the name of a port, or an integer from 1 to 65535'],
  ['replicas in words', object('Deployment', { replicas: 'two' }, 'apps/v1'), 'spec.replicas is "two", but must be an integer'],
])('what Kubernetes would reject is an error with the object, the place and the value: %s', (_, wrong, message) => {
  expect(refusal(wrong)).toContain(`${wrong.kind} shop/catalog: ${message}`);
});

test('all objects are checked, and the first ten problems are listed', () => {
  const many = Array.from({ length: 12 }, () => object('DestinationRule', { host: 1 }));
  expect(refusal(...many).split('\n')).toHaveLength(12);
  expect(refusal(...many)).toContain('and 2 more');
});

test('an object without metadata is named by its kind', () => {
  expect(refusal({ apiVersion: 'v1', kind: 'Thing' } as KubernetesObject)).toContain('a Thing: metadata is required');
});

test('a null field counts as absent, at any depth; the rest is the object itself', () => {
  const plain = object('DestinationRule', { host: 'catalog', trafficPolicy: { tls: { mode: 'SIMPLE' } } });
  const nulls = object('DestinationRule', {
    host: 'catalog',
    subsets: null,
    trafficPolicy: { connectionPool: null, tls: { mode: 'SIMPLE', sni: null } },
  });
  expect(acceptedManifests([plain])[0]).toBe(plain);
  expect(acceptedManifests([nulls])).toEqual([plain]);
});

test('unknown kinds are unchanged', () => {
  const rollout = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'catalog' }, spec: { replicas: 'many' } };
  expect(acceptedManifests([rollout])[0]).toBe(rollout);
});

test('a document that aliases make endless is read', () => {
  const gateways = Array.from({ length: 1000 }, () => 1);
  const match = Array.from({ length: 1000 }, () => ({ gateways }));
  const rule = { match: Array.from({ length: 1000 }, () => match[0]) };
  expect(refusal(object('VirtualService', { http: Array.from({ length: 1000 }, () => rule) }))).toContain('and 990 more');
});

test.each([
  ['a field of the wrong type is absent', 'VirtualService', { hosts: ['catalog'], http: [{ timeout: 5, retries: { attempts: 2 } }] },
    { hosts: ['catalog'], http: [{ retries: { attempts: 2 } }] }],
  ['a string that is none of the field\'s values is absent', 'DestinationRule', {
    host: 'catalog',
    trafficPolicy: { tls: { mode: 'TLS', sni: 'a' } },
  },
  { host: 'catalog', trafficPolicy: { tls: { sni: 'a' } } }],
  ['an item keeps its place, and is empty if it is not an object', 'VirtualService', {
    hosts: ['catalog'],
    http: [null, 'x', { name: 'third' }],
  },
  { hosts: ['catalog'], http: [{}, {}, { name: 'third' }] }],
  ['of a list of strings the strings are kept', 'VirtualService', { hosts: ['catalog', 1, null, 'cart'] }, { hosts: ['catalog', 'cart'] }],
  ['a list in place of an object is absent, so that nothing of it is taken for a field', 'DestinationRule', {
    host: 'catalog',
    trafficPolicy: ['tls'],
  },
  { host: 'catalog' }],
  ['a map keeps its readable values', 'WorkloadEntry', { ports: { http: 80, tcp: '90' } }, { ports: { http: 80 } }],
  ['fields that no schema knows are kept', 'DestinationRule', { host: 'catalog', extra: 7 }, { host: 'catalog', extra: 7 }],
])('the readable part of a rejected object is read: %s', (_, kind, spec, readable) => {
  expect(readManifests([object(kind, spec)]).manifests[0].spec).toEqual(readable);
});

test('metadata that is null or not a map of strings is absent, and the object exists', () => {
  const wrong = {
    ...object('Service', {}, 'v1'),
    metadata: { name: 'catalog', namespace: null, labels: { a: 1, b: 'c' }, annotations: null },
  } as never;
  expect(readManifests([wrong]).manifests[0].metadata).toEqual({ name: 'catalog', labels: { b: 'c' } });
});

test('an object with generateName has a placeholder name; one without any name is rejected', () => {
  const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { generateName: 'job-' } } as unknown as KubernetesObject;
  expect(acceptedManifests([job])[0].metadata.name).toBe('job-*');
  expect(refusal({ ...job, metadata: {} } as KubernetesObject)).toContain('metadata.name is required');
});

test('a manifest leads back to its object and its line', () => {
  const { objects } = parseManifests(
    'a: 1\n---\napiVersion: v1\nkind: Service\nmetadata: {name: catalog, namespace: shop}\nspec:\n  type: null\n  selector: {app: 1}\n',
  );
  const { manifests: [manifest], refused: [{ path, object: refused }] } = readManifests(objects);
  expect(manifest).not.toBe(objects[0]);
  expect(sourceOf(manifest)).toBe(objects[0]);
  expect(refused).toBe(objects[0]);
  expect(path).toBe('spec.selector.app');
  expect(lineOf(manifest, ['spec', 'selector'])).toBe(8);
});

test('a kind belongs to one API group', () => {
  const { manifests } = readManifests([object('Gateway', {}), object(
    'Gateway',
    {},
    'gateway.networking.k8s.io/v1',
  ), object('Service', {}, 'v1'),
  object('Service', {}, 'serving.knative.dev/v1')]);
  expect(manifests.map(manifest => isOfKind(manifest, 'Gateway'))).toEqual([true, false, false, false]);
  expect(manifestsOf(manifests, 'Service')).toEqual([manifests[2]]);
});

test('the pods of a workload follow from its template, for any kind', () => {
  const template = { metadata: { labels: { app: 'catalog' } }, spec: { containers: [] } };
  const { manifests } = readManifests([
    object('Deployment', { template }, 'apps/v1'), object('CronJob', { jobTemplate: { spec: { template } } }, 'batch/v1'),
    object('Rollout', { template }, 'argoproj.io/v1alpha1'), object(
      'Rollout',
      { template: 'none' },
      'argoproj.io/v1alpha1',
    ), object('Service', {}, 'v1'),
  ]);
  expect(manifests.map(podTemplateOf)).toEqual([template, template, template, undefined, undefined]);
});

test('fields of a manifest have the types of the schema', () => {
  type Is<A, B> = [A, B] extends [B, A] ? 0 extends 1 & A ? false : true : false;
  const [host, mode, replicas, port]: [
    Is<NonNullable<ManifestOf<'DestinationRule'>['spec']>['host'], string | undefined>,
    Is<NonNullable<NonNullable<ManifestOf<'PeerAuthentication'>['spec']>['mtls']>['mode'], 'UNSET' | 'DISABLE' | 'PERMISSIVE' | 'STRICT' | undefined>,
    Is<NonNullable<ManifestOf<'Deployment'>['spec']>['replicas'], number | undefined>,
    Is<NonNullable<NonNullable<ManifestOf<'Service'>['spec']>['ports']>[number]['targetPort'], string | number | undefined>] = [true, true, true, true];
  expect([host, mode, replicas, port]).toEqual([true, true, true, true]);
});
