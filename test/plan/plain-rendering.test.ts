import { ApiObject, App, Chart, JsonPatch, Lazy, Size, Testing } from 'cdk8s';
import type { ApiObjectProps } from 'cdk8s';
import { CircuitBreakerPolicy, MeshService, ServicePort, TrafficChecks } from '../../src';
import { renderAhead } from '../../src/plan/collect/plain-rendering';

function chart(): Chart {
  return new Chart(new App({ outdir: Testing.app().outdir }), 'shop', { namespace: 'shop', labels: { team: 'shop' } });
}

function configMap(more: object = {}): ApiObject {
  return new ApiObject(chart(), 'Config', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'config' }, ...more } as ApiObjectProps);
}

class Stamped extends ApiObject {
  public toJson(): object {
    return { ...super.toJson(), data: { stamped: 'yes' } };
  }
}

test.each<[string, () => ApiObject]>([
  ['texts, numbers and lists', () => configMap({ data: { b: 'x', a: 1, list: [1, 'two', { three: false }] } })],
  ['fields without value', () => configMap({ data: { gone: undefined, none: null, empty: {}, nobody: [] } })],
  ['lists with gaps', () => configMap({ data: { list: [1, undefined, null] } })],
  ['a lazy value', () => configMap({ data: { later: Lazy.any({ produce: () => 'now' }) } })],
  ['a token', () => configMap({ data: { later: { resolve: () => 'now' } } })],
  ['labels and annotations', () => configMap({ metadata: { name: 'config', labels: { app: 'x' }, annotations: { note: 'y' } } })],
  ['more metadata', () => configMap({ metadata: { name: 'config', finalizers: ['x'], generation: 3 } })],
  ['a generated name', () => configMap({ metadata: { generateName: 'config-' } })],
  ['no metadata', () => configMap({ metadata: undefined })],
  ['a lazy name', () => configMap({ metadata: { name: Lazy.any({ produce: () => 'config' }) as string } })],
  ['another namespace', () => configMap({ metadata: { name: 'config', namespace: 'other' } })],
  ['a class of its own', () => new Stamped(chart(), 'Config', { apiVersion: 'v1', kind: 'ConfigMap' })],
])('%s are read as the synth renders them', (_, make) => {
  const object = make();
  expect(renderAhead(object)).toEqual(object.toJson());
});

test('patches, labels that are added later, and resolvers of an App are heeded', () => {
  const patched = configMap({ data: { a: 'x' } });
  patched.addJsonPatch(JsonPatch.replace('/data/a', 'y'));
  patched.metadata.addLabel('tier', 'one');
  expect(renderAhead(patched)).toMatchObject({ data: { a: 'y' }, metadata: { labels: { team: 'shop', tier: 'one' } } });

  const app = new App({ outdir: Testing.app().outdir, resolvers: [{ resolve: context => { if (context.value === 'x') context.replaceValue('y'); } }] });
  const resolved = new ApiObject(new Chart(app, 'shop'), 'Config', { apiVersion: 'v1', kind: 'ConfigMap', data: { a: 'x' } } as ApiObjectProps);
  expect(renderAhead(resolved)).toMatchObject({ data: { a: 'y' } });
});

test('what cannot be rendered has the error of cdk8s', () => {
  const object = configMap({ data: { size: Size.mebibytes(1) } });
  expect(() => renderAhead(object)).toThrow(/can't render non-simple object of type 'Size'/);
});

describe('an object of a service that was read', () => {
  const limits = (object: object) => (object as { readonly spec: { readonly trafficPolicy: { readonly connectionPool: unknown } } }).spec.trafficPolicy.connectionPool;

  function breaking() {
    const service = new MeshService(chart(), 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)] });
    new CircuitBreakerPolicy(service, 'Breaker', { service, connectionPool: { maxConnections: 1 } });
    return service;
  }

  test('is rendered the same again', () => {
    const { destinationRule } = breaking();
    expect(renderAhead(destinationRule)).toEqual(destinationRule.toJson());
    expect(renderAhead(destinationRule)).toEqual(destinationRule.toJson());
  });

  test('has what is stated, patched or labelled after it was read', () => {
    const service = breaking();
    renderAhead(service.destinationRule);
    service.addSubset('v1', { labels: { version: 'v1' } });
    expect(service.destinationRule.toJson()).toMatchObject({ spec: { subsets: [{ name: 'v1' }] } });
    renderAhead(service.destinationRule);
    service.destinationRule.metadata.addLabel('tier', 'one');
    expect(service.destinationRule.toJson()).toMatchObject({ metadata: { labels: { tier: 'one' } } });
    renderAhead(service.destinationRule);
    service.destinationRule.addJsonPatch(JsonPatch.replace('/spec/trafficPolicy/connectionPool/tcp/maxConnections', 2));
    expect(limits(service.destinationRule.toJson())).toEqual({ tcp: { maxConnections: 2 } });
  });
});

test('a synth that failed leaves nothing behind for the next', () => {
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const root = new App({ outdir: Testing.app().outdir });
  new TrafficChecks(root, 'Checks');
  const shop = new Chart(root, 'shop', { namespace: 'shop' });
  const service = new MeshService(shop, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)] });
  service.addSubset('v1', { labels: { version: 'v1' } });
  const lost = new ApiObject(shop, 'Lost', {
    apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'lost' }, spec: { hosts: ['a.example.com'], gateways: ['none'], http: [{ redirect: { uri: '/' } }] },
  } as ApiObjectProps);
  new ApiObject(shop, 'Other', {
    apiVersion: 'networking.istio.io/v1', kind: 'Gateway', metadata: { name: 'other' }, spec: { selector: { app: 'gate' }, servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }] },
  } as ApiObjectProps);
  expect(() => root.synth()).toThrow(/unknown-gateway/);
  lost.addJsonPatch(JsonPatch.remove('/spec/gateways'));
  service.addSubset('v2', { labels: { version: 'v2' } });
  service.destinationRule.metadata.addLabel('tier', 'one');
  root.synth();
  expect(service.destinationRule.toJson()).toMatchObject({ metadata: { labels: { tier: 'one' } }, spec: { subsets: [{ name: 'v1' }, { name: 'v2' }] } });
});
