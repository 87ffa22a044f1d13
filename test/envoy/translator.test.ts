import * as yaml from 'js-yaml';
import type { Proxy } from '../../src/envoy/proxy';
import { Translator } from '../../src/envoy/translator';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';

const WEB: Proxy = { type: 'sidecar', namespace: 'shop', labels: { app: 'web' } };
const objects = (text: string) => yaml.loadAll(text) as KubernetesObject[];
const CATALOG = `
apiVersion: v1
kind: Service
metadata: { name: catalog, namespace: shop }
spec: { selector: { app: catalog }, ports: [{ name: http, port: 80 }] }
`;
const service = (name: string) => CATALOG.replace(/catalog/g, name);
const virtualService = (name: string, spec: object, namespace: string | undefined = 'shop'): KubernetesObject => (
  { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name, ...namespace && { namespace } }, spec });

describe('what is not translated is said in a note', () => {
  test('the connections to the pod of a sidecar', () => {
    expect(new Translator([]).translate(WEB).notes).toContainEqual({ message: expect.stringContaining('virtualInbound') });
  });

  test('parts of what a sidecar gets for the connections to its pod', () => {
    expect(new Translator([]).inbound(WEB).notes).toEqual([
      { message: 'traces of the connections to the pod are not translated' },
    ]);
  });

  test('an unknown environment variable of istiod', () => {
    const { notes } = new Translator([], { features: { PILOT_UNKNOWN: 'true' } }).translate(WEB);
    expect(notes).toContainEqual({ message: expect.stringContaining('PILOT_UNKNOWN') });
  });
});

test('hosts of a Gateway on which istiod breaks are said to be so', () => {
  const gateway = (hosts: string[]): KubernetesObject => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: { name: 'main', namespace: 'shop' },
    spec: {
      servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts }],
    },
  });
  const notes = (hosts: string[]) =>
    new Translator([gateway(hosts)]).translate({ type: 'gateway', namespace: 'shop' }).notes.map(({ message }) => message);
  expect(notes(['*/*', './shop.example.com'])).toEqual([expect.stringContaining('istiod panics')]);
  expect(notes(['*/*', 'shop/shop.example.com'])).toEqual([]);
  expect(notes(['./shop.example.com', '*/*'])).toEqual([]);
});

test('a server of a Gateway that istiod leaves out is said to be so', () => {
  const server = (protocol: string) => ({ port: { number: 80, name: protocol.toLowerCase(), protocol }, hosts: ['*'] });
  const gateway: KubernetesObject = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: { name: 'main', namespace: 'shop' },
    spec: { servers: [server('HTTP'), server('TCP')] },
  };
  expect(new Translator([gateway]).translate({ type: 'gateway', namespace: 'shop' }).notes).toEqual([{
    object: expect.objectContaining({ kind: 'Gateway' }),
    message: "istiod leaves out the server 'tcp' at port 80: shop/main already uses port 80 with protocol HTTP",
  }]);
});

describe('what istiod writes without an effect on routing, and goldens leave out', () => {
  const { clusters, listeners } = new Translator([
    ...objects(CATALOG.replace('name: http', 'name: any')),
    virtualService('catalog', { hosts: ['catalog'], tcp: [{ route: [{ destination: { host: 'catalog' } }] }] }),
  ]).translate(WEB);
  const listener = listeners.find(({ name }) => name?.endsWith('_80'));

  test('sidecars exchange their identity at a cluster', () => {
    expect(clusters.find(({ name }) => name === 'outbound|80||catalog.shop.svc.cluster.local')?.filters).toEqual([{
      name: 'istio.metadata_exchange',
      typedConfig: {
        '@type': 'type.googleapis.com/udpa.type.v1.TypedStruct',
        'typeUrl': 'type.googleapis.com/envoy.tcp.metadataexchange.config.MetadataExchange',
        'value': { enable_discovery: true, protocol: 'istio-peer-exchange' },
      },
    }]);
  });

  test('a listener whose protocol is detected inspects HTTP', () => {
    expect(listener?.listenerFilters).toContainEqual({
      name: 'envoy.filters.listener.http_inspector',
      typedConfig: { '@type': 'type.googleapis.com/envoy.extensions.filters.listener.http_inspector.v3.HttpInspector' },
    });
  });

  test('a chain for connections names its VirtualService', () => {
    expect(JSON.stringify(listener)).toContain('/apis/networking.istio.io/v1/namespaces/shop/virtual-service/catalog');
  });
});

