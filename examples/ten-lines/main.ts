import { App, Chart } from 'cdk8s';
import { CanaryRelease, CircuitBreakerPolicy, MeshService, ServicePort } from 'cdk8s-istio';

const app = new App({ outdir: process.env.CDK8S_OUTDIR ?? 'out/ten-lines' });
const chart = new Chart(app, 'reviews', { namespace: 'shop' });
const reviews = new MeshService(chart, 'Reviews', { name: 'reviews', ports: [ServicePort.http(9080)] });
const stable = reviews.addSubset('v1', { labels: { version: 'v1' } });
const canary = reviews.addSubset('v2', { labels: { version: 'v2' } });
new CanaryRelease(chart, 'Canary', { service: reviews, stable, canary, canaryPercent: 5 });
new CircuitBreakerPolicy(chart, 'Breaker', { service: reviews, connectionPool: { http1MaxPendingRequests: 64, http2MaxRequests: 256 } });
app.synth();
console.log(`written to ${app.outdir}`);
