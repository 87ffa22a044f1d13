// The same YAML as ours.mjs, only with ApiObjects of cdk8s.
import { ApiObject, App, Chart } from 'cdk8s';
import { measured } from './measure.mjs';

measured((count, outdir) => {
  const app = new App({ outdir });
  const chart = new Chart(app, 'bench', { namespace: 'shop' });
  for (let i = 0; i < count; i++) {
    const name = `service-${i}`;
    const host = `${name}.shop.svc.cluster.local`;
    const destination = subset => ({ host, subset, port: { number: 80 } });
    new ApiObject(chart, `${name}-dr`, {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name, namespace: 'shop' },
      spec: {
        host,
        trafficPolicy: {
          connectionPool: { tcp: { maxConnections: 100 } },
          outlierDetection: { consecutive5xxErrors: 1, maxEjectionPercent: 100 },
        },
        subsets: [
          { name: 'v1', labels: { version: 'v1' } },
          { name: 'v2', labels: { version: 'v2' } },
          { name: 'v3', labels: { version: 'v3' } },
        ],
      },
    });
    new ApiObject(chart, `${name}-vs`, {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name, namespace: 'shop' },
      spec: {
        hosts: [host],
        http: [
          {
            name: `default.service${i}-internal`,
            match: [{ headers: { 'x-cohort': { exact: 'internal' } } }],
            route: [{ destination: destination('v2') }],
          },
          {
            name: 'default',
            route: [
              { destination: destination('v1'), weight: 90 },
              { destination: destination('v2'), weight: 10 },
            ],
            mirror: destination('v3'),
          },
        ],
      },
    });
  }
  app.synth();
});
