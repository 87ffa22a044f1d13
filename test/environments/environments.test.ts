import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart, Duration } from 'cdk8s';
import { errorOf } from '../error-of';
import type { Manifest } from '../manifests';
import { find } from '../manifests';
import type { MeshEnvironmentOptions, MeshEnvironmentsProps } from 'cdk8s-istio';
import {
  CanaryRelease,
  DarkLaunch,
  EgressGateway,
  IngressGateway,
  MeshEnvironment,
  MeshEnvironments,
  MeshService,
  OutboundTrafficMode,
  ServicePort,
  StringMatch,
} from 'cdk8s-istio';

const outdir = mkdtempSync(join(tmpdir(), 'environments-'));
afterAll(() => rmSync(outdir, { recursive: true }));

const dev: MeshEnvironmentOptions = { name: 'dev', namespace: 'shop', settings: { canaryPercent: 50 } };
const staging: MeshEnvironmentOptions = { name: 'staging', namespace: 'shop', settings: { canaryPercent: 20 } };
const prod: MeshEnvironmentOptions = { name: 'prod', namespace: 'shop', settings: { canaryPercent: 5 } };

/** A chart that does not depend on the names of environments. */
function shop(environment: MeshEnvironment): Chart {
  const chart = new Chart(environment, 'shop', { namespace: environment.namespace });
  const service = new MeshService(chart, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)] });
  const [stable, canary] = ['v1', 'v2'].map(version => service.addSubset(version, { labels: { version } }));
  new CanaryRelease(chart, 'Canary', { service, stable, canary, canaryPercent: environment.number('canaryPercent') });
  if (environment.flag('darkLaunch')) {
    new DarkLaunch(chart, 'Internal', { service, target: canary, matches: [{ headers: { 'x-cohort': StringMatch.exact('internal') } }] });
  }
  return chart;
}

let folders = 0;
function write(props: Partial<MeshEnvironmentsProps> = {}): { readonly [file: string]: string } {
  const folder = join(outdir, String(folders++));
  const made = new MeshEnvironments({ environments: [dev, staging, prod], settings: { darkLaunch: false }, ...props, outdir: folder });
  made.selected.forEach(shop);
  made.synth();
  const files = (readdirSync(folder, { recursive: true }) as string[]).filter(file => statSync(join(folder, file)).isFile());
  return Object.fromEntries(files.map(file => [file.replace(/\\/g, '/'), readFileSync(join(folder, file), 'utf8')]));
}

const environment = (options: Partial<MeshEnvironmentOptions> = {}) =>
  new MeshEnvironment({ name: 'staging', namespace: 'shop', ...options });

describe('one synth', () => {
  test('writes every environment into its own folder', () => {
    const files = write();
    expect(Object.keys(files).sort()).toEqual(['dev/shop.k8s.yaml', 'prod/shop.k8s.yaml', 'staging/shop.k8s.yaml']);
    expect(files['prod/shop.k8s.yaml']).toContain('weight: 5\n');
    expect(files['dev/shop.k8s.yaml']).toContain('weight: 50\n');
  });

  test('changes only the folder of the environment whose canary percentage changes', () => {
    const [before, after] = [write(), write({ environments: [dev, { ...staging, settings: { canaryPercent: 30 } }, prod] })];
    expect(Object.keys(after)).toEqual(Object.keys(before));
    expect(Object.keys(before).filter(file => before[file] !== after[file])).toEqual(['staging/shop.k8s.yaml']);
    expect(after['staging/shop.k8s.yaml']).toBe(
      before['staging/shop.k8s.yaml'].replaceAll('weight: 80', 'weight: 70').replaceAll('weight: 20', 'weight: 30'),
    );
  });

  test('writes the same files in any order of environments', () => {
    expect(write({ environments: [prod, dev, staging] })).toEqual(write());
  });

  test('writes one environment, with the same files as together with the others', () => {
    const all = write();
    expect(write({ only: ['prod'] })).toEqual({ 'prod/shop.k8s.yaml': all['prod/shop.k8s.yaml'] });
    process.env.MESH_ENVIRONMENTS = 'prod, dev';
    expect(Object.keys(write()).sort()).toEqual(['dev/shop.k8s.yaml', 'prod/shop.k8s.yaml']);
    process.env.MESH_ENVIRONMENTS = '';
    expect(Object.keys(write())).toHaveLength(3);
    delete process.env.MESH_ENVIRONMENTS;
    expect(errorOf(() => write({ only: ['production'] }))).toBe(
      "MeshEnvironments: there is no environment 'production'; use dev, staging, prod",
    );
  });
});

