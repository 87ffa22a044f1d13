import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';
import type * as Terraform from 'cdktf';
import { App as TerraformApp, TerraformOutput, TerraformResource, TerraformStack, TerraformVariable, Testing, Token } from 'cdktf';
import type { IConstruct } from 'constructs';
import * as fc from 'fast-check';
import type { Resource } from './stack';
import { asTerraformReads, newStack, resourcesOf } from './stack';
import { steps } from '../../examples/coolstore/steps';
import { errorOf } from '../error-of';
import type { Manifest } from '../manifests';
import { CanaryRelease, MeshService, RequestPolicy, ServicePort } from 'cdk8s-istio';
import type * as Subpath from 'cdk8s-istio/cdktf';
import { manifestResource, TerraformManifests } from 'cdk8s-istio/cdktf';

const config = (scope: Chart, id: string, data: object = {}) =>
  new ApiObject(scope, id, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: id.toLowerCase() }, data });

/** The content of a stack for one chart with the objects of `make`. */
function resourcesFrom(make: (chart: Chart) => void): Resource[] {
  const chart = new Chart(new App(), 'chart', { namespace: 'shop' });
  make(chart);
  const stack = newStack();
  new TerraformManifests(stack, 'Manifests', { source: chart });
  return [...resourcesOf(stack).values()];
}

const addressOf = (resource: IConstruct) => `kubernetes_manifest.${(resource as TerraformResource).friendlyUniqueId}`;

/** The names of each object's dependencies, by its name. */
function waits(resources: ReadonlyMap<string, Resource>): { [name: string]: string[] } {
  const nameOf = (address: string) => `${resources.get(address)!.manifest.kind} ${resources.get(address)!.manifest.metadata.name}`;
  return Object.fromEntries([...resources].map(([address, { depends_on = [] }]) => [nameOf(address), depends_on.map(nameOf)]));
}

describe('a stack made from an App', () => {
  test.each(
    steps.map(({ name, build }) => ({ name, build })),
  )('contains exactly the objects of $name, each after its dependencies', ({ build }) => {
    const app = new App();
    build(app);
    const stack = newStack();
    const made = new TerraformManifests(stack, 'Manifests', { source: app });
    const resources = resourcesOf(stack);
    const text = (manifest: unknown) => JSON.stringify(manifest);
    expect([...resources.values()].map(({ manifest }) => text(asTerraformReads(manifest))).sort())
      .toEqual(app.charts.flatMap(chart => chart.toJson() as Manifest[]).map(text).sort());
    const seen = new Set<string>();
    for (const address of made.node.children.map(addressOf)) {
      const { depends_on = [] } = resources.get(address)!;
      expect(depends_on.filter(other => !seen.has(other))).toEqual([]);
      seen.add(address);
    }
  });

  test('puts the namespace before its objects, and subsets before the routes to them', () => {
    const app = new App();
    steps.find(({ name }) => name === '20-composed')!.build(app);
    const stack = newStack();
    new TerraformManifests(stack, 'Manifests', { source: app });
    expect(waits(resourcesOf(stack))).toMatchObject({
      'Namespace istioinaction': [],
      'Service catalog': ['Namespace istioinaction'],
      'Service istio-ingressgateway': [],
      'DestinationRule catalog': ['Namespace istioinaction'],
      'VirtualService catalog': ['Namespace istioinaction', 'DestinationRule catalog'],
      'VirtualService catalog-istioinaction-io': ['Namespace istioinaction', 'DestinationRule catalog'],
    });
  });

  test('is one of a provider that Terraform finds: kubernetes, by its own addresses', () => {
    const stack = newStack();
    const chart = new Chart(new App(), 'chart', { namespace: 'shop' });
    config(chart, 'Limits');
    new TerraformManifests(stack, 'Manifests', { source: chart });
    const json = JSON.parse(Testing.synth(stack, true));
    expect(json.terraform.required_providers.kubernetes.source).toBe('kubernetes');
    expect(Object.keys(json.resource)).toEqual(['kubernetes_manifest']);
    expect(Testing.fullSynth(stack)).toEqual(expect.any(String));
  });
});

