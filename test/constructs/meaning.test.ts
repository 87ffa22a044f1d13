import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart, YamlOutputType } from 'cdk8s';
import { newChart } from '../manifests';
import { EgressPolicy, MeshService, OutboundTrafficMode, PolicyScope, ServicePort } from 'cdk8s-istio';

test('the summary of a TCP service describes connections, not requests', () => {
  const redis = new MeshService(newChart(), 'Redis', { name: 'redis', ports: [ServicePort.tcp(6379)] });
  redis.routeDefaultTo(redis.addSubset('v1', { labels: { version: 'v1' } }));
  expect(redis.summary()).not.toContain('request');
  expect(redis.summary()).toContain('TCP port 6379: every connection -> redis v1');
});

describe('an object that later statements name', () => {
  function synthOf(outputType: YamlOutputType): string {
    const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'names-')), recordConstructMetadata: true, yamlOutputType: outputType });
    new EgressPolicy(new Chart(app, 'shop', { namespace: 'shop' }), 'Egress', { scope: PolicyScope.namespace(), mode: OutboundTrafficMode.REGISTRY_ONLY });
    app.synth();
    return app.outdir;
  }

  test('has its name in construct-metadata.json', () => {
    const metadata = readFileSync(join(synthOf(YamlOutputType.FILE_PER_CHART), 'construct-metadata.json'), 'utf8');
    expect(JSON.parse(metadata)).toMatchObject({ resources: { default: { path: 'shop/Egress/Resource' } } });
  });

  test('has its name in the name of its file', () => {
    expect(readdirSync(synthOf(YamlOutputType.FILE_PER_RESOURCE))).toContain('Sidecar.default.k8s.yaml');
  });
});
