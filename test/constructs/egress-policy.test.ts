import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { crdErrors } from '../crds';
import type { Manifest } from '../manifests';
import { find, manifests, newChart } from '../manifests';
import type { EgressPolicyProps } from 'cdk8s-istio';
import {
  EgressPolicy,
  EgressTarget,
  ExternalDependency,
  MeshService,
  OutboundTrafficMode,
  PolicyScope,
  Resolution,
  ServicePort,
} from 'cdk8s-istio';

const { REGISTRY_ONLY, ALLOW_ANY } = OutboundTrafficMode;
const web = PolicyScope.workload({ app: 'web' });

let chart: Chart;
const policy = (id: string, props: EgressPolicyProps) => new EgressPolicy(chart, id, props);
const sidecar = (name?: string) => find(chart, 'Sidecar', name);
const hosts = (manifest: Manifest) => manifest.spec.egress?.[0].hosts;

beforeEach(() => {
  chart = newChart();
});

describe('one scope', () => {
  test('REGISTRY_ONLY for the mesh blocks unknown hosts and leaves every service reachable', () => {
    policy('Lockdown', { scope: PolicyScope.mesh(), mode: REGISTRY_ONLY });
    expect(sidecar()).toEqual({
      apiVersion: 'networking.istio.io/v1',
      kind: 'Sidecar',
      metadata: { name: 'default', namespace: 'istio-system' },
      spec: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } },
    });
  });

  test('a list of targets allows calls to these, to the own and to the root namespace', () => {
    const catalog = new MeshService(chart, 'Catalog', { name: 'catalog', namespace: 'stock', ports: [ServicePort.http(80)] });
    const payments = new ExternalDependency(chart, 'Payments', {
      hosts: ['b.example.net', 'a.example.net'],
      ports: [ServicePort.tls(443)],
      resolution: Resolution.DNS,
      namespace: 'out',
    });
    policy('Allow', {
      scope: PolicyScope.namespace(),
      allow: [
        EgressTarget.service(catalog),
        EgressTarget.dependency(payments),
        EgressTarget.namespace('data'),
        EgressTarget.namespace('data'),
      ],
    });
    expect(sidecar()).toMatchObject({
      metadata: { name: 'default', namespace: 'shop' },
      spec: {
        egress: [
          { hosts: ['./*', 'istio-system/*', 'data/*', 'out/a.example.net', 'out/b.example.net', 'stock/catalog.stock.svc.cluster.local'] },
        ],
      },
    });
    // An empty outboundTrafficPolicy would mean REGISTRY_ONLY.
    expect(sidecar().spec).not.toHaveProperty('outboundTrafficPolicy');
  });

  test('a host in a listed namespace is listed once, because Istio warns about the second', () => {
    const catalog = new MeshService(chart, 'Catalog', { name: 'catalog', namespace: 'stock', ports: [ServicePort.http(80)] });
    const own = new MeshService(chart, 'Own', { name: 'own', ports: [ServicePort.http(80)] });
    policy('Allow', {
      scope: PolicyScope.namespace(),
      allow: [
        EgressTarget.service(catalog),
        EgressTarget.namespace('stock'),
        EgressTarget.service(own),
        EgressTarget.namespace('istio-system'),
      ],
    });
    policy('Root', { scope: PolicyScope.workload({ app: 'web' }, 'istio-system'), allow: [EgressTarget.service(own)] });
    expect(hosts(sidecar('default'))).toEqual(['./*', 'istio-system/*', 'stock/*']);
    expect(hosts(sidecar('root'))).toEqual(['./*', 'shop/own.shop.svc.cluster.local']);
  });

  test('several policies become one Sidecar, with their lists joined', () => {
    policy('A', { scope: PolicyScope.namespace('shop'), mode: REGISTRY_ONLY, allow: [EgressTarget.namespace('b')] });
    policy('B', { scope: PolicyScope.namespace(), mode: REGISTRY_ONLY });
    policy('C', { scope: PolicyScope.namespace(), allow: [EgressTarget.namespace('a'), EgressTarget.namespace('b')] });
    expect(sidecar().spec).toEqual({
      outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
      egress: [{ hosts: ['./*', 'istio-system/*', 'a/*', 'b/*'] }],
    });
  });

  test('the order of labels of a workload does not matter', () => {
    policy('Later', { scope: PolicyScope.workload({ app: 'web', tier: 'front' }), mode: ALLOW_ANY });
    policy('EarlierInTheAlphabet', {
      scope: PolicyScope.workload({ tier: 'front', app: 'web' }, 'shop'),
      allow: [EgressTarget.namespace('data')],
    });
    expect(sidecar()).toMatchObject({
      metadata: { name: 'earlier-in-the-alphabet', namespace: 'shop' },
      spec: { workloadSelector: { labels: { app: 'web', tier: 'front' } }, outboundTrafficPolicy: { mode: 'ALLOW_ANY' } },
    });
  });

  test('the name of any policy is the name of the Sidecar', () => {
    policy('A', { scope: web, mode: ALLOW_ANY });
    policy('B', { scope: web, mode: ALLOW_ANY, name: 'web-egress' });
    expect(sidecar().metadata.name).toBe('web-egress');
  });

  test('another root namespace replaces istio-system', () => {
    policy('Mesh', { scope: PolicyScope.mesh(), mode: REGISTRY_ONLY, rootNamespace: 'istio-config' });
    policy('Shop', { scope: PolicyScope.namespace(), allow: [EgressTarget.namespace('data')], rootNamespace: 'istio-config' });
    const [mesh, shop] = manifests(chart);
    expect(mesh.metadata.namespace).toBe('istio-config');
    expect(shop.spec).toEqual({
      outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
      egress: [{ hosts: ['./*', 'istio-config/*', 'data/*'] }],
    });
  });
});