describe('strings', () => {
  const read = (data: object) =>
    (asTerraformReads(resourcesFrom(chart => config(chart, 'Texts', data))[0].manifest) as { data: object }).data;

  test('that would be expressions are escaped, in keys and values', () => {
    expect(
      resourcesFrom(chart => config(chart, 'Texts', { 'plain': '${FOO} $${BAR}', '%{REQ(:path)}': ['%{if}', '$5 100% $ {'] }))[0].manifest,
    ).toMatchObject({
      data: { 'plain': '$${FOO} $$${BAR}', '%%{REQ(:path)}': ['%%{if}', '$5 100% $ {'] },
    });
  });

  test('and all other values stay unchanged', () => {
    const text = fc
      .array(fc.constantFrom('$', '%', '{', '}', '"', '\\', '\n', '~', '${', '%{', '$${', '%%{', '<<', '#{', 'a', ' '), { maxLength: 12 })
      .map(parts => parts.join(''));
    const key = text.filter(k => k !== '' && k !== '//');
    fc.assert(fc.property(fc.dictionary(key, fc.oneof(text, fc.array(text)), { noNullPrototype: true }), data => {
      expect(read(data)).toEqual(data);
    }), { numRuns: 60 });
    expect(
      read({ numbers: [0, -1, 0.1, 2 ** 53 - 1], texts: ['0123', 'true', ''], flags: [true, false], empty: {}, none: [], hollow: [{}] }),
    )
      .toEqual({
        numbers: [0, -1, 0.1, 2 ** 53 - 1],
        texts: ['0123', 'true', ''],
        flags: [true, false],
        empty: {},
        none: [],
        hollow: [{}],
      });
  });

  test('may contain tokens of the Terraform CDK', () => {
    const stack = newStack();
    const variable = new TerraformVariable(stack, 'tag', { type: 'string' });
    const chart = new Chart(new App(), 'chart', { namespace: 'shop' });
    config(chart, 'Texts', {
      tag: variable.stringValue,
      both: `\${x} ${variable.stringValue}`,
      price: `$${variable.stringValue}`,
      [variable.stringValue]: 'key',
      count: Token.asString(variable.numberValue),
    });
    new TerraformManifests(stack, 'Manifests', { source: chart });
    expect([...resourcesOf(stack).values()][0].manifest).toMatchObject({
      data: { 'tag': '${var.tag}', 'both': '$${x} ${var.tag}', 'price': '${"$"}${var.tag}', '${var.tag}': 'key', 'count': '${var.tag}' },
    });
  });
});