describe('settings', () => {
  test('shared by all environments apply unless one overrides them', () => {
    const files = write({
      settings: { darkLaunch: true },
      environments: [dev, { ...prod, settings: { ...prod.settings, darkLaunch: false } }],
    });
    expect(files['dev/shop.k8s.yaml']).toContain('internal');
    expect(files['prod/shop.k8s.yaml']).not.toContain('internal');
  });

  test('are read by type', () => {
    const made = environment({
      settings: {
        percent: 5,
        name: 'catalog',
        versions: ['v1', 'v2'],
        on: false,
        timeout: Duration.seconds(2),
        limits: { maxConnections: 1 },
      },
    });
    expect([
      made.number('percent'),
      made.text('name'),
      made.texts('versions'),
      made.flag('on'),
      made.duration('timeout').toSeconds(),
      made.value('limits'),
    ])
      .toEqual([5, 'catalog', ['v1', 'v2'], false, 2, { maxConnections: 1 }]);
  });

  test.each<[string, (e: MeshEnvironment) => unknown, string]>([
    [
      'a missing one',
      e => e.number('canaryPercent'),
      "it has no setting 'canaryPercent'; add it to its `settings`, or to the shared ones (existing settings: list, text)",
    ],
    ['a name that every object has', e => e.value('constructor'), 'it has no setting \'constructor\''],
    ['a string for a number', e => e.number('text'), 'the setting \'text\' is \'10\'; use a number'],
    ['a list for a string', e => e.text('list'), 'the setting \'list\' is ["v1",2]; use a string'],
    ['a number among strings', e => e.texts('list'), 'the setting \'list\' is ["v1",2]; use a list of strings'],
    ['a string for a flag', e => e.flag('text'), 'the setting \'text\' is \'10\'; use true or false'],
    ['a string for a Duration', e => e.duration('text'), 'the setting \'text\' is \'10\'; use a Duration, such as Duration.seconds(5)'],
  ])('reject %s, and name environment and key', (_, read, message) => {
    expect(errorOf(() => read(environment({ settings: { text: '10', list: ['v1', 2] } })))).toContain(`environment 'staging': ${message}`);
  });

  test('that only one environment has are missing in the other, or misspelled', () => {
    expect(errorOf(() => write({ environments: [dev, { ...staging, settings: {} }, prod] })))
      .toBe('environment \'staging\': it has no setting \'canaryPercent\', which environment \'dev\' has; add it to this environment too, or to the shared `settings`');
    expect(errorOf(() => write({ environments: [{ ...staging, settings: { canaryPercnt: 20 } }, prod], settings: { canaryPercent: 10 } })))
      .toBe('environment \'prod\': it has no setting \'canaryPercnt\', which environment \'staging\' has; add it to this environment too, or to the shared `settings`');
  });

  test('that are undefined count as missing', () => {
    expect(
      write({ environments: [{ ...dev, settings: { canaryPercent: undefined } }], settings: { canaryPercent: 30, darkLaunch: false } })[
        'dev/shop.k8s.yaml'
      ],
    ).toContain('weight: 30\n');
  });
});

