import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, Chart, Duration } from 'cdk8s';
import * as yaml from 'js-yaml';
import { errorOf } from '../error-of';
import type { Manifest } from '../manifests';
import { manifests } from '../manifests';
import { ExternalDependency, MeshEnvironment, MeshService, Resolution, RolloutOrder, ServicePort } from 'cdk8s-istio';

const outdir = mkdtempSync(join(tmpdir(), 'rollout-'));
afterAll(() => rmSync(outdir, { recursive: true }));

function shop(rolloutOrder?: RolloutOrder): Chart {
  const environment = new MeshEnvironment({ name: 'prod', namespace: 'shop', rolloutOrder, outdir });
  const chart = new Chart(environment, 'traffic', { namespace: 'shop' });
  const catalog = new MeshService(chart, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)] });
  catalog.routeDefaultTo(catalog.addSubset('v1', { labels: { version: 'v1' } }));
  new ExternalDependency(chart, 'Payments', { hosts: ['payments.example.net'], ports: [ServicePort.tls(443)], resolution: Resolution.DNS });
  const config = new Chart(environment, 'config', { namespace: 'shop' });
  new ApiObject(config, 'Limits', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'limits' } });
  return chart;
}

const load = (file: string) => yaml.loadAll(readFileSync(join(outdir, 'prod', file), 'utf8')) as Manifest[];
const names = (file: string) => load(file).map(({ kind, metadata }) => `${kind} ${metadata.name}`);

describe('sync waves of Argo CD', () => {
  test('apply a DestinationRule before the VirtualService that routes to its subsets', () => {
    const waves = manifests(shop(RolloutOrder.argoCdSyncWaves())).map(({ kind, metadata }) => [
      kind,
      metadata.annotations?.['argocd.argoproj.io/sync-wave'],
    ]);
    expect(waves).toEqual([['DestinationRule', '-1'], ['VirtualService', '0'], ['ServiceEntry', undefined], ['ConfigMap', undefined]]);
  });

  test('are off by default: the objects are the same without them', () => {
    const without = ({ metadata: { annotations: _, ...metadata }, ...manifest }: Manifest) => ({ ...manifest, metadata });
    expect(manifests(shop())).toEqual(manifests(shop(RolloutOrder.argoCdSyncWaves())).map(without));
    expect(JSON.stringify(manifests(shop()))).not.toContain('argocd');
  });
});

describe('folders of Flux', () => {
  test('separate the VirtualServices, and let them wait for everything else', () => {
    const chart = shop(RolloutOrder.fluxFolders({ sourceName: 'fleet', path: './manifests' }));
    (chart.node.root as MeshEnvironment).synth();
    const files = (readdirSync(join(outdir, 'prod'), { recursive: true }) as string[])
      .filter(file => statSync(join(outdir, 'prod', file)).isFile())
      .sort();
    expect(files).toEqual([
      'destinations/config.k8s.yaml',
      'destinations/traffic.k8s.yaml',
      'flux/kustomizations.yaml',
      'routes/traffic.k8s.yaml',
    ]);
    expect(names('routes/traffic.k8s.yaml')).toEqual(['VirtualService catalog']);
    expect(names('destinations/traffic.k8s.yaml')).toEqual(['DestinationRule catalog', 'ServiceEntry payments']);
    expect([...load('destinations/traffic.k8s.yaml'), ...load('routes/traffic.k8s.yaml'), ...load('destinations/config.k8s.yaml')]).toEqual(
      expect.arrayContaining(manifests(shop())),
    );
    expect(load('flux/kustomizations.yaml')).toEqual([
      {
        apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
        kind: 'Kustomization',
        metadata: { name: 'prod-destinations', namespace: 'flux-system' },
        spec: {
          interval: '10m',
          path: './manifests/prod/destinations',
          prune: true,
          sourceRef: { kind: 'GitRepository', name: 'fleet' },
          wait: true,
        },
      },
      {
        apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
        kind: 'Kustomization',
        metadata: { name: 'prod-routes', namespace: 'flux-system' },
        spec: {
          dependsOn: [{ name: 'prod-destinations' }],
          interval: '10m',
          path: './manifests/prod/routes',
          prune: true,
          sourceRef: { kind: 'GitRepository', name: 'fleet' },
          wait: true,
        },
      },
    ]);
  });

  test('come from the given source', () => {
    const chart = shop(
      RolloutOrder.fluxFolders({
        sourceName: 'images',
        sourceKind: 'OCIRepository',
        namespace: 'shop-system',
        path: 'deploy/',
        interval: Duration.minutes(1),
      }),
    );
    (chart.node.root as MeshEnvironment).synth();
    expect(load('flux/kustomizations.yaml')[1]).toMatchObject({
      metadata: { namespace: 'shop-system' },
      spec: {
        interval: '60s',
        path: 'deploy/prod/routes',
        sourceRef: { kind: 'OCIRepository', name: 'images' },
      },
    });
  });

  test.each([
    [
      'a source without a name',
      { sourceName: '', path: '.' },
      "environment 'prod': sourceName of fluxFolders '' is not a valid Kubernetes name",
    ],
    ['an invalid path', { sourceName: 'fleet', path: 5 as never }, 'RolloutOrder.fluxFolders: path is 5; use a string'],
    [
      'an interval that is not a Duration',
      { sourceName: 'fleet', path: '.', interval: '5m' as never },
      "RolloutOrder.fluxFolders: interval is '5m', a string; use a Duration, such as Duration.seconds(5)",
    ],
  ])('reject %s', (_, options, message) => {
    expect(errorOf(() => shop(RolloutOrder.fluxFolders(options)))).toContain(message);
  });

  test('contain nothing of a service whose statements contradict each other', () => {
    const chart = shop(RolloutOrder.fluxFolders({ sourceName: 'fleet', path: '.' }));
    (chart.node.findChild('Catalog') as MeshService).retireSubset('v1');
    expect(errorOf(() => (chart.node.root as MeshEnvironment).synth())).toContain('still sends requests to catalog v1, which is retired');
  });
});