describe('dependencies', () => {
  const orderOf = (make: (app: App) => void) => {
    const app = new App();
    make(app);
    const stack = newStack();
    const { node } = new TerraformManifests(stack, 'Manifests', { source: app, namespace: 'shop' });
    const made = resourcesOf(stack);
    return waits(new Map(node.children.map(addressOf).map(address => [address, made.get(address)!])));
  };

  test('of objects on objects and charts on charts are kept, and order the resources', () => {
    const made = orderOf(app => {
      const last = new Chart(app, 'last');
      const first = new Chart(app, 'first');
      last.addDependency(first);
      const b = config(last, 'B');
      const c = config(last, 'C');
      config(first, 'A');
      b.addDependency(c);
    });
    expect(made).toEqual({ 'ConfigMap a': [], 'ConfigMap c': ['ConfigMap a'], 'ConfigMap b': ['ConfigMap a', 'ConfigMap c'] });
    expect(Object.keys(made)).toEqual(['ConfigMap a', 'ConfigMap c', 'ConfigMap b']);
  });

  test('of a chart on the charts in it are kept, as cdk8s orders their files', () => {
    expect(orderOf(app => {
      const outer = new Chart(app, 'outer');
      config(outer, 'Outer');
      const inner = new Chart(outer, 'inner');
      config(inner, 'One');
      config(inner, 'Two');
    })).toEqual({ 'ConfigMap one': [], 'ConfigMap two': [], 'ConfigMap outer': ['ConfigMap one', 'ConfigMap two'] });
  });

  test('in a cycle are an error that lists it', () => {
    const circle = errorOf(() => orderOf(app => {
      const chart = new Chart(app, 'chart');
      const [a, b] = [config(chart, 'A'), config(chart, 'B')];
      a.addDependency(b);
      b.addDependency(a);
    }));
    expect(circle).toBe('stack/Manifests: dependencies form a cycle: chart/A depends on chart/B (explicit dependency), '
      + 'chart/B depends on chart/A (explicit dependency); remove one of these dependencies');
  });

  test('against the order that a mesh needs are an error', () => {
    expect(errorOf(() => orderOf(app => {
      const chart = new Chart(app, 'chart', { namespace: 'shop' });
      const service = new MeshService(chart, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)] });
      service.routeDefaultTo(service.addSubset('v1', { labels: { version: 'v1' } }));
      service.destinationRule.addDependency(service.virtualService);
    }))).toContain('dependencies form a cycle: chart/Catalog/DestinationRule depends on chart/Catalog/VirtualService (explicit dependency), chart/Catalog/VirtualService depends on chart/Catalog/DestinationRule (subsets before the routes to them)');
  });

  test('on an object of another chart become dependencies on its resource in the same stack, or between stacks', () => {
    const app = new App();
    const [base, traffic] = [new Chart(app, 'base', { namespace: 'shop' }), new Chart(app, 'traffic', { namespace: 'shop' })];
    config(base, 'Base');
    config(traffic, 'Traffic');
    traffic.addDependency(base);
    const stack = newStack();
    new TerraformManifests(stack, 'Base', { source: base });
    new TerraformManifests(stack, 'Traffic', { source: traffic });
    expect(waits(resourcesOf(stack))).toEqual({ 'ConfigMap base': [], 'ConfigMap traffic': ['ConfigMap base'] });

    const terraform = new TerraformApp();
    const [one, two] = [newStack(terraform, 'one'), newStack(terraform, 'two')];
    new TerraformManifests(one, 'Base', { source: traffic.node.root.node.findChild('base') as Chart });
    new TerraformManifests(two, 'Traffic', { source: traffic });
    expect(two.dependencies.map(stackBefore => stackBefore.node.id)).toEqual(['one']);
  });

  test('on an object that is not deployed are an error', () => {
    const app = new App();
    const [base, traffic] = [new Chart(app, 'base', { namespace: 'shop' }), new Chart(app, 'traffic', { namespace: 'shop' })];
    config(traffic, 'Traffic').addDependency(config(base, 'Base'));
    expect(errorOf(() => new TerraformManifests(newStack(), 'Traffic', { source: traffic })))
      .toBe('stack/Traffic: ConfigMap \'traffic\' (traffic/Traffic) depends on ConfigMap \'base\' (base/Base), which no earlier TerraformManifests deploys; '
        + 'create the TerraformManifests of its chart first, or use the App as `source`');
  });
});

