import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { crdErrors } from '../crds';
import { find, manifests, newChart } from '../manifests';
import type { AccessLoggingProps, TracingProps } from 'cdk8s-istio';
import { AccessLogging, PolicyScope, Tracing, TracingTag, WorkloadMode } from 'cdk8s-istio';

const web = PolicyScope.workload({ app: 'web' });

let chart: Chart;
const logs = (id: string, props: AccessLoggingProps) => new AccessLogging(chart, id, props);
const traces = (id: string, props: TracingProps) => new Tracing(chart, id, props);
const telemetry = (name?: string) => find(chart, 'Telemetry', name);

beforeEach(() => {
  chart = newChart();
});

describe('access logs', () => {
  test('of a workload go to the standard output of its proxies', () => {
    logs('WebLogs', { scope: web });
    expect(telemetry()).toEqual({
      apiVersion: 'telemetry.istio.io/v1',
      kind: 'Telemetry',
      metadata: { name: 'web-logs', namespace: 'shop' },
      spec: { selector: { matchLabels: { app: 'web' } }, accessLogging: [{ providers: [{ name: 'envoy' }] }] },
    });
  });

  test('of the mesh are in the root namespace', () => {
    logs('Logs', { scope: PolicyScope.mesh(), rootNamespace: 'istio-config', providers: ['otel', 'envoy'] });
    expect(telemetry()).toMatchObject({
      metadata: { name: 'default', namespace: 'istio-config' },
      spec: { accessLogging: [{ providers: [{ name: 'otel' }, { name: 'envoy' }] }] },
    });
  });

  test('can be limited to a side of the call and to some requests', () => {
    logs('Errors', { scope: PolicyScope.namespace(), mode: WorkloadMode.CLIENT, filter: 'response.code >= 400' });
    expect(telemetry()).toMatchObject({
      metadata: { name: 'default', namespace: 'shop' },
      spec: {
        accessLogging: [{ match: { mode: 'CLIENT' }, filter: { expression: 'response.code >= 400' }, providers: [{ name: 'envoy' }] }],
      },
    });
  });

  test('are disabled with a provider, without which Istio would ignore it', () => {
    logs('Quiet', { scope: web, disabled: true });
    expect(telemetry().spec.accessLogging).toEqual([{ disabled: true, providers: [{ name: 'envoy' }] }]);
  });
});

describe('traces', () => {
  test('of the mesh go to the provider, with the share that is sampled', () => {
    traces('Tracing', { scope: PolicyScope.mesh(), provider: 'zipkin', samplingPercent: 100 });
    expect(telemetry()).toEqual({
      apiVersion: 'telemetry.istio.io/v1',
      kind: 'Telemetry',
      metadata: { name: 'default', namespace: 'istio-system' },
      spec: { tracing: [{ providers: [{ name: 'zipkin' }], randomSamplingPercentage: 100 }] },
    });
  });

  test('keep a sampling of zero, which is not the same as no sampling', () => {
    traces('Tracing', { scope: PolicyScope.namespace(), provider: 'zipkin', samplingPercent: 0 });
    expect(telemetry().spec.tracing[0].randomSamplingPercentage).toBe(0);
  });

  test('carry tags of the request, of the proxy and of the author', () => {
    traces('Tracing', {
      scope: web,
      provider: 'zipkin',
      disableSpanReporting: false,
      customTags: { team: TracingTag.literal('checkout'), zone: TracingTag.environment('ZONE', 'none'), user: TracingTag.header('x-user') },
    });
    expect(telemetry().spec.tracing).toEqual([{
      providers: [{ name: 'zipkin' }],
      disableSpanReporting: false,
      customTags: {
        team: { literal: { value: 'checkout' } },
        user: { header: { name: 'x-user' } },
        zone: { environment: { name: 'ZONE', defaultValue: 'none' } },
      },
    }]);
  });
});

describe('one scope', () => {
  test('has one Telemetry for its logs and its traces, named after the id that comes first', () => {
    traces('WebTraces', { scope: web, provider: 'zipkin' });
    logs('WebLogs', { scope: PolicyScope.workload({ app: 'web' }, 'shop') });
    expect(telemetry()).toMatchObject({ metadata: { name: 'web-logs' }, spec: { accessLogging: [{}], tracing: [{}] } });
  });

  test('is separate from its namespace and from the mesh', () => {
    logs('A', { scope: PolicyScope.mesh() });
    logs('B', { scope: PolicyScope.namespace() });
    logs('C', { scope: web });
    expect(manifests(chart).map(m => `${m.metadata.namespace}/${m.metadata.name}`)).toEqual([
      'istio-system/default',
      'shop/default',
      'shop/c',
    ]);
  });
});

