import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart, YamlOutputType } from 'cdk8s';
import { errorOf } from '../error-of';
import { has, manifests, newChart } from '../manifests';
import {
  CanaryRelease, EgressPolicy, MeshService, MirroredService, OutboundTrafficMode, PolicyScope, ServicePort, StringMatch, TrafficRoute,
} from 'cdk8s-istio';

test('the summary of a TCP service describes connections, not requests', () => {
  const redis = new MeshService(newChart(), 'Redis', { name: 'redis', ports: [ServicePort.tcp(6379)] });
  redis.routeDefaultTo(redis.addSubset('v1', { labels: { version: 'v1' } }));
  expect(redis.summary()).not.toContain('request');
  expect(redis.summary()).toContain('TCP port 6379: every connection -> redis v1');
});

describe('a mirror to a version', () => {
  function mirrored() {
    const chart = newChart();
    const web = new MeshService(chart, 'Web', { name: 'web', ports: [ServicePort.http(80)] });
    const [v1, v2] = ['v1', 'v2'].map(version => web.addSubset(version, { labels: { version } }));
    new MirroredService(chart, 'Shadow', { service: web, mirror: v2 });
    return { chart, web, v1, v2 };
  }

  test('to a version that also gets real requests, because they go to the whole service, is an error', () => {
    expect(
      errorOf(() => manifests(mirrored().chart)),
    ).toContain('chart/Shadow copies requests to \'v2\', but route \'default\' goes to the whole service, '
      + 'which includes it; call routeDefaultTo() with the subset for real requests, or add a CanaryRelease (in the mesh)');
  });

  test.each<[string, (web: MeshService, chart: Chart) => void, string]>([
    [
      'whose labels select pods of the default subset',
      (web, chart) => {
        web.routeDefaultTo(web.addSubset('stable', { labels: { version: 'v1' } }));
        new MirroredService(chart, 'Shadow', { service: web, mirror: web.addSubset('fast', { labels: { version: 'v1', cpu: 'fast' } }) });
      },
      'chart/Shadow copies requests to \'fast\', but route \'default\' goes to \'stable\', whose labels select the same pods; '
        + 'give each subset another value of one label (in the mesh)',
    ],
    [
      'that is the whole service, beside a default subset',
      (web, chart) => {
        web.routeDefaultTo(web.addSubset('stable', { labels: { version: 'v1' } }));
        new MirroredService(chart, 'Shadow', { service: web, mirror: web });
      },
      'chart/Shadow copies requests to the whole service, which includes \'stable\', but route \'default\' goes to \'stable\'; '
        + 'use a subset that gets no requests (in the mesh)',
    ],
    [
      'of another service, of which a route names the whole',
      (web, chart) => {
        const shop = new MeshService(chart, 'Shop', { name: 'shop', ports: [ServicePort.http(80)] });
        const v2 = shop.addSubset('v2', { labels: { version: 'v2' } });
        web.routeDefaultTo(web.addSubset('v1', { labels: { version: 'v1' } }));
        const route = new TrafficRoute(chart, 'Route', { service: web, matches: [{ uri: StringMatch.prefix('/shop') }], target: shop });
        new MirroredService(chart, 'Shadow', { service: web, mirror: v2, route });
      },
      'chart/Shadow copies requests to \'shop v2\', but route \'route\' goes to the whole service \'shop\', which includes it; '
        + 'send them to another subset of it (in the mesh)',
    ],
  ])('%s is an error', (_, state, message) => {
    const chart = newChart();
    state(new MeshService(chart, 'Web', { name: 'web', ports: [ServicePort.http(80)] }), chart);
    expect(errorOf(() => manifests(chart))).toContain(message);
  });

  test('with another default subset is not an error', () => {
    const { chart, web, v1 } = mirrored();
    web.routeDefaultTo(v1);
    expect(has(chart, 'VirtualService')).toBe(true);
  });

  test('to a canary is not an error, because its share is explicit', () => {
    const { chart, web, v1, v2 } = mirrored();
    new CanaryRelease(chart, 'Canary', { service: web, stable: v1, canary: v2, canaryPercent: 10 });
    expect(has(chart, 'VirtualService')).toBe(true);
  });
});

describe('an object that later statements name', () => {
  function synthOf(outputType: YamlOutputType): string {
    const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'names-')), recordConstructMetadata: true, yamlOutputType: outputType });
    new EgressPolicy(new Chart(app, 'shop', { namespace: 'shop' }), 'Egress', {
      scope: PolicyScope.namespace(),
      mode: OutboundTrafficMode.REGISTRY_ONLY,
    });
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
