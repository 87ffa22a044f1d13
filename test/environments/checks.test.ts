import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, Chart } from 'cdk8s';
import type { ApiObjectProps } from 'cdk8s';
import { errorOf } from '../error-of';
import { CanaryRelease, MeshEnvironment, MeshService, RolloutOrder, TrafficChecks } from 'cdk8s-istio';

const outdir = mkdtempSync(join(tmpdir(), 'checks-'));
afterAll(() => rmSync(outdir, { recursive: true }));

function checked(rolloutOrder?: RolloutOrder) {
  const environment = new MeshEnvironment({
    name: 'prod',
    namespace: 'shop',
    clusterDomain: 'prod.example.internal',
    rolloutOrder,
    outdir,
  });
  const checks = new TrafficChecks(environment, 'Checks');
  const charts = ['a', 'b', 'c'].map(id => new Chart(environment, id, { namespace: 'shop' }));
  const service = new ApiObject(charts[0], 'Service', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'catalog' },
    spec: {
      selector: { app: 'catalog' },
      ports: [{ name: 'http', port: 80 }],
    },
  });
  const catalog = MeshService.fromService(charts[1], 'Catalog', service);
  const [stable, canary] = ['v1', 'v2'].map(version => catalog.addSubset(version, { labels: { version } }));
  new CanaryRelease(charts[1], 'Canary', { service: catalog, stable, canary, canaryPercent: 10 });
  return { environment, checks, charts, findings: jest.spyOn(checks, 'findings') };
}

/** A VirtualService that istiod's admission rejects. */
function rejected(chart: Chart): void {
  new ApiObject(chart, 'Rejected', {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'rejected' },
    spec: {
      hosts: ['rejected.example.com'],
      http: [{}],
    },
  } as ApiObjectProps);
}

describe('the checks of an environment', () => {
  test('use the domain of its cluster, so services are found by their full names', () => {
    expect(checked().checks.findings().filter(({ severity }) => severity !== 'info')).toEqual([]);
  });

  test.each([
    ['plain', undefined],
    ['in folders of Flux', RolloutOrder.fluxFolders({ sourceName: 'fleet', path: '.' })],
  ])('run once per synth that is written %s, and again for the next', (_, order) => {
    const { environment, charts, findings } = checked(order);
    environment.synth();
    expect(findings).toHaveBeenCalledTimes(1);
    rejected(charts[2]);
    expect(errorOf(() => environment.synth())).toMatch(/VirtualService shop\/rejected/);
    expect(findings).toHaveBeenCalledTimes(2);
  });
});
