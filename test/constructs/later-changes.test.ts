import { Duration } from 'cdk8s';
import type { Chart } from 'cdk8s';
import { manifests, newChart } from '../manifests';
import {
  AccessCondition, Caller, ClientTls, ClientTlsSettings, ConsistentHash, DefaultPart, EgressPolicy, EgressTarget, ExternalDependency,
  IngressGateway, Listener, LoadBalancerPolicy, MeshEnvironment, MeshEnvironments, MeshService, OutboundTrafficMode, PolicyScope,
  PublicHost, RequestPolicy, Resolution, ServicePort, StringMatch, TokenAuthentication, Tracing, TracingTag, TrafficDefaults, TrafficRoute,
  WorkloadAccess,
} from 'cdk8s-istio';

let chart: Chart;
let service: MeshService;

function startAgain() {
  chart = newChart();
  service = new MeshService(chart, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)], selector: { app: 'catalog' } });
}

beforeEach(startAgain);

const shop = PolicyScope.namespace();

/** A statement with a value that a program changes after the call. */
type Changed = () => () => unknown;

test.each<[string, Changed]>([
  ['the labels of a scope', () => {
    const labels = { app: 'a' };
    const scope = PolicyScope.workload(labels);
    new EgressPolicy(chart, 'X', { scope, mode: OutboundTrafficMode.REGISTRY_ONLY });
    return () => Object.assign(labels, { app: 'b', other: 'c' });
  }],
  ['the targets of an egress policy', () => {
    const allow = [EgressTarget.namespace('a')];
    new EgressPolicy(chart, 'X', { scope: shop, allow });
    return () => allow.push(EgressTarget.namespace('b'));
  }],
  ['the listeners of a gateway', () => {
    const listeners = [Listener.http(80)];
    const gateway = new IngressGateway(chart, 'Gateway', { listeners });
    service.exposeVia(new PublicHost(chart, 'Host', { gateway, host: 'shop.example.com' }));
    return () => listeners.push(Listener.http(8080));
  }],
  ['the matches of a route and its headers', () => {
    const matches = [{ headers: { a: StringMatch.exact('1') } }];
    const set = { b: '2' };
    const headers = { request: { set, remove: ['c'] } };
    new TrafficRoute(chart, 'X', { service, matches, headers });
    return () => {
      matches.push({ headers: { a: StringMatch.exact('3') } });
      matches[0].headers.a = StringMatch.exact('4');
      set.b = '5';
      headers.request.remove.push('d');
    };
  }],
  ['the conditions of retries', () => {
    const retries = { attempts: 1, retryOn: ['5xx'] };
    new RequestPolicy(chart, 'X', { service, retries });
    return () => {
      retries.attempts = 9;
      retries.retryOn.push('reset');
    };
  }],
  ['the attributes of a hash cookie', () => {
    const attributes = { SameSite: 'Lax' };
    const consistentHash = ConsistentHash.cookie('c', { ttl: Duration.hours(1), attributes });
    new LoadBalancerPolicy(chart, 'X', { service, consistentHash });
    return () => { attributes.SameSite = 'None'; };
  }],
  ['the names of a certificate', () => {
    const options = { sni: 'a', subjectAltNames: ['a'], caCertificates: '/a' };
    new ClientTls(chart, 'X', { service, tls: ClientTlsSettings.simple(options) });
    return () => {
      options.sni = 'b';
      options.subjectAltNames.push('b');
    };
  }],
  ['the tags of a trace', () => {
    const customTags: { [name: string]: TracingTag } = { a: TracingTag.literal('1') };
    new Tracing(chart, 'X', { scope: shop, provider: 'zipkin', customTags });
    return () => { customTags.b = TracingTag.literal('2'); };
  }],
  ['the values of an access condition', () => {
    const path = ['groups'];
    const values = [StringMatch.exact('a')];
    new TokenAuthentication(chart, 'Tokens', { service, issuer: 'issuer' });
    new WorkloadAccess(chart, 'X', { service, callers: [Caller.anyone()], when: [AccessCondition.claim(path, values)] });
    return () => {
      path.push('b');
      values.push(StringMatch.exact('b'));
    };
  }],
  ['the hosts and endpoints of a dependency', () => {
    const hosts = ['a.example.com'];
    const endpoints = [{ address: '192.0.2.1', labels: { a: 'b' } }];
    new ExternalDependency(chart, 'X', { hosts, ports: [ServicePort.http(80)], resolution: Resolution.STATIC, endpoints });
    return () => {
      hosts.push('b.example.com');
      endpoints[0].address = '192.0.2.2';
      endpoints[0].labels.a = 'c';
    };
  }],
  ['defaults, and what they remove', () => {
    const connectionPool = { maxConnections: 1 };
    const without = [DefaultPart.TIMEOUT];
    service.addSubset('v1', { labels: { version: 'v1' } });
    new TrafficDefaults(chart, 'Mesh', { scope: PolicyScope.mesh(), retries: { attempts: 1 } });
    new TrafficDefaults(chart, 'X', { connectionPool, without });
    return () => {
      connectionPool.maxConnections = 2;
      without.push(DefaultPart.RETRIES);
    };
  }],
])('%s may change after the call, and the manifests stay', (_, state) => {
  const change = state();
  const unchanged = JSON.stringify(manifests(chart));
  expect(unchanged).toContain('.istio.io/');
  change();
  expect(JSON.stringify(manifests(chart))).toBe(unchanged);
  startAgain();
  state()();
  expect(JSON.stringify(manifests(chart))).toBe(unchanged);
});

test('the lists that a service returns are copies', () => {
  (service.httpPorts as number[]).push(9999);
  expect(service.httpPorts).toEqual([80]);
});

test('settings of environments may change after the call, and each environment keeps its own', () => {
  const settings = { canaryPercent: 10, hosts: ['a'], nested: { attempts: 1 } };
  const environments = [{ name: 'dev', namespace: 'shop', settings }];
  const [dev] = new MeshEnvironments({ environments, settings: { canaryPercent: 5 } }).selected;
  const single = new MeshEnvironment({ name: 'single', namespace: 'shop', settings });
  settings.canaryPercent = 99;
  settings.hosts.push('b');
  settings.nested.attempts = 9;
  environments.pop();
  for (const environment of [dev, single]) {
    expect([environment.number('canaryPercent'), environment.texts('hosts'), environment.value('nested')]).toEqual([10, ['a'], { attempts: 1 }]);
  }
});
