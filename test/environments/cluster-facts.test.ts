import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { errorOf } from '../error-of';
import { find } from '../manifests';
import type { MeshEnvironmentOptions } from 'cdk8s-istio';
import {
  ClusterFacts, EgressPolicy, IngressGateway, MeshEnvironment, MeshService, OutboundTrafficMode, PolicyScope, PublicHost, ServicePort,
  TrafficChecks,
} from 'cdk8s-istio';
import { Mesh } from 'cdk8s-istio/jest';

const folder = mkdtempSync(join(tmpdir(), 'environment-facts-'));
afterAll(() => rmSync(folder, { recursive: true }));

const FIELDS = {
  istioVersion: '1.30',
  clusterDomain: 'corp.internal',
  rootNamespace: 'mesh-root',
  meshConfig: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } },
  gateways: [{ name: 'edge', namespace: 'edge', labels: { istio: 'edge' }, ports: [80] }],
  services: [{ name: 'catalog', namespace: 'shop', ports: [80] }, { name: 'payments', namespace: 'billing', ports: [80] }],
};

/** A service that a gateway of the cluster exposes. */
function shop(options: Partial<MeshEnvironmentOptions> = {}, labels: { readonly [key: string]: string } = { istio: 'edge' }) {
  const environment = new MeshEnvironment({
    name: 'prod',
    namespace: 'shop',
    clusterFacts: ClusterFacts.of(FIELDS),
    ...options,
    outdir: folder,
  });
  const checks = new TrafficChecks(environment, 'Checks', { complete: true });
  const chart = new Chart(environment, 'shop', { namespace: environment.namespace });
  const catalog = new MeshService(chart, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)] });
  catalog.exposeVia(
    new PublicHost(chart, 'Host', {
      gateway: new IngressGateway(chart, 'Gateway', { namespace: 'edge', selector: labels }),
      host: 'shop.example.com',
    }),
  );
  return { environment, checks, chart };
}

describe('the facts of an environment, set once,', () => {
  test('give constructs the domain, the root namespace and the version', () => {
    const { environment, chart } = shop();
    new EgressPolicy(chart, 'Mesh', { scope: PolicyScope.mesh(), mode: OutboundTrafficMode.ALLOW_ANY });
    expect(find(chart, 'Sidecar').metadata.namespace).toBe('mesh-root');
    expect([environment.istioVersion, environment.isIstioAtLeast('1.30'), environment.clusterDomain]).toEqual([
      '1.30',
      true,
      'corp.internal',
    ]);
    expect(JSON.stringify(chart.toJson())).toContain('catalog.shop.svc.corp.internal');
  });

  test('are what TrafficChecks knows: a gateway of the cluster passes, and one that the cluster lacks fails synth', () => {
    const errors = ({ checks }: ReturnType<typeof shop>) =>
      checks
        .findings()
        .filter(({ severity }) => severity === 'error')
        .map(({ rule }) => rule);
    expect(errors(shop())).toEqual([]);
    expect(errors(shop({}, { istio: 'lost' }))).not.toEqual([]);
    expect(errors(shop({ clusterFacts: ClusterFacts.of({ clusterDomain: 'corp.internal' }) }))).not.toEqual([]);
  });

  test('are the surroundings of a chart in tests: its Services, its MeshConfig, its gateways, its domain', () => {
    const mesh = Mesh.fromChart(shop().chart);
    const web = mesh.sidecar({ namespace: 'shop' });
    expect(web.get('http://payments.billing/')).toRouteTo('payments.billing.svc.corp.internal');
    expect(web.get('http://example.com/')).toBeBlocked();
    expect(mesh.gateway({ namespace: 'edge', labels: { istio: 'edge' } }).get('http://shop.example.com/')).toRouteTo(
      'catalog.shop.svc.corp.internal',
    );
  });

  test('yield to an option for the same thing', () => {
    const mesh = Mesh.fromChart(shop().chart, { facts: { ...FIELDS, meshConfig: {} } });
    expect(mesh.sidecar({ namespace: 'shop' }).get('http://example.com/').outcome).toBe('passed through');
  });

  test('come from the file that the command line takes', () => {
    const file = join(folder, 'facts.yaml');
    writeFileSync(file, JSON.stringify({ kind: 'ClusterFacts', ...FIELDS }));
    const mesh = Mesh.fromChart(shop({ clusterFacts: ClusterFacts.fromFile(file) }).chart);
    expect(mesh.sidecar({ namespace: 'shop' }).get('http://payments.billing/')).toRouteTo('payments.billing.svc.corp.internal');
  });
});

test('an App without an environment takes them in TrafficChecks', () => {
  const errors = (clusterFacts?: ClusterFacts) => {
    const app = new App();
    const checks = new TrafficChecks(app, 'Checks', { complete: true, clusterFacts });
    const chart = new Chart(app, 'shop', { namespace: 'shop' });
    const catalog = new MeshService(chart, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)] });
    catalog.routeDefaultTo(catalog.addSubset('v1', { labels: { version: 'v1' } }));
    return checks.findings().filter(({ severity }) => severity === 'error').map(({ rule }) => rule);
  };
  expect(errors()).toContain('unknown-destination-host');
  expect(errors(ClusterFacts.of({ services: FIELDS.services }))).not.toContain('unknown-destination-host');
});

describe('an error says what is wrong, and where', () => {
  test.each([
    [() => ClusterFacts.of({ gatways: [] }), 'ClusterFacts.of: gatways is an unknown field'],
    [() => ClusterFacts.of({ services: [{ name: 'a', namespace: 'b', ports: ['http'] }] }), 'ClusterFacts.of: services[0].ports[0]'],
    [() => ClusterFacts.of(7 as never), 'ClusterFacts.of: fields is 7; use an object'],
    [() => ClusterFacts.fromFile(join(folder, 'lost.yaml')), 'ClusterFacts.fromFile: '],
    [() => ClusterFacts.fromFile(''), "ClusterFacts.fromFile: '': there is no such file or folder; name an existing one"],
    [
      () => new MeshEnvironment({ name: 'prod', namespace: 'shop', outdir: '' }),
      "environment 'prod': outdir is empty; name a folder, or omit it",
    ],
    [
      () => shop({ clusterDomain: 'cluster.local' }),
      "environment 'prod': clusterDomain is 'cluster.local', and its clusterFacts say 'corp.internal'; set it in one place",
    ],
    [
      () => shop({ istioVersion: '1.29' }),
      "environment 'prod': istioVersion is '1.29', and its clusterFacts say '1.30'; set it in one place",
    ],
    [() => shop({ clusterFacts: FIELDS as never }), 'environment \'prod\': clusterFacts is'],
    [
      () => new TrafficChecks(new App(), 'C', { factsFile: 'x', clusterFacts: ClusterFacts.of({}) }),
      'C: clusterFacts and factsFile are both set; use one',
    ],
  ])('%#', (act, message) => {
    expect(errorOf(act)).toContain(message);
  });
});
