import type { ApiObject, IResolver } from 'cdk8s';
import { App, Chart, JsonPatch } from 'cdk8s';
import { CircuitBreakerPolicy, MeshService, ServicePort, StringMatch, TrafficRoute } from 'cdk8s-istio';

interface Options {
  readonly labels?: { [key: string]: string };
  readonly resolvers?: IResolver[];
}

function objects({ labels, resolvers }: Options = {}): ApiObject[] {
  const chart = new Chart(new App({ resolvers }), 'test', { namespace: 'shop', labels });
  const service = new MeshService(chart, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)] });
  const zone = service.addSubset('v1', { labels: { zone: 'b', app: 'a' } });
  new CircuitBreakerPolicy(service, 'Breaker', { service, connectionPool: { maxConnections: 1, maxRetries: 2 } });
  new TrafficRoute(service, 'Items', { service, target: zone, matches: [{ uri: StringMatch.exact('/items'), headers: { 'x-b': StringMatch.exact('1'), 'x-a': StringMatch.present() } }] });
  return [service.destinationRule, service.virtualService];
}

/** A resolver of the App's own, which changes nothing, makes cdk8s render every value itself. */
const NOTHING: IResolver = { resolve: () => {} };

describe('objects render as cdk8s itself would render them', () => {
  const text = (list: readonly ApiObject[]) => list.map(object => JSON.stringify(object.toJson()));

  test('with nothing added', () => {
    expect(text(objects())).toEqual(text(objects({ resolvers: [NOTHING] })));
  });

  test('with labels of the chart', () => {
    const [rule] = objects({ labels: { team: 'web' } });
    expect(rule.toJson().metadata).toEqual({ labels: { team: 'web' }, name: 'catalog', namespace: 'shop' });
  });

  test.each<[string, (object: ApiObject) => void, object]>([
    ['a label', object => object.metadata.addLabel('team', 'web'), { labels: { team: 'web' } }],
    ['an annotation', object => object.metadata.addAnnotation('note', 'x'), { annotations: { note: 'x' } }],
    ['a finalizer', object => object.metadata.addFinalizers('wait'), { finalizers: ['wait'] }],
    ['a field of its own', object => object.metadata.add('generateName', 'x'), { generateName: 'x' }],
    ['a patch', object => object.addJsonPatch(JsonPatch.add('/metadata/generateName', 'x')), { generateName: 'x' }],
  ])('with %s that somebody adds', (_what, add, added) => {
    for (const object of objects()) {
      add(object);
      expect(object.toJson().metadata).toEqual({ name: 'catalog', namespace: 'shop', ...added });
    }
  });

  test('with an owner', () => {
    const [rule] = objects();
    rule.metadata.addOwnerReference({ apiVersion: 'v1', kind: 'Service', name: 'catalog', uid: '1' });
    expect(rule.toJson().metadata.ownerReferences).toEqual([{ apiVersion: 'v1', kind: 'Service', name: 'catalog', uid: '1' }]);
  });
});