describe('an environment', () => {
  test('is available to every construct in it', () => {
    const chart = new Chart(environment({ settings: { x: 1 } }), 'chart');
    expect(MeshEnvironment.around(chart).number('x')).toBe(1);
    expect(errorOf(() => MeshEnvironment.around(new Chart(new App(), 'chart')))).toBe(
      'chart: it is not in a MeshEnvironment; create its chart in one instead of in an App',
    );
  });

  test('passes the domain of its cluster to its services', () => {
    const made = environment({ clusterDomain: 'prod.example.internal' });
    const chart = new Chart(made, 'chart', { namespace: made.namespace });
    const ports = [ServicePort.http(80)];
    expect([
      new MeshService(chart, 'A', { name: 'a', ports }).host, MeshService.fromName(
        chart,
        'B',
        { name: 'b', port: 80 },
      ).host, new EgressGateway(chart, 'Egress').host,
      new MeshService(
        chart,
        'C',
        { name: 'c', ports, clusterDomain: 'cluster.local' },
      ).host, made.clusterDomain, environment().clusterDomain,
    ]).toEqual([
      'a.shop.svc.prod.example.internal', 'b.shop.svc.prod.example.internal', 'istio-egressgateway.istio-system.svc.prod.example.internal',
      'c.shop.svc.cluster.local', 'prod.example.internal', 'cluster.local',
    ]);
  });

  test('has properties: public hosts, gateway, calls to unknown hosts, Istio version', () => {
    const made = environment({
      publicHostSuffix: 'dev.example.com',
      egressMode: OutboundTrafficMode.REGISTRY_ONLY,
      istioVersion: '1.29.2',
      gateway: { selector: { istio: 'edge' } },
    });
    expect([made.environmentName, made.namespace, made.publicHost('shop'), made.egressMode, made.istioVersion]).toEqual([
      'staging',
      'shop',
      'shop.dev.example.com',
      'REGISTRY_ONLY',
      '1.29.2',
    ]);
    expect(['1.29', '1.29.2', '1.29.3', '1.30', '1.9'].map(version => made.isIstioAtLeast(version))).toEqual([
      true,
      true,
      false,
      false,
      true,
    ]);
    const chart = new Chart(made, 'chart', { namespace: made.namespace });
    const gateway = new IngressGateway(chart, 'Gateway', made.gateway);
    expect(gateway.gateway.toJson()).toMatchObject({ spec: { selector: { istio: 'edge' } } });
    expect(environment().gateway).toEqual({});
  });

  test.each<[string, () => unknown, string]>([
    [
      'no public suffix',
      () => environment().publicHost('shop'),
      "environment 'staging': it has no publicHostSuffix; set `publicHostSuffix` of the environment",
    ],
    ['no mode', () => environment().egressMode, 'environment \'staging\': it has no egressMode'],
    ['no version', () => environment().isIstioAtLeast('1.29'), 'environment \'staging\': it has no istioVersion'],
    [
      'a bad public host',
      () => environment({ publicHostSuffix: 'example.com' }).publicHost('Shop'),
      "environment 'staging': the public host 'Shop.example.com' is not a host name",
    ],
    [
      'a name that is not a folder name',
      () => environment({ name: '../prod' }),
      "environment '../prod': name '../prod' is not a DNS label",
    ],
    ['a bad namespace', () => environment({ namespace: 'Shop' }), 'namespace \'Shop\' is not a DNS label'],
    ['a bad domain', () => environment({ clusterDomain: 'local' }), 'clusterDomain \'local\' has no dot'],
    [
      'a suffix with a dot before it',
      () => environment({ publicHostSuffix: '.example.com' }),
      "publicHostSuffix '.example.com' is not a host name",
    ],
    [
      'an invalid Istio version',
      () => environment({ istioVersion: 'v1.29' }),
      "istioVersion 'v1.29' is not an Istio version; use the form 1.29 or 1.29.2",
    ],
    [
      'an Istio version without the v1 APIs',
      () => environment({ istioVersion: '1.21' }),
      "environment 'staging': istioVersion '1.21' is older than 1.22, the first version with networking.istio.io/v1; use 1.22 or newer",
    ],
    [
      'a version to compare with',
      () => environment({ istioVersion: '1.29' }).isIstioAtLeast('2'),
      "environment 'staging': version '2' is not an Istio version",
    ],
    ['no environments', () => write({ environments: [] }), 'MeshEnvironments: environments is empty'],
    [
      'two of one name',
      () => write({ environments: [dev, dev] }),
      "MeshEnvironments: two environments have the name 'dev'; use different names",
    ],
  ])('rejects %s', (_, act, message) => {
    expect(errorOf(act)).toContain(message);
  });

  test('keeps its objects separate from those of the others', () => {
    const [one, other] = [
      environment({ settings: { canaryPercent: 5, darkLaunch: false } }),
      environment({ name: 'prod', settings: { canaryPercent: 6, darkLaunch: false } }),
    ];
    const weights = ({ spec }: Manifest) => spec.http[0].route.map(({ weight }: { weight: number }) => weight);
    expect([shop(one), shop(other)].map(chart => weights(find(chart, 'VirtualService')))).toEqual([[95, 5], [94, 6]]);
  });

  test('is in the folder of cdk8s synth', () => {
    const { CDK8S_OUTDIR } = process.env;
    process.env.CDK8S_OUTDIR = 'somewhere';
    expect(environment().outdir).toBe(join('somewhere', 'staging'));
    delete process.env.CDK8S_OUTDIR;
    expect(environment().outdir).toBe(join('dist', 'staging'));
    if (CDK8S_OUTDIR !== undefined) process.env.CDK8S_OUTDIR = CDK8S_OUTDIR;
  });
});
