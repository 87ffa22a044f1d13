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
  new TrafficRoute(service, 'Items', {
    service,
    target: zone,
    matches: [{ uri: StringMatch.exact('/items'), headers: { 'x-b': StringMatch.exact('1'), 'x-a': StringMatch.present() } }],
  });
  return [service.destinationRule, service.virtualService];
}

describe('objects render as cdk8s itself would render them', () => {
  const text = (list: readonly ApiObject[]) => list.map(object => JSON.stringify(object.toJson()));

  test('with and without plain rendering', () => {
    const ours = text(objects());
    process.env.CDK8S_ISTIO_RENDER_BY_CDK8S = '1';
    try {
      expect(text(objects())).toEqual(ours);
    } finally {
      delete process.env.CDK8S_ISTIO_RENDER_BY_CDK8S;
    }
  });

  test('by the resolvers of the App', () => {
    const [rule] = objects({
      resolvers: [
        {
          resolve: context => {
            if (context.value === 'catalog.shop.svc.cluster.local') context.replaceValue('elsewhere');
          },
        },
      ],
    });
    expect(rule.toJson()).toMatchObject({ spec: { host: 'elsewhere' } });
  });

  test('with the keys of every object in order', () => {
    const [rule] = objects();
    expect(JSON.stringify(rule.toJson())).toContain('"subsets":[{"labels":{"app":"a","zone":"b"},"name":"v1"}],"trafficPolicy"');
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
  ])('with %s that is added', (_what, add, added) => {
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

  test('with statements, patches and labels that come after they were rendered', () => {
    const [rule] = objects();
    rule.toJson();
    rule.metadata.addLabel('tier', 'one');
    rule.addJsonPatch(JsonPatch.replace('/spec/trafficPolicy/connectionPool/tcp/maxConnections', 2));
    expect(rule.toJson()).toMatchObject({
      metadata: { labels: { tier: 'one' } },
      spec: { trafficPolicy: { connectionPool: { tcp: { maxConnections: 2 } } } },
    });
  });
});