describe('what comes later', () => {
  const canary = () => {
    const chart = new Chart(new App(), 'chart', { namespace: 'shop' });
    const service = new MeshService(chart, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)] });
    const [stable, next] = ['v1', 'v2'].map(version => service.addSubset(version, { labels: { version } }));
    new CanaryRelease(chart, 'Canary', { service, stable, canary: next, canaryPercent: 10 });
    const stack = newStack();
    return { chart, service, stack, manifests: new TerraformManifests(stack, 'Manifests', { source: chart }) };
  };

  test('patches and statements are in the manifests', () => {
    const { chart, service, stack } = canary();
    service.virtualService.addJsonPatch(JsonPatch.add('/spec/exportTo', ['.']));
    new RequestPolicy(chart, 'InTime', { service, retries: { attempts: 0 } });
    const routes = [...resourcesOf(stack).values()].find(({ manifest }) => manifest.kind === 'VirtualService')!.manifest;
    expect(routes.spec).toMatchObject({ exportTo: ['.'], http: [{ retries: { attempts: 0 } }] });
  });

  test('objects are an error, because they would be missing', () => {
    const { chart, stack } = canary();
    config(chart, 'Late');
    expect(errorOf(() => resourcesOf(stack))).toContain(
      "ConfigMap 'late' (chart/Late) was created after stack/Manifests, which would not deploy it; create TerraformManifests last",
    );
  });

  test('objects that cdk8s rejects are rejected', () => {
    const { chart, stack } = canary();
    chart.node.addValidation({ validate: () => ['the chart is not finished'] });
    expect(errorOf(() => resourcesOf(stack))).toContain('the chart is not finished');
  });

  test('other resources can depend on that of an object', () => {
    const { service, stack, manifests } = canary();
    new TerraformOutput(stack, 'routes', { value: manifests.resourceFor(service.virtualService).fqn });
    expect(JSON.parse(Testing.synth(stack, true)).output.routes.value).toMatch(
      /^\$\{kubernetes_manifest\.Manifests_chart_Catalog_VirtualService_\w+\}$/,
    );
    const other = config(new Chart(new App(), 'other', { namespace: 'shop' }), 'Other');
    expect(errorOf(() => manifests.resourceFor(other))).toBe(
      "stack/Manifests: ConfigMap 'other' (other/Other) is not in the source; pass an object of chart",
    );
  });
});

describe('a namespace', () => {
  const deploy = (make: (chart: Chart) => void, options: object = {}) => {
    const chart = new Chart(new App(), 'chart');
    make(chart);
    const stack = newStack();
    new TerraformManifests(stack, 'Manifests', { source: chart, ...options });
    return [...resourcesOf(stack).values()].map(({ manifest }) => manifest.metadata.namespace);
  };

  test('is required for every namespaced object', () => {
    expect(
      errorOf(() => deploy(chart => config(chart, 'Limits'))),
    ).toContain('stack/Manifests: ConfigMap \'limits\' (chart/Limits) has no namespace, which Terraform rejects; '
      + 'set `namespace` on its chart or here, or add its kind to `clusterScopedKinds`');
    expect(deploy(chart => config(chart, 'Limits'), { namespace: 'shop' })).toEqual(['shop']);
  });

  test('is not set for cluster-scoped objects', () => {
    const issuer = (chart: Chart) => new ApiObject(chart, 'Issuer', { apiVersion: 'cert-manager.io/v1', kind: 'ClusterIssuer' });
    expect(errorOf(() => deploy(issuer))).toContain('ClusterIssuer');
    expect(deploy(issuer, { namespace: 'shop', clusterScopedKinds: ['ClusterIssuer'] })).toEqual([undefined]);
    expect(
      deploy(chart => new ApiObject(chart, 'Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }), {
        namespace: 'shop',
      }),
    ).toEqual([undefined]);
  });
});