describe('a narrower scope, which Istio does not merge with the wider one', () => {
  test('keeps the mode of the mesh if it sets only a list', () => {
    policy('Allow', { scope: PolicyScope.namespace(), allow: [EgressTarget.namespace('data')] });
    policy('Lockdown', { scope: PolicyScope.mesh(), mode: REGISTRY_ONLY });
    expect(manifests(chart).find(m => m.metadata.namespace === 'shop')!.spec.outboundTrafficPolicy).toEqual({ mode: 'REGISTRY_ONLY' });
  });

  test('keeps the lists of all wider scopes, and its own mode wins', () => {
    policy('Mesh', { scope: PolicyScope.mesh(), mode: REGISTRY_ONLY, allow: [EgressTarget.namespace('dns')] });
    policy('Namespace', { scope: PolicyScope.namespace(), allow: [EgressTarget.namespace('data')] });
    policy('Web', { scope: web, mode: ALLOW_ANY });
    expect(sidecar('web').spec).toEqual({
      workloadSelector: { labels: { app: 'web' } },
      outboundTrafficPolicy: { mode: 'ALLOW_ANY' },
      egress: [{ hosts: ['./*', 'istio-system/*', 'data/*', 'dns/*'] }],
    });
    const shop = manifests(chart).find(m => m.metadata.namespace === 'shop' && m.metadata.name === 'default')!;
    expect(shop.spec.outboundTrafficPolicy).toEqual({ mode: 'REGISTRY_ONLY' });
    expect(hosts(shop)).toEqual(['./*', 'istio-system/*', 'data/*', 'dns/*']);
  });

  test('keeps the mode of the mesh although its namespace sets none', () => {
    policy('Mesh', { scope: PolicyScope.mesh(), mode: REGISTRY_ONLY });
    policy('Web', { scope: web, allow: [EgressTarget.namespace('data')] });
    expect(sidecar('web').spec.outboundTrafficPolicy).toEqual({ mode: 'REGISTRY_ONLY' });
  });

  test('is not affected by another namespace or workload', () => {
    policy('Elsewhere', { scope: PolicyScope.namespace('stock'), mode: REGISTRY_ONLY, allow: [EgressTarget.namespace('data')] });
    policy('Batch', { scope: PolicyScope.workload({ app: 'batch' }), allow: [EgressTarget.namespace('queue')] });
    policy('Web', { scope: web, mode: ALLOW_ANY });
    expect(sidecar('web').spec).toEqual({ workloadSelector: { labels: { app: 'web' } }, outboundTrafficPolicy: { mode: 'ALLOW_ANY' } });
  });

  test('leaves every service reachable if no scope sets a list', () => {
    policy('Mesh', { scope: PolicyScope.mesh(), mode: REGISTRY_ONLY });
    policy('Web', { scope: web, mode: ALLOW_ANY });
    expect(sidecar('web').spec).not.toHaveProperty('egress');
  });
});

