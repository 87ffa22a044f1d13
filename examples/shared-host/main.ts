import { App, Chart, Duration } from 'cdk8s';
import {
  EgressPolicy, EgressTarget, ExternalDependency, IngressGateway, Listener, MeshService, OutboundTrafficMode, PolicyScope, PublicHost,
  RequestPolicy,
  Resolution, ServicePort,
} from 'cdk8s-istio';

// Two services share one public host, in a namespace that may only call the listed hosts.
const app = new App({ outdir: process.env.CDK8S_OUTDIR ?? 'out/shared-host' });
const chart = new Chart(app, 'shop', { namespace: 'shop' });

const web = new MeshService(chart, 'Web', { name: 'web', ports: [ServicePort.http(80)] });
const api = new MeshService(chart, 'Api', { name: 'api', ports: [ServicePort.http(8080)] });
const gateway = new IngressGateway(chart, 'ShopGateway', {
  listeners: [Listener.http(80, { httpsRedirect: true }), Listener.https(443, { credentialName: 'shop-tls' })],
});
const host = new PublicHost(chart, 'Host', { gateway, host: 'shop.example.com' });
web.exposeVia(host);
api.exposeVia(host, { pathPrefix: '/api', rewrite: '/' });
new RequestPolicy(chart, 'ApiInTime', {
  service: api,
  timeout: Duration.seconds(3),
  retries: { attempts: 2, retryOn: ['gateway-error', 'connect-failure'] },
});

const payments = new ExternalDependency(chart, 'Payments', {
  hosts: ['payments.example.net'], ports: [ServicePort.tls(443)], resolution: Resolution.DNS,
});
new EgressPolicy(chart, 'Lockdown', {
  scope: PolicyScope.namespace(), mode: OutboundTrafficMode.REGISTRY_ONLY, allow: [EgressTarget.dependency(payments)],
});
app.synth();
console.log(`written to ${app.outdir}`);