describe('the options of resources', () => {
  const deploy = (options: object, make: (chart: Chart) => void = chart => config(chart, 'Limits')) => {
    const chart = new Chart(new App(), 'chart', { namespace: 'shop' });
    make(chart);
    const stack = newStack();
    new TerraformManifests(stack, 'Manifests', { source: chart, ...options });
    return [...resourcesOf(stack).values()][0];
  };

  test('are the field manager, computed fields, and what to wait for', () => {
    expect(deploy({
      fieldManager: { name: 'mesh', forceConflicts: true },
      optionsFor: ({ kind }: ApiObject) =>
        kind === 'ConfigMap'
          ? { computedFields: ['data.ca'], wait: { fields: { 'data.ca': '*' } }, timeouts: { create: '2m' } }
          : undefined,
    })).toMatchObject({
      field_manager: { name: 'mesh', force_conflicts: true },
      computed_fields: ['metadata.annotations', 'metadata.labels', 'data.ca'],
      wait: { fields: { 'data.ca': '*' } },
      timeouts: { create: '2m' },
    });
    expect(Object.keys(deploy({}))).toEqual(['manifest']);
  });

  test('allow one kind of wait, and two are an error', () => {
    expect(errorOf(() => deploy({ optionsFor: () => ({ wait: { rollout: true, fields: { 'data.ca': '*' } } }) })))
      .toBe('stack/Manifests: Terraform supports one kind of wait, but ConfigMap \'limits\' (chart/Limits) sets rollout and fields; set one of them');
  });

  test('never include the status of the object', () => {
    expect(
      deploy({}, chart => new ApiObject(chart, 'Limits', { apiVersion: 'v1', kind: 'ConfigMap', status: { phase: 'x' } })),
    ).not.toHaveProperty('manifest.status');
  });

  test('include the provider, if there are several', () => {
    const stack = newStack();
    const provider = new KubernetesProvider(stack, 'east', { alias: 'east' });
    const chart = new Chart(new App(), 'chart', { namespace: 'shop' });
    config(chart, 'Limits');
    new TerraformManifests(stack, 'Manifests', { source: chart, provider });
    expect([...resourcesOf(stack).values()][0].provider).toBe('kubernetes.east');
  });
});

describe('the class of the resources', () => {
  const composed = () => {
    const app = new App();
    steps.find(({ name }) => name === '20-composed')!.build(app);
    return app;
  };
  const options = {
    fieldManager: { name: 'mesh' },
    optionsFor: () => ({
      computedFields: ['spec.x'],
      wait: { condition: [{ type: 'Ready', status: 'True' }] },
      timeouts: { delete: '1m' },
    }),
  };

  test('without the bindings of a provider, as cdktn needs, renders the same', () => {
    const [prebuilt, generic] = [newStack(), newStack()];
    new TerraformManifests(prebuilt, 'Manifests', { source: composed(), ...options });
    new TerraformManifests(generic, 'Manifests', { source: composed(), ...options, resource: manifestResource({ TerraformResource }) });
    expect([...resourcesOf(generic)]).toEqual([...resourcesOf(prebuilt)]);
  });

  test('is required if the package is not installed', () => {
    jest.isolateModules(() => {
      jest.doMock('@cdktf/provider-kubernetes/lib/manifest', () => {
        throw Object.assign(new Error('not there'), { code: 'MODULE_NOT_FOUND' });
      });
      const { TerraformManifests: Fresh } = jest.requireActual<typeof Subpath>('cdk8s-istio/cdktf');
      expect(
        errorOf(() => new Fresh(newStack(), 'Manifests', { source: composed() })),
      ).toBe('stack/Manifests: the package @cdktf/provider-kubernetes is not installed; '
        + 'run `npm install cdktf@0.21.0 @cdktf/provider-kubernetes@12.1.1`, or set `resource`, such as manifestResource(cdktn)');
      jest.dontMock('@cdktf/provider-kubernetes/lib/manifest');
    });
  });

  test('is required if the stack belongs to cdktn, or to a second copy of cdktf', () => {
    jest.isolateModules(() => {
      const other = jest.requireActual<typeof Terraform>('cdktf');
      jest.resetModules();
      const { TerraformManifests: Fresh } = jest.requireActual<typeof Subpath>('cdk8s-istio/cdktf');
      const stack = new other.TerraformStack(other.Testing.app(), 'stack');
      expect(errorOf(() => new Fresh(stack, 'Manifests', { source: composed() }))).toContain(
        "the stack 'stack' belongs to cdktn, or to another copy of cdktf than that of @cdktf/provider-kubernetes",
      );
    });
  });

  test('needs a TerraformStack around it', () => {
    expect(errorOf(() => new TerraformManifests(new Chart(new App(), 'chart'), 'Manifests', { source: composed() })))
      .toBe('chart/Manifests: it is not in a TerraformStack; create it in one');
    expect(TerraformStack.isStack(newStack())).toBe(true);
  });
});