describe('an error names what, the value and the repair', () => {
  test.each<[string, () => unknown, string]>([
    ['two modes on one scope', () => {
      policy('A', { scope: web, mode: REGISTRY_ONLY });
      policy('X', { scope: PolicyScope.workload({ app: 'web' }, 'shop'), mode: ALLOW_ANY });
    }, 'chart/X: mode ALLOW_ANY for workload app=web in namespace \'shop\' differs from REGISTRY_ONLY, which chart/A sets; use one mode '
      + 'per scope, or narrow one of the scopes'],
    ['two names on one scope', () => {
      policy('A', { scope: web, mode: ALLOW_ANY, name: 'a' });
      policy('X', { scope: web, mode: ALLOW_ANY, name: 'b' });
    }, 'chart/X: name \'b\' differs from \'a\', which chart/A sets for the Sidecar of workload app=web in namespace \'shop\'; use one name'],
    ['two root namespaces', () => {
      policy('A', { scope: PolicyScope.mesh(), mode: REGISTRY_ONLY });
      policy('X', { scope: web, mode: ALLOW_ANY, rootNamespace: 'istio-config' });
    }, 'chart/X: rootNamespace \'istio-config\' differs from \'istio-system\' in chart/A; use the same root namespace for all policies'],
    ['neither mode nor callers', () => policy('X', { scope: web }), 'chart/X: mode and allow are both missing; set at least one'],
    ['an empty list', () => policy('X', { scope: web, allow: [] }),
      'chart/X: allow is an empty list, which has no effect; omit it to allow every service, or add the namespace of the workloads'],
    ['a target with an invalid namespace', () => policy('X', { scope: web, allow: [EgressTarget.namespace('*')] }),
      'chart/X: EgressTarget.namespace \'*\' is not a DNS label; use at most 63 lower-case letters, digits and \'-\', starting and ending with a letter or digit'],
    ['the root namespace as a namespace', () => policy('X', { scope: PolicyScope.namespace('istio-system'), mode: ALLOW_ANY }),
      'chart/X: the scope is the root namespace \'istio-system\', whose policies apply to the whole mesh; use PolicyScope.mesh(), or a workload in that namespace'],
    ['a workload without labels', () => policy('X', { scope: PolicyScope.workload({}), mode: ALLOW_ANY }),
      'chart/X: labels of the scope is empty; add at least one label'],
    ['an id that is not a valid name', () => policy('Ü', { scope: web, mode: ALLOW_ANY }),
      'chart/Ü: name \'\' is not a valid Kubernetes name; use at most 253 lower-case letters, digits, \'-\' and \'.\''],
  ])('%s', (_, act, message) => {
    expect(act).toThrow(new Error(message));
  });

  test('no namespace', () => {
    const bare = new Chart(new App(), 'chart');
    expect(() => new EgressPolicy(bare, 'X', { scope: PolicyScope.namespace(), mode: ALLOW_ANY }))
      .toThrow(new Error('chart/X: the scope \'namespace\' has no namespace; set it in the scope or on the chart'));
  });

  test('two workloads whose Sidecars have one name, at synth', () => {
    policy('Web', { scope: web, mode: ALLOW_ANY });
    new EgressPolicy(new Chart(chart.node.root, 'another', { namespace: 'shop' }), 'Web', {
      scope: PolicyScope.workload({ app: 'batch' }),
      mode: ALLOW_ANY,
    });
    expect(() => manifests(chart)).toThrow(
      "chart/Web: the name 'web' of a Sidecar in namespace 'shop' is already taken by another/Web; use a different `name`",
    );
  });

  test('two workloads of which one has all pods of the other, at synth', () => {
    policy('Web', { scope: web, mode: ALLOW_ANY });
    policy('Front', { scope: PolicyScope.workload({ app: 'web', tier: 'front' }), mode: REGISTRY_ONLY });
    expect(() => manifests(chart)).toThrow('chart/Web: workload app=web in namespace \'shop\' shares pods with workload app=web, '
      + 'tier=front in namespace \'shop\', which chart/Front applies to, and Istio applies only the older of two Sidecars; use labels '
      + 'that do not select the same pods, or one scope');
  });
});

