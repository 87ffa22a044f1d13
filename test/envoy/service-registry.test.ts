import { meshConfigOf } from '../../src/envoy/mesh-config';
import type { Service } from '../../src/envoy/service';
import { servicePortProtocol } from '../../src/envoy/service-port-protocol';
import { ServiceRegistry } from '../../src/envoy/service-registry';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { acceptedManifests } from '../../src/manifest/manifest';

const HOST = 'catalog.shop.svc.cluster.local';

const object = (apiVersion: string, kind: string, name: string, spec: object, metadata: object = {}): KubernetesObject => (
  { apiVersion, kind, metadata: { name, namespace: 'shop', ...metadata }, spec });
const service = (spec: object = {}, metadata: object = {}) => object('v1', 'Service', 'catalog', {
  selector: { app: 'catalog' }, ports: [{ name: 'http', port: 80 }], ...spec,
}, metadata);
const entry = (name: string, spec: object, metadata: object = {}) => object('networking.istio.io/v1', 'ServiceEntry', name, {
  hosts: ['api.example.com'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], ...spec,
}, metadata);
const vm = (name: string, spec: object = {}, metadata: object = {}) => object('networking.istio.io/v1', 'WorkloadEntry', name, {
  address: '10.9.0.1', labels: { app: 'catalog' }, ...spec,
}, metadata);
const deployment = (version: string, replicas: number) => object('apps/v1', 'Deployment', `catalog-${version}`, {
  replicas,
  template: {
    metadata: { labels: { app: 'catalog', version } },
    spec: { containers: [{ ports: [{ name: 'web', containerPort: 3000 }, { name: 'http-out', containerPort: 3001 }] }] },
  },
});

const registryOf = (...objects: KubernetesObject[]) => new ServiceRegistry(acceptedManifests(objects), meshConfigOf());

/** What serves the first port of a host, as `address:port`. */
function endpoints(objects: KubernetesObject[], host = HOST): string[] {
  const registry = registryOf(...objects);
  const found = registry.find(host, 'shop')!;
  return registry.endpoints(found, found.ports[0]).map(({ address, port }) => `${address}:${port}`);
}

test.each([
  ['HTTP', { name: 'http', port: 80 }], [
    'HTTP',
    { name: 'http-admin', port: 81 },
  ], ['HTTP2', { name: 'http2', port: 80 }], ['GRPC', { name: 'grpc-x', port: 80 }],
  [
    'GRPC-Web',
    { name: 'grpc-web', port: 80 },
  ], ['TLS', { name: 'tls-x', port: 80 }], ['HTTPS', { name: 'https', port: 443 }], ['TCP', { name: 'tcp-x', port: 80 }],
  ['Mongo', { name: 'mongo', port: 80 }], [
    'Unsupported',
    { name: 'web', port: 80 },
  ], ['Unsupported', { port: 80 }], ['TCP', { name: 'db', port: 3306 }],
  ['UDP', { name: 'http', port: 53, protocol: 'UDP' }], ['HTTP', { name: 'tcp', port: 80, appProtocol: 'http' }],
  ['HTTP2', { name: 'http', port: 80, appProtocol: 'kubernetes.io/h2c' }], [
    'Unsupported',
    { name: 'http', port: 80, appProtocol: 'example.com/own' },
  ],
])('a port is %s: %o', (protocol, port) => {
  expect(servicePortProtocol(port)).toBe(protocol);
});

describe('what serves a Service', () => {
  const pods = [deployment('v1', 2), deployment('v2', 1)];

  test('pods that it selects, an address each, at the port of the target', () => {
    expect(endpoints([...pods, service()])).toEqual(['10.10.0.2:80', '10.10.0.3:80', '10.10.0.4:80']);
    expect(endpoints([...pods, service({ ports: [{ name: 'http', port: 80, targetPort: 8080 }] })])[0]).toBe('10.10.0.2:8080');
    expect(endpoints([...pods, service({ ports: [{ name: 'http', port: 80, targetPort: 'web' }] })])[0]).toBe('10.10.0.2:3000');
  });

  test('nothing without a selector', () => {
    expect(endpoints([...pods, service({ selector: undefined })])).toEqual([]);
  });

  test('WorkloadEntries too, unless it is headless or they have a name for an address', () => {
    expect(endpoints([vm('a'), vm('b', { address: 'vm.example.com' }), service()])).toEqual(['10.9.0.1:80']);
    expect(endpoints([vm('a'), service({ clusterIP: 'None' })])).toEqual([]);
  });

  test('a WorkloadEntry by the name of the target, which it has to state; by the name of the port for a number', () => {
    const ports = { web: 5000, http: 5001 };
    expect(endpoints([vm('a', { ports }), service({ ports: [{ name: 'http', port: 80, targetPort: 'web' }] })])).toEqual(['10.9.0.1:5000']);
    expect(endpoints([vm('a'), service({ ports: [{ name: 'http', port: 80, targetPort: 'web' }] })])).toEqual([]);
    expect(endpoints([vm('a', { ports }), service({ ports: [{ name: 'http', port: 80, targetPort: 8080 }] })])).toEqual(['10.9.0.1:5001']);
    expect(endpoints([vm('a', { ports }), service()])).toEqual(['10.9.0.1:80']);
  });

  test('thousands of replicas take no more than a thousand addresses', () => {
    expect(endpoints([deployment('v1', 1e9), service()])).toHaveLength(1000);
  });
});

