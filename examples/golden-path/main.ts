import { App, Chart, Duration } from 'cdk8s';
import { PlatformChart, WebService } from './platform';
import { CircuitBreakerPolicy, ConsistentHash, LoadBalancerPolicy, Origins, RequestPolicy } from 'cdk8s-istio';

// Three teams use the platform's WebService, and each overrides one of its defaults.
const app = new App({ outdir: process.env.CDK8S_OUTDIR ?? 'out/golden-path' });
Origins.record(app);
new PlatformChart(app, 'platform');

const checkout = new Chart(app, 'checkout', { namespace: 'checkout' });
const orders = new WebService(checkout, 'Orders', { name: 'orders' });
new RequestPolicy(checkout, 'SlowPayments', { service: orders.service, timeout: Duration.seconds(10) });

const search = new Chart(app, 'search', { namespace: 'search' });
const query = new WebService(search, 'Query', { name: 'query' });
new CircuitBreakerPolicy(search, 'ManyConnections', { service: query.service, connectionPool: { maxConnections: 500 } });

const account = new Chart(app, 'account', { namespace: 'account' });
const sessions = new WebService(account, 'Sessions', { name: 'sessions' });
new LoadBalancerPolicy(account, 'BySession', { service: sessions.service, consistentHash: ConsistentHash.header('x-session') });

app.synth();
console.log(`written to ${app.outdir}`);