describe('the same statements', () => {
  const scopes: (() => PolicyScope)[] = [
    () => PolicyScope.mesh(), () => PolicyScope.namespace('shop'), () => PolicyScope.namespace('stock'), () => PolicyScope.workload(
      { app: 'web', tier: 'front' },
      'shop',
    ),
    () => PolicyScope.workload({ tier: 'front', app: 'web' }, 'shop'), () => PolicyScope.workload({ app: 'batch' }, 'shop'),
  ];
  const statement = fc.record({
    scope: fc.nat({ max: scopes.length - 1 }),
    restricted: fc.boolean(),
    allow: fc.array(fc.constantFrom('data', 'queue', 'dns', 'shop'), { maxLength: 3 }),
  }).filter(s => s.restricted || s.allow.length > 0);
  type Statement = typeof statement extends fc.Arbitrary<infer T> ? T : never;

  /** Ids stay with their statements. Objects are compared by place and name, because each is in the chart of the first statement. */
  function render(statements: readonly (Statement & { id: string; depth: number; chart: number })[]): string[] {
    const app = new App();
    const charts = [0, 1, 2].map(i => new Chart(app, `chart-${i}`, { namespace: 'shop' }));
    for (const { id, scope, restricted, allow, depth, chart: at } of statements) {
      let parent: Construct = charts[at];
      for (let i = 0; i < depth; i++) parent = new Construct(parent, `${id}-${i}`);
      new EgressPolicy(parent, id, {
        scope: scopes[scope](),
        mode: restricted ? REGISTRY_ONLY : undefined,
        allow: allow.length > 0 ? allow.map(EgressTarget.namespace) : undefined,
      });
    }
    const all = manifests(charts[0]);
    expect(all.flatMap(crdErrors)).toEqual([]);
    return all.map(m => JSON.stringify(m)).sort();
  }

  test('render the same bytes in any order, and spread over any charts', () => {
    const statements = fc.array(fc.tuple(statement, fc.nat({ max: 2 })), { minLength: 1, maxLength: 7 }).chain(list => {
      // A construct is named after its path below the chart, so that its depth stays.
      const named = list.map(([s, depth], i) => ({ ...s, id: `Policy${i}`, depth, chart: 0 }));
      const moved = fc.tuple(...named.map(s => fc.nat({ max: 2 }).map(at => ({ ...s, chart: at }))));
      return fc.tuple(fc.constant(named), moved.chain(m => fc.shuffledSubarray(m, { minLength: m.length })));
    });
    fc.assert(fc.property(statements, ([plain, moved]) => {
      expect(render(moved)).toEqual(render(plain));
    }), { numRuns: 200 });
  });
});