describe('what serves a ServiceEntry', () => {
  const API = 'api.example.com';
  const selecting = { resolution: 'STATIC', workloadSelector: { labels: { app: 'catalog' } } };

  test('pods and then WorkloadEntries that it selects', () => {
    expect(endpoints([vm('a'), deployment('v1', 1), entry('api', selecting)], API)).toEqual(['10.10.0.2:80', '10.9.0.1:80']);
  });

  test('pods by the name of its port, where a container has one, else by its target', () => {
    const ports = (name: string) => [{ number: 80, name, protocol: 'HTTP', targetPort: 8443 }];
    expect(endpoints([deployment('v1', 1), entry('api', { ...selecting, ports: ports('http-out') })], API)).toEqual(['10.10.0.2:3001']);
    expect(endpoints([deployment('v1', 1), entry('api', { ...selecting, ports: ports('http') })], API)).toEqual(['10.10.0.2:8443']);
  });

  test('its own name, where DNS is asked and it states nothing else', () => {
    expect(endpoints([entry('api', { resolution: 'DNS' })], API)).toEqual(['api.example.com:80']);
    expect(endpoints([entry('api', { resolution: 'STATIC' })], API)).toEqual([]);
  });

  test('those of a namesake too; of DNS_ROUND_ROBIN one for each port', () => {
    const [eu, us] = ['eu.example.com', 'us.example.com'].map(address => ({ endpoints: [{ address }] }));
    expect(endpoints([entry('a', { resolution: 'DNS', ...eu }), entry('b', { resolution: 'DNS', ...us })], API)).toEqual([
      'eu.example.com:80',
      'us.example.com:80',
    ]);
    expect(endpoints([entry('a', { resolution: 'DNS', ...eu }), entry('b', { resolution: 'DNS_ROUND_ROBIN', ...us })], API)).toEqual([
      'eu.example.com:80',
    ]);
  });

  test('the labels of an endpoint say where it runs', () => {
    const registry = registryOf(
      entry('api', {
        resolution: 'STATIC',
        endpoints: [{ address: '10.1.1.1', locality: 'eu/z1/r1', network: 'n', labels: { version: 'v1' } }],
      }),
    );
    const found = registry.find(API, 'shop')!;
    expect(registry.endpoints(found, found.ports[0])[0].labels).toEqual({
      'version': 'v1',
      'topology.kubernetes.io/region': 'eu',
      'topology.kubernetes.io/zone': 'z1',
      'topology.istio.io/subzone': 'r1',
      'topology.istio.io/network': 'n',
    });
  });
});

describe('who owns a host', () => {
  test('a Kubernetes Service before an older ServiceEntry of its namespace', () => {
    const old = entry('old', { hosts: [HOST] }, { creationTimestamp: '2020-01-01T00:00:00Z' });
    expect(registryOf(old, service()).find(HOST, 'shop')!.registry).toBe('Kubernetes');
  });

  test('the older of two ServiceEntries', () => {
    const [young, old] = ['2021', '2020'].map(year => entry(`of-${year}`, {}, { creationTimestamp: `${year}-01-01T00:00:00Z` }));
    expect(registryOf(young, old).find('api.example.com', 'shop')!.object.metadata.name).toBe('of-2020');
  });
});

describe('who sees a service', () => {
  const seen = (annotation: string, namespace: string) =>
    registryOf(service({}, { annotations: { 'networking.istio.io/exportTo': annotation } })).visibleFrom(namespace).length === 1;

  test.each([
    ['*', true, true],
    ['.', true, false],
    ['other', false, true],
    ['., other', true, true],
    ['~', false, false],
  ])('exported to %s', (annotation, own, other) => {
    expect([seen(annotation, 'shop'), seen(annotation, 'other')]).toEqual([own, other]);
  });

  test('those for a namespace alone come before those for all', () => {
    const mine = entry('mine', { hosts: ['z.example.com'], exportTo: ['.'] });
    expect(registryOf(service(), mine).visibleFrom('shop').map(({ host }) => host)).toEqual(['z.example.com', HOST]);
  });
});

describe('Services of type ExternalName', () => {
  const named = (name: string, externalName: string) =>
    object('v1', 'Service', name, { type: 'ExternalName', externalName, ports: [{ name: 'http', port: 80 }] });
  const aliases = (...objects: KubernetesObject[]) => registryOf(...objects).services.find(({ host }: Service) => host === HOST)!.aliases;

  test('stand for another service, through each other too', () => {
    expect(aliases(service(), named('old', HOST), named('older', 'old.shop.svc.cluster.local')))
      .toEqual(['old.shop.svc.cluster.local', 'older.shop.svc.cluster.local']);
  });

  test('in a circle stand for nothing', () => {
    expect(aliases(service(), named('a', 'b.shop.svc.cluster.local'), named('b', 'a.shop.svc.cluster.local'))).toEqual([]);
  });
});