describe('objects without a namespace', () => {
  const mesh = [
    ...objects(CATALOG),
    virtualService('catalog', { hosts: ['catalog'], http: [{ name: 'all', directResponse: { status: 418 } }] }, undefined),
  ];

  test('get the given one, as kubectl apply -n would give it', () => {
    const { routes } = new Translator(mesh, { defaultNamespace: 'shop' }).translate(WEB);
    const names = routes.flatMap(each => each.virtualHosts ?? []).flatMap(each => each.routes ?? []).map(({ name }) => name);
    expect(names).toEqual(['all', 'allow_any']);
  });
});

test('a route knows the rule and the match that it comes from, and a delegate\'s its own', () => {
  const delegate = virtualService('parts', {
    http: [{ match: [{ uri: { exact: '/a/b' } }, { uri: { exact: '/a/c' } }], directResponse: { status: 200 } }],
  });
  const root = virtualService('catalog', {
    hosts: ['catalog'],
    http: [
      { match: [{ uri: { prefix: '/a' } }], delegate: { name: 'parts' } },
      { route: [{ destination: { host: 'catalog' } }] },
    ],
  });
  const { routes, origins } = new Translator([...objects(CATALOG), root, delegate]).translate(WEB);
  const made = routes.flatMap(each => each.virtualHosts ?? []).find(({ name }) => name.startsWith('catalog'))!.routes!;
  expect(made.map(route => origins.get(route))).toEqual([
    { object: delegate, path: ['spec', 'http', 0, 'match', 0] },
    { object: delegate, path: ['spec', 'http', 0, 'match', 1] },
    { object: root, path: ['spec', 'http', 1] },
  ]);
});

test('a proxy is translated alike before and after others', () => {
  const translator = new Translator([
    ...objects(CATALOG),
    virtualService('catalog', { hosts: ['catalog'], http: [{ route: [{ destination: { host: 'catalog' } }] }] }),
  ]);
  const first = JSON.stringify(translator.translate(WEB));
  translator.translate({ type: 'gateway', namespace: 'shop' });
  translator.translate({ type: 'sidecar', namespace: 'other' });
  expect(JSON.stringify(translator.translate(WEB))).toBe(first);
});

describe('hostile manifests come to an end', () => {
  test('10,000 routes on a host', () => {
    const http = Array.from({ length: 10000 }, (_, i) => ({ match: [{ uri: { exact: `/${i}` } }], directResponse: { status: 200 } }));
    const { routes } = new Translator([...objects(CATALOG), virtualService('catalog', { hosts: ['catalog'], http })]).translate(WEB);
    expect(routes[0].virtualHosts![0].routes).toHaveLength(10000);
  });

  test('delegates in a circle: one level counts, as in Istio', () => {
    const circle = (name: string, other: string) => virtualService(name, { http: [{ delegate: { name: other } }] });
    const root = virtualService('catalog', {
      hosts: ['catalog'],
      http: [{ delegate: { name: 'a' } }, { name: 'last', directResponse: { status: 200 } }],
    });
    const { routes } = new Translator([...objects(CATALOG), root, circle('a', 'b'), circle('b', 'a')]).translate(WEB);
    expect(routes[0].virtualHosts![0].routes!.length).toBeGreaterThan(0);
  });

  test('names of fields that JavaScript gives a meaning', () => {
    const odd = JSON.parse(
      '{"hosts":["catalog"],"http":[{"match":[{"headers":{"__proto__":{"exact":"a"},"constructor":{"exact":"b"}}}],"route":[{"destination":{"host":"catalog"}}]}]}',
    );
    const { routes } = new Translator([...objects(CATALOG), virtualService('catalog', odd)]).translate(WEB);
    expect(routes[0].virtualHosts![0].routes![0].match.headers!.map(({ name }) => name)).toEqual(['__proto__', 'constructor']);
  });

  test('contradictory Sidecars, and a Sidecar without hosts', () => {
    const sidecar = (name: string, spec: object): KubernetesObject => ({
      apiVersion: 'networking.istio.io/v1',
      kind: 'Sidecar',
      metadata: { name, namespace: 'shop' },
      spec,
    });
    const open = sidecar('a', { outboundTrafficPolicy: { mode: 'ALLOW_ANY' }, egress: [{ hosts: [] }] });
    const { clusters } = new Translator([
      ...objects(CATALOG + '---' + service('orders')),
      open,
      sidecar('b', { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } }),
    ]).translate(WEB);
    expect(clusters.map(({ name }) => name)).toEqual(['BlackHoleCluster', 'PassthroughCluster']);
  });
});