describe('an error names what, the value and the repair', () => {
  test.each<[string, () => unknown, string]>([
    ['access logging twice', () => {
      logs('A', { scope: web });
      logs('X', { scope: PolicyScope.workload({ app: 'web' }, 'shop'), disabled: true });
    }, 'chart/X: accessLogging for workload app=web in namespace \'shop\' is already set by chart/A; remove one of them, or use a narrower scope'],
    ['tracing twice', () => {
      traces('A', { scope: PolicyScope.mesh(), provider: 'zipkin' });
      traces('X', { scope: PolicyScope.mesh(), provider: 'zipkin' });
    }, 'chart/X: tracing for the mesh is already set by chart/A; remove one of them, or use a narrower scope'],
    ['two names of one Telemetry', () => {
      logs('A', { scope: web, name: 'a' });
      traces('X', { scope: web, provider: 'zipkin', name: 'b' });
    }, 'chart/X: name \'b\' differs from \'a\', which chart/A sets for the Telemetry of workload app=web in namespace \'shop\'; use one name'],
    ['two root namespaces', () => {
      logs('A', { scope: web });
      traces('X', { scope: PolicyScope.mesh(), provider: 'zipkin', rootNamespace: 'istio-config' });
    }, 'chart/X: rootNamespace \'istio-config\' differs from \'istio-system\' in chart/A; use the same root namespace for all policies'],
    ['a name that Kubernetes rejects', () => logs('X', { scope: web, name: 'Web Logs' }),
      'chart/X: name \'Web Logs\' is not a valid Kubernetes name; use at most 253 lower-case letters, digits, \'-\' and \'.\''],
    [
      'no log provider',
      () => logs('X', { scope: web, providers: [] }),
      "chart/X: providers is []; use names of providers in MeshConfig, such as 'envoy'",
    ],
    ['a log provider without name', () => logs('X', { scope: web, providers: ['envoy', ''] }),
      'chart/X: providers is [\'envoy\', \'\']; use names of providers in MeshConfig, such as \'envoy\''],
    ['an empty filter', () => logs('X', { scope: web, filter: ' ' }), 'chart/X: filter is empty; set a CEL expression, or omit it'],
    ['a filter of disabled logs', () => logs('X', { scope: web, disabled: true, filter: 'true' }),
      'chart/X: filter \'true\' is set together with disabled, which logs nothing; omit one of them'],
    ['no tracing provider', () => traces('X', { scope: web, provider: '' }),
      'chart/X: provider is missing, and istiod drops tracing without it; set the name of a provider in MeshConfig'],
    [
      'a sampling of 101',
      () => traces('X', { scope: web, provider: 'zipkin', samplingPercent: 101 }),
      'chart/X: samplingPercent is 101; use a percentage from 0 to 100',
    ],
    ['an empty tag', () => traces('X', { scope: web, provider: 'zipkin', customTags: { team: TracingTag.literal('') } }),
      'chart/X: customTags[\'team\'] is empty; use a string'],
    ['a tag with an empty header', () => traces('X', { scope: web, provider: 'zipkin', customTags: { user: TracingTag.header('x user') } }),
      'chart/X: customTags[\'user\'] \'x user\' is not an HTTP header name; use letters, digits and \'-\''],
    ['a tag without name', () => traces('X', { scope: web, provider: 'zipkin', customTags: { '': TracingTag.literal('a') } }),
      'chart/X: customTags has a tag without a name; set a name'],
  ])('%s', (_, act, message) => {
    expect(act).toThrow(new Error(message));
  });

  test('two workloads whose Telemetries have one name, at synth', () => {
    logs('Logs', { scope: web });
    new AccessLogging(new Chart(chart.node.root, 'another', { namespace: 'shop' }), 'Logs', {
      scope: PolicyScope.workload({ app: 'batch' }),
    });
    expect(() => manifests(chart)).toThrow(
      "chart/Logs: the name 'logs' of a Telemetry in namespace 'shop' is already taken by another/Logs; use a different `name`",
    );
  });
});

describe('the same statements', () => {
  const statements: { readonly [id: string]: (scope: Construct, id: string) => void } = {
    MeshLogs: (scope, id) => new AccessLogging(scope, id, { scope: PolicyScope.mesh() }),
    MeshTraces: (scope, id) => new Tracing(scope, id, { scope: PolicyScope.mesh(), provider: 'zipkin' }),
    ShopLogs: (scope, id) => new AccessLogging(scope, id, { scope: PolicyScope.namespace('shop'), filter: 'true' }),
    ShopTraces: (scope, id) => new Tracing(scope, id, { scope: PolicyScope.namespace('shop'), provider: 'otel', samplingPercent: 2.5 }),
    WebTraces: (scope, id) => new Tracing(scope, id, {
      scope: PolicyScope.workload({ app: 'web', tier: 'front' }, 'shop'),
      provider: 'otel',
      customTags: {
        b: TracingTag.literal('2'),
        a: TracingTag.literal('1'),
      },
    }),
    WebLogs: (scope, id) =>
      new AccessLogging(scope, id, { scope: PolicyScope.workload({ tier: 'front', app: 'web' }, 'shop'), mode: WorkloadMode.SERVER }),
    BatchLogs: (scope, id) => new AccessLogging(scope, id, { scope: PolicyScope.workload({ app: 'batch' }, 'shop'), name: 'batch' }),
  };

  function render(ids: readonly string[], places: readonly { depth: number; chart: number }[]): string[] {
    const app = new App();
    const charts = [0, 1, 2].map(i => new Chart(app, `chart-${i}`, { namespace: 'shop' }));
    ids.forEach((id, i) => {
      let parent: Construct = charts[places[i].chart];
      for (let depth = 0; depth < places[i].depth; depth++) parent = new Construct(parent, `${id}-${depth}`);
      statements[id](parent, id);
    });
    const all = manifests(charts[0]);
    expect(all.flatMap(crdErrors)).toEqual([]);
    return all.map(m => JSON.stringify(m)).sort();
  }

  test('render the same bytes in any order, and spread over any charts', () => {
    const place = fc.record({ depth: fc.nat({ max: 2 }), chart: fc.nat({ max: 2 }) });
    const plan = fc.shuffledSubarray(Object.keys(statements), { minLength: 1 })
      .chain(ids => fc.tuple(fc.constant(ids), fc.array(place, { minLength: ids.length, maxLength: ids.length })));
    fc.assert(fc.property(plan, ([ids, places]) => {
      // A construct is named after its path below the chart.
      const depths = new Map(ids.map((id, i) => [id, places[i].depth]));
      expect(render(ids, places)).toEqual(
        render(
          [...ids].sort(),
          ids.map((_, i) => ({ depth: depths.get([...ids].sort()[i])!, chart: 0 })),
        ),
      );
    }), { numRuns: 200 });
  });
});
