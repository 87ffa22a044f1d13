// N services with a dark launch, a canary, a mirror and a breaker each, by our constructs.
import { App, Chart } from 'cdk8s';
import { CanaryRelease, CircuitBreakerPolicy, DarkLaunch, MeshService, MirroredService, ServicePort, StringMatch } from 'cdk8s-istio';
import { measured } from './measure.mjs';

measured((count, outdir) => {
  const app = new App({ outdir });
  const chart = new Chart(app, 'bench', { namespace: 'shop' });
  for (let i = 0; i < count; i++) {
    const service = new MeshService(chart, `Service${i}`, { name: `service-${i}`, ports: [ServicePort.http(80)] });
    const v1 = service.addSubset('v1', { labels: { version: 'v1' } });
    const v2 = service.addSubset('v2', { labels: { version: 'v2' } });
    new DarkLaunch(service, 'Internal', { service, target: v2, matches: [{ headers: { 'x-cohort': StringMatch.exact('internal') } }] });
    new CanaryRelease(service, 'Canary', { service, stable: v1, canary: v2, canaryPercent: 10 });
    new MirroredService(service, 'Shadow', { service, mirror: v2 });
    new CircuitBreakerPolicy(service, 'Breaker', {
      service, connectionPool: { maxConnections: 100 }, outlierDetection: { consecutive5xxErrors: 1, maxEjectionPercent: 100 },
    });
  }
  app.synth();
});
