import type { Chart } from 'cdk8s';
import { Duration } from 'cdk8s';
import { errorOf } from '../error-of';
import { manifests, newChart } from '../manifests';
import { CircuitBreakerPolicy, ClientTls, ClientTlsSettings, ExternalDependency, H2UpgradePolicy, Location, Resolution, ServicePort } from 'cdk8s-istio';
import type { ConnectionPool, ExternalDependencyProps } from 'cdk8s-istio';
import { Mesh } from 'cdk8s-istio/simulator';

let chart: Chart;

beforeEach(() => { chart = newChart(); });

const dependency = (port: ServicePort, props: Partial<ExternalDependencyProps> = {}) => (
  new ExternalDependency(chart, 'Partner', { hosts: ['*.partner.example.com'], ports: [port], resolution: Resolution.DYNAMIC_DNS, ...props }));
const breaker = (service: ExternalDependency, connectionPool: ConnectionPool) => new CircuitBreakerPolicy(chart, 'Breaker', { service, connectionPool });
const atSynth = () => errorOf(() => manifests(chart));
const outcome = () => Mesh.fromManifests(manifests(chart)).sidecar({ namespace: 'shop' }).get('http://a.partner.example.com/').outcome;

const REQUIREMENT = 'gives the cluster HTTP options, and with these Envoy requires TLS that verifies the host, because resolution DYNAMIC_DNS looks up the host of each request';
const GRPC = `chart/Partner: port 80 is GRPC, which ${REQUIREMENT}; call originateTls({ port: 80 })`;

describe('hosts that Envoy looks up for each request', () => {
  test('need TLS for gRPC and HTTP/2', () => {
    dependency(ServicePort.grpc(80));
    expect(atSynth()).toContain(GRPC);
  });

  test('are called in plaintext inside the mutual TLS of the mesh', () => {
    dependency(ServicePort.grpc(80), { location: Location.MESH_INTERNAL });
    expect(outcome()).toBe('routed');
  });

  test('need TLS even inside the mesh if that is switched off', () => {
    const service = dependency(ServicePort.grpc(80), { location: Location.MESH_INTERNAL });
    new ClientTls(chart, 'Tls', { service, tls: ClientTlsSettings.disable() });
    expect(atSynth()).toContain(GRPC);
  });

  test('are called with gRPC over TLS', () => {
    dependency(ServicePort.grpc(80)).originateTls({ port: 80 });
    expect(outcome()).toBe('routed');
  });

  test('need TLS that sidecars get', () => {
    dependency(ServicePort.grpc(80)).originateTls({ port: 80, tls: ClientTlsSettings.simple({ credentialName: 'ca', gatewaysOnly: true }) });
    expect(atSynth()).toContain(`port 80 is GRPC, which ${REQUIREMENT}; tls of port 80 uses the Secret 'ca', which sidecars do not get; use files or a ConfigMap`);
  });

  test('cannot share a statement with others for gRPC, because TLS is per host', () => {
    expect(errorOf(() => dependency(ServicePort.grpc(443), { hosts: ['*.a.example.com', '*.b.example.com'] })))
      .toBe(`chart/Partner: port 443 is GRPC, which ${REQUIREMENT}; create one ExternalDependency per host, and call originateTls({ port: 443 })`);
  });

  test.each<[string, ConnectionPool]>([
    ['http.idleTimeout', { idleTimeout: Duration.seconds(5) }],
    ['http.maxRequestsPerConnection', { maxRequestsPerConnection: 5 }],
    ['http.maxConcurrentStreams', { maxConcurrentStreams: 5 }],
    ['http.http2KeepAlive', { http2KeepAlive: { interval: Duration.seconds(5), timeout: Duration.seconds(1) } }],
    ['http.useClientProtocol', { useClientProtocol: true }],
    ['http.h2UpgradePolicy', { h2UpgradePolicy: H2UpgradePolicy.UPGRADE }],
    ['tcp.idleTimeout', { tcpIdleTimeout: Duration.seconds(0) }],
    ['tcp.maxConnectionDuration', { maxConnectionDuration: Duration.seconds(5) }],
  ])('need TLS with connectionPool.%s', (field, pool) => {
    const service = dependency(ServicePort.http(80));
    breaker(service, pool);
    expect(atSynth()).toContain(`chart/Breaker: connectionPool.${field} of port 80 ${REQUIREMENT}; call originateTls({ port: 80 }), or omit it`);
    service.originateTls({ port: 80 });
    expect(outcome()).toBe('routed');
  });

  test('take the other limits in plaintext', () => {
    const limits = { maxConnections: 5, connectTimeout: Duration.seconds(1), http1MaxPendingRequests: 5, maxRetries: 1 };
    breaker(dependency(ServicePort.http(80)), limits);
    expect(outcome()).toBe('routed');
  });

  test('have no options on ports that callers encrypt themselves', () => {
    breaker(dependency(ServicePort.tls(443)), { tcpIdleTimeout: Duration.seconds(5) });
    expect(atSynth()).toContain(`chart/Breaker: connectionPool.tcp.idleTimeout of port 443 ${REQUIREMENT}; omit it`);
  });
});
