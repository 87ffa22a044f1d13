import { ApiObject } from 'cdk8s';
import { CanaryRelease, CircuitBreakerPolicy, DarkLaunch, MeshService, MirroredService, ServicePort, StringMatch } from 'cdk8s-istio';

/** Services with our constructs, each with a dark launch, a canary, a mirror and a circuit breaker. */
export function addServices(chart, count) {
  for (let i = 0; i < count; i++) {
    const service = new MeshService(chart, `Service${i}`, { name: `service-${i}`, ports: [ServicePort.http(80)] });
    const v1 = service.addSubset('v1', { labels: { version: 'v1' } });
    const v2 = service.addSubset('v2', { labels: { version: 'v2' } });
    const v3 = service.addSubset('v3', { labels: { version: 'v3' } });
    new DarkLaunch(service, 'Internal', { service, target: v2, matches: [{ headers: { 'x-cohort': StringMatch.exact('internal') } }] });
    new CanaryRelease(service, 'Canary', { service, stable: v1, canary: v2, canaryPercent: 10 });
    new MirroredService(service, 'Shadow', { service, mirror: v3 });
    new CircuitBreakerPolicy(service, 'Breaker', {
      service, connectionPool: { maxConnections: 100 }, outlierDetection: { consecutive5xxErrors: 1, maxEjectionPercent: 100 },
    });
  }
}

/** The workloads behind them, as manifests from elsewhere: a Service, and a Deployment per subset. */
export function addWorkloads(chart, count) {
  for (let i = 0; i < count; i++) {
    const name = `service-${i}`;
    new ApiObject(chart, `Service${i}Workloads`, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: { selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
    });
    for (const version of ['v1', 'v2', 'v3']) {
      const labels = { app: name, version };
      new ApiObject(chart, `Service${i}Workloads-${version}`, {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: `${name}-${version}` },
        spec: {
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: { containers: [{ name: 'server', image: `server:${version}`, ports: [{ containerPort: 8080 }] }] },
          },
        },
      });
    }
  }
}
