import type { Chart } from 'cdk8s';
import { Duration } from 'cdk8s';
import { errorOf } from '../error-of';
import { manifests, newChart } from '../manifests';
import {
  CanaryRelease, CircuitBreakerPolicy, ClientTls, ClientTlsSettings, ConsistentHash, ExternalDependency, HashTable, IngressGateway,
  LoadBalancerAlgorithm,
  LoadBalancerPolicy, MeshService, ProxyProtocol, ProxyProtocolVersion, PublicHost, Resolution, ServicePort, Tunnel,
} from 'cdk8s-istio';
import type {
  ClientTlsProps, ConsistentHashOptions, CookieHashOptions, ExternalDependencyProps, LoadBalancerPolicyProps, LocalityLoadBalancing,
  MutualTlsOptions, SimpleTlsOptions,
  ZoneAwareLoadBalancing,
} from 'cdk8s-istio';

let chart: Chart;
let catalog: MeshService;

beforeEach(() => {
  chart = newChart();
  catalog = new MeshService(chart, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80), ServicePort.http(8080)] });
  for (const n of [1, 2]) catalog.addSubset(`v${n}`, { labels: { version: `v${n}` } });
});

const atSynth = () => errorOf(() => manifests(chart));
const balance = (props: Omit<LoadBalancerPolicyProps, 'service'>, id = 'X') =>
  new LoadBalancerPolicy(chart, id, { service: catalog, ...props });
const cookie = (name: string, options: CookieHashOptions) => () => balance({ consistentHash: ConsistentHash.cookie(name, options) });
const hashed = (options: ConsistentHashOptions) => () => balance({ consistentHash: ConsistentHash.header('x', options) });
const locality = (setting: LocalityLoadBalancing) => () => balance({ locality: setting });
const zoneAware = (setting: ZoneAwareLoadBalancing) => () => balance({ zoneAware: setting });
const tls = (settings: ClientTlsSettings, props: Partial<ClientTlsProps> = {}) =>
  new ClientTls(chart, 'X', { service: catalog, tls: settings, ...props });
const simple = (options: SimpleTlsOptions) => () => tls(ClientTlsSettings.simple(options));
const mutual = (options: MutualTlsOptions) => () => tls(ClientTlsSettings.mutual(options));
const dependency = (props: Partial<ExternalDependencyProps> = {}) =>
  new ExternalDependency(chart, 'X', {
    hosts: ['api.example.com'],
    ports: [ServicePort.http(80, { targetPort: 443 })],
    resolution: Resolution.DNS,
    ...props,
  });
const breaker = (id: string, props: object) => new CircuitBreakerPolicy(chart, id, { service: catalog, ...props });

test.each<[string, () => unknown, string]>([
  [
    'a load balancer without settings',
    () => balance({}),
    'algorithm, consistentHash, locality, zoneAware and warmup are all missing; set at least one',
  ],
  [
    'two algorithms',
    () => balance({ algorithm: LoadBalancerAlgorithm.RANDOM, consistentHash: ConsistentHash.sourceIp() }),
    'algorithm RANDOM is set together with consistentHash, and Istio accepts only one; omit one of them',
  ],
  [
    'locality and zones',
    () => balance({ locality: { enabled: true }, zoneAware: { enabled: true } }),
    'locality and zoneAware are both set, and Istio accepts only one; omit one of them',
  ],
  [
    'locality without balancing',
    () => balance({ algorithm: LoadBalancerAlgorithm.PASSTHROUGH, locality: { enabled: true } }),
    'algorithm PASSTHROUGH connects to the address that the caller chose, so locality has no effect; omit one of them',
  ],
  [
    'warm-up of a random choice',
    () => balance({ algorithm: LoadBalancerAlgorithm.RANDOM, warmup: { duration: Duration.seconds(1) } }),
    'warmup has no effect with algorithm RANDOM; use LEAST_REQUEST or ROUND_ROBIN, or omit warmup',
  ],
  [
    'warm-up of a hash',
    () => balance({ consistentHash: ConsistentHash.sourceIp(), warmup: { duration: Duration.seconds(1) } }),
    'warmup has no effect with consistentHash',
  ],
  [
    'a warm-up of no time',
    () => balance({ warmup: { duration: Duration.seconds(0) } }),
    'warmup.duration is 0, which Istio rejects; use at least 1 ms, or omit it',
  ],
  [
    'a warm-up from 101 %',
    () => balance({ warmup: { duration: Duration.seconds(1), minimumPercent: 101 } }),
    'warmup.minimumPercent is 101; use a percentage from 0 to 100',
  ],
  [
    'an aggression of zero',
    () => balance({ warmup: { duration: Duration.seconds(1), aggression: 0 } }),
    'warmup.aggression is 0; use a number above 0, such as 1 for linear growth',
  ],
  [
    'a hash of an invalid header',
    () => balance({ consistentHash: ConsistentHash.header('x y') }),
    "consistentHash header 'x y' is not an HTTP header name; use letters, digits and '-'",
  ],
  [
    'a hash of a parameter without name',
    () => balance({ consistentHash: ConsistentHash.queryParameter('') }),
    'consistentHash query parameter has no name; set a name',
  ],
  [
    'a cookie without name',
    cookie('', {}),
    "consistentHash cookie '' has the name or attribute '', which is not a valid cookie token; use letters, digits and '-'",
  ],
  [
    'the path of a cookie that Envoy does not set',
    cookie('c', { path: '/' }),
    "consistentHash cookie 'c' has path without ttl, without which Envoy sets no cookie; set ttl, zero for a session cookie",
  ],
  [
    'an attribute that Envoy sets itself',
    cookie('c', { ttl: Duration.seconds(0), attributes: { 'Max-Age': '3' } }),
    "consistentHash cookie 'c' has the attribute 'Max-Age', which Envoy sets itself; use path or ttl",
  ],
  [
    'a Maglev table of 65536',
    hashed({ table: HashTable.maglev({ tableSize: 65536 }) }),
    'consistentHash maglev tableSize is 65536; use a prime number below 5000011, such as 65537',
  ],
  [
    'a ring of zero',
    hashed({ table: HashTable.ringHash({ minimumRingSize: 0 }) }),
    'consistentHash ringHash minimumRingSize is 0; use an integer from 1 to 8388608, the largest ring that Envoy accepts',
  ],
  ['an empty locality', locality({}), 'locality is empty; set failover or enabled'],
  [
    'locality off together with other fields',
    locality({ enabled: false, failoverPriority: ['version'] }),
    'locality.enabled is false, so Istio ignores failoverPriority; omit one of them',
  ],
  [
    'shares together with failover',
    locality({ failover: [{ from: 'a', to: 'b' }], distribute: [{ from: 'a', to: { b: 100 } }] }),
    'locality sets distribute and failover, and Istio accepts only one; omit one of them',
  ],
  [
    'two ways to rank regions',
    locality({ failover: [{ from: 'a', to: 'b' }], failoverPriority: ['topology.kubernetes.io/region'] }),
    "locality.failoverPriority contains 'topology.kubernetes.io/region' together with failover, which Istio rejects; omit failover, or remove that label",
  ],
  [
    'a failover of a zone',
    locality({ failover: [{ from: 'a/z', to: 'b' }] }),
    "locality.failover[0] contains 'a/z', which is not a region; use a region, without zone or '*'",
  ],
  [
    'a failover to itself',
    locality({ failover: [{ from: 'a', to: 'a' }] }),
    "locality.failover[0] goes from 'a' to itself; use another region",
  ],
  [
    'shares of 90 %',
    locality({ distribute: [{ from: 'a', to: { a: 80, b: 10 } }] }),
    "locality.distribute[0].to adds up to 90 %; the shares of 'a' must add up to 100 %",
  ],
  [
    'a share of 0',
    locality({ distribute: [{ from: 'a', to: { a: 100, b: 0 } }] }),
    "locality.distribute[0].to['b'] is 0; use an integer percentage from 1 to 100, or omit the locality",
  ],
  [
    'overlapping localities',
    locality({
      distribute: [
        { from: 'a/*', to: { a: 100 } },
        { from: 'a/z', to: { a: 100 } },
      ],
    }),
    "locality.distribute from contains 'a/z' and 'a', which overlap; use localities that do not overlap",
  ],
  [
    'the wider locality second',
    locality({ distribute: [{ from: 'a', to: { 'b/z': 50, 'b': 50 } }] }),
    "locality.distribute[0].to contains 'b' and 'b/z', which overlap",
  ],
  [
    'a locality with an empty part',
    locality({ distribute: [{ from: 'a//c', to: { a: 100 } }] }),
    "locality.distribute from contains 'a//c', which is not a locality; use region/zone/subzone, with '*' only at the end",
  ],
  [
    'zones by region',
    zoneAware({ failoverPriority: ['topology.kubernetes.io/zone'] }),
    "zoneAware.failoverPriority contains 'topology.kubernetes.io/zone', which Istio rejects because zone-aware routing already uses it; remove it",
  ],
  ['a minimum of no endpoints', zoneAware({ minClusterSize: 0 }), 'zoneAware.minClusterSize is 0; use an integer of at least 1'],

  [
    'a server name without verification',
    simple({ sni: 'a.example.com' }),
    "tls.sni is 'a.example.com' without subjectAltNames, so a certificate for any name would be accepted; set subjectAltNames: ['a.example.com'], or omit sni to use the Host of each request",
  ],
  ['a server name that is a URL', simple({ sni: 'https://a', subjectAltNames: ['a'] }), 'tls.sni \'https://a\' is not a host name'],
  ['empty names', simple({ subjectAltNames: [] }), 'tls.subjectAltNames is empty; set it, or omit it'],
  [
    'verification together with insecureSkipVerify',
    simple({ insecureSkipVerify: true, caCertificates: '/ca.pem' }),
    'tls.insecureSkipVerify accepts every certificate, but caCertificates is set too; omit one of them',
  ],
  [
    'a Secret for sidecars',
    simple({ credentialName: 'ca' }),
    "tls.credentialName 'ca' is a Secret, which istiod sends only to gateways, so sidecars would call in plaintext; set gatewaysOnly: true if only gateways call, else use files or a ConfigMap of trusted CA certificates (configmap://namespace/name)",
  ],
  [
    'a ConfigMap of another namespace',
    simple({ credentialName: 'configmap://other/ca' }),
    "tls.credentialName 'configmap://other/ca' must be a ConfigMap in namespace 'shop'; use configmap://shop/name",
  ],
  [
    'a Secret together with files',
    simple({ credentialName: 'ca', gatewaysOnly: true, caCertificates: '/ca.pem' }),
    'tls.credentialName is set together with caCertificates, which Istio rejects; omit one of them',
  ],
  [
    'gatewaysOnly that changes nothing',
    simple({ gatewaysOnly: true }),
    'tls.gatewaysOnly is set without credentialName, but without a Secret sidecars use TLS too; omit it',
  ],
  [
    'mutual without a key',
    mutual({ clientCertificate: '/c.pem' }),
    'tls is MUTUAL without privateKey; set clientCertificate and privateKey, or credentialName',
  ],
  [
    'a key in a ConfigMap',
    mutual({ credentialName: 'configmap://shop/ca' }),
    "tls.credentialName 'configmap://shop/ca' is a ConfigMap, which cannot contain a private key; use a Secret for MUTUAL",
  ],
  [
    'a port that the service does not have',
    () => tls(ClientTlsSettings.disable(), { port: 81 }),
    "port 81 is not a port of 'catalog.shop.svc.cluster.local'; use one of 80, 8080",
  ],

  [
    'a budget of nothing',
    () => breaker('X', { retryBudget: {} }),
    'retryBudget is empty; set percent, minRetryConcurrency or budgetInterval',
  ],
  [
    'a budget of 101 %',
    () => breaker('X', { retryBudget: { percent: 101 } }),
    'retryBudget.percent is 101; use a percentage from 0 to 100',
  ],
  [
    'a budget of one port',
    () => breaker('X', { port: 80, retryBudget: { percent: 1 } }),
    'retryBudget is set for port 80, and Istio has no retry budget for a port; set it for the service or a subset',
  ],
  [
    'a tunnel for requests',
    () => new Tunnel(chart, 'X', { service: catalog, targetHost: 'a.example.com', targetPort: 1 }),
    "every port of 'catalog.shop.svc.cluster.local' is HTTP, and Istio tunnels only TCP and TLS connections; use ServicePort.tcp() for the port of the proxy",
  ],
  [
    'a tunnel to nowhere',
    () => new Tunnel(chart, 'X', { service: catalog, targetHost: 'nowhere', targetPort: 1 }),
    "targetHost 'nowhere' has no dot, so Istio would append a namespace; use the full host name",
  ],
  [
    'namespaces named twice',
    () => new MeshService(chart, 'X', { name: 'web', ports: [ServicePort.http(80)], exportTo: ['.', 'shop'] }),
    "exportTo contains 'shop' twice ('.' is 'shop'); use each namespace once",
  ],

  [
    'plaintext that becomes TLS to port 80',
    () => dependency({ ports: [ServicePort.http(80)] }).originateTls({ port: 80 }),
    'TLS would go to port 80, where hosts expect plaintext; use ServicePort.http(80, { targetPort: 443 })',
  ],
  [
    'TLS to the original address',
    () => dependency({ resolution: Resolution.NONE, ports: [ServicePort.http(80)] }).originateTls({ port: 80 }),
    'TLS would go to port 80, because resolution NONE keeps the port that the caller uses; use resolution DNS with targetPort: 443',
  ],
  [
    'a target port with resolution NONE',
    () => dependency({ resolution: Resolution.NONE }),
    'port 80 has targetPort 443, which resolution NONE ignores: it connects to the port that the caller used; omit it, or use resolution DNS',
  ],
  [
    'a target port with resolution DYNAMIC_DNS',
    () => dependency({ resolution: Resolution.DYNAMIC_DNS, hosts: ['*.example.com'] }),
    'port 80 has targetPort 443, which resolution DYNAMIC_DNS ignores: it connects to the port in the Host of the request, else 80, or 443 with TLS; omit it, or use resolution DNS',
  ],
  [
    'TLS inside TLS',
    () => dependency({ ports: [ServicePort.https(443)] }).originateTls({ port: 443 }),
    'tls also applies to port 443, where callers already encrypt, which results in TLS inside TLS; declare the port that callers use in plaintext',
  ],
  [
    'TLS without a name',
    () => dependency({ ports: [ServicePort.tcp(5432)] }).originateTls({ port: 5432 }),
    'tls applies to TCP port 5432, where no request contains the server name for SNI and the certificate; set sni and subjectAltNames',
  ],
  [
    'origination of nothing',
    () => dependency().originateTls({ port: 80, tls: ClientTlsSettings.disable() }),
    'tls is DISABLE, which does not encrypt calls outside the mesh; use ClientTlsSettings.simple() or mutual()',
  ],
  [
    'origination of several hosts',
    () => dependency({ hosts: ['a.example.com', 'b.example.com'] }).originateTls({ port: 80 }),
    'the dependency has 2 hosts, and policies in Istio are per host; create one ExternalDependency per host',
  ],
])('%s', (_, act, message) => {
  expect(errorOf(act)).toContain(`chart/X: ${message}`);
});

test('TLS of a host with a port that callers encrypt', () => {
  const it = dependency({ ports: [ServicePort.http(80, { targetPort: 443 }), ServicePort.https(443)] });
  expect(errorOf(() => new ClientTls(chart, 'Tls', { service: it, tls: ClientTlsSettings.simple() })))
    .toBe('chart/Tls: tls also applies to port 443, where callers already encrypt, which results in TLS inside TLS; set `port` to one of 80');
});

test.each([Resolution.NONE, Resolution.DYNAMIC_DNS])('a load balancer without load balancing, resolution %s', resolution => {
  const it = dependency({ hosts: ['*.example.com'], ports: [ServicePort.http(80)], resolution });
  expect(errorOf(() => new LoadBalancerPolicy(chart, 'Balance', { service: it, algorithm: LoadBalancerAlgorithm.RANDOM })))
    .toMatch(new RegExp(
      `^chart/Balance: the dependency has resolution ${resolution}, which .*, so no load balancer applies; use resolution DNS`,
    ));
});

test('ejection without known endpoints, which crashes istiod', () => {
  const service = dependency({ resolution: Resolution.DYNAMIC_DNS, hosts: ['*.example.com'], ports: [ServicePort.tls(443)] });
  expect(
    errorOf(
      () =>
        new CircuitBreakerPolicy(service, 'Breaker', { service, outlierDetection: { consecutive5xxErrors: 5, maxEjectionPercent: 100 } }),
    ),
  )
    .toMatch(/outlierDetection is set for a dependency with resolution DYNAMIC_DNS, which crashes istiod: .*; omit it, or use resolution DNS for one host/);
});

test('labels that rank endpoints in several localities, which crashes istiod', () => {
  const it = dependency({ endpoints: [{ address: 'a.example.com', locality: 'eu' }, { address: 'b.example.com', locality: 'us' }] });
  expect(errorOf(() => new LoadBalancerPolicy(chart, 'Balance', { service: it, locality: { failoverPriority: ['version=v2'] } })))
    .toMatch(/^chart\/Balance: failoverPriority is set for a dependency with resolution DNS and endpoints in several localities, which crashes istiod; use failover/);
});

test('a hash of headers without HTTP', () => {
  const it = dependency({ ports: [ServicePort.tcp(5432)], addresses: ['240.0.0.1'] });
  expect(errorOf(() => new LoadBalancerPolicy(chart, 'Balance', { service: it, consistentHash: ConsistentHash.header('x') })))
    .toBe('chart/Balance: consistentHash by header needs requests, and no port of the service is HTTP; use ConsistentHash.sourceIp()');
});

test('two load balancers on a level', () => {
  balance({ algorithm: LoadBalancerAlgorithm.RANDOM }, 'A');
  expect(errorOf(() => balance({ warmup: { duration: Duration.seconds(1) } }, 'B')))
    .toBe('chart/B: loadBalancer is already set by chart/A; set it once, or for different subsets or ports');
  balance({ algorithm: LoadBalancerAlgorithm.RANDOM, subset: catalog.subset('v1') }, 'C');
});

describe('at synth', () => {
  const failover = { locality: { failover: [{ from: 'eu', to: 'us' }] } };

  test('a failover without outlier detection, cluster by cluster', () => {
    balance(failover, 'Balance');
    breaker('Ejection', { port: 80, outlierDetection: { maxEjectionPercent: 100 } });
    expect(atSynth()).toContain('chart/Balance: the failover of the service requires outlier detection, which detects failed endpoints; '
      + 'add a CircuitBreakerPolicy with outlierDetection for the same requests');
    expect(errorOf(() => manifests(chart))).not.toContain('at port 80');
    breaker('OtherPort', { port: 8080, outlierDetection: { maxEjectionPercent: 100 } });
    expect(manifests(chart)).not.toEqual([]);
  });

  test('a failover of a subset', () => {
    balance({ ...failover, subset: catalog.subset('v2') }, 'Balance');
    expect(atSynth()).toContain('chart/Balance: the failover of subset \'v2\' requires outlier detection, which detects failed endpoints');
    breaker('Ejection', { subset: catalog.subset('v2'), outlierDetection: { maxEjectionPercent: 100 } });
    expect(manifests(chart)).not.toEqual([]);
  });

  test.each([
    ['retryBudget', () => breaker('Portless', { retryBudget: { percent: 10 } })],
    ['proxyProtocol', () => new ProxyProtocol(chart, 'Portless', { service: catalog, version: ProxyProtocolVersion.V2 })],
  ])('a %s that the policy of a port discards', (object, state) => {
    state();
    breaker('Port', { port: 8080, connectionPool: { maxConnections: 1 } });
    expect(atSynth()).toContain(`chart/Portless: ${object} would have no effect at port 8080, because in Istio the policy of a port, `
      + 'here of chart/Port, replaces all others and cannot contain it; set the policies of that port for the service or a subset');
  });

  test('a retry budget together with maxRetries', () => {
    breaker('Budget', { retryBudget: { percent: 10 } });
    breaker('Limit', { subset: catalog.subset('v1'), connectionPool: { maxRetries: 3 } });
    expect(atSynth()).toContain(
      "chart/Budget: retryBudget of subset 'v1' makes Envoy ignore the connectionPool.maxRetries of chart/Limit; remove one of them",
    );
  });

  test('a tunnel together with the PROXY protocol', () => {
    const it = dependency({ ports: [ServicePort.tcp(3128)], addresses: ['240.0.0.1'] });
    new Tunnel(chart, 'Tunnel', { service: it, targetHost: 'db.example.com', targetPort: 5432 });
    new ProxyProtocol(chart, 'Proxy', { service: it, version: ProxyProtocolVersion.V1 });
    expect(atSynth()).toContain(
      'chart/Tunnel: the tunnel of the service cannot be combined with the proxyProtocol of chart/Proxy, because Istio accepts only one; remove one of them',
    );
  });

  test('versions of one route with different hash keys', () => {
    balance({ subset: catalog.subset('v1'), consistentHash: ConsistentHash.header('x-a') }, 'One');
    balance({ subset: catalog.subset('v2'), consistentHash: ConsistentHash.header('x-b') }, 'Two');
    new CanaryRelease(chart, 'Canary', { service: catalog, stable: catalog.subset('v1'), canary: catalog.subset('v2'), canaryPercent: 10 });
    expect(atSynth()).toContain('the versions of route \'default\' have different hash keys, {"httpHeaderName":"x-a"} and {"httpHeaderName":"x-b"}, '
      + 'and Envoy would hash every request by all of them; set one consistentHash for the service, or none for a version');
  });

  test('a service that its gateway cannot see', () => {
    const web = new MeshService(chart, 'Web', { name: 'web', ports: [ServicePort.http(80)], exportTo: ['.'] });
    web.exposeVia(new PublicHost(chart, 'Host', { gateway: new IngressGateway(chart, 'Gateway'), host: 'shop.example.com' }));
    expect(atSynth()).toContain('exportTo limits policies and subsets to namespace \'shop\', so the gateway of shop.example.com would not see them; '
      + 'add the namespace of the gateway\'s pods, such as istio-system');
  });
});

describe('invalid addresses', () => {
  test.each([':', ':::', '1:2', '01.2.3.4', '10.0.0', 'fe80::1%eth0', '10.0.0.0/08'])('%s in the addresses of a dependency', address => {
    expect(errorOf(() => dependency({ addresses: ['10.0.0.1', address] })))
      .toBe(`chart/X: addresses[1] '${address}' is neither an IP address nor a CIDR block; use a value such as 10.0.0.1 or 10.0.0.0/24`);
  });

  test.each([':', ':::', '1:2', '01.2.3.4', 'fe80::1%eth0'])('%s as the address of an endpoint', address => {
    expect(errorOf(() => dependency({ resolution: Resolution.STATIC, endpoints: [{ address }] })))
      .toBe(`chart/X: endpoints[0].address '${address}' is not an IP address; use an IP address, or resolution DNS for a host name`);
  });

  test.each([':', '1:2', '01.2.3.4'])('%s as the address of an endpoint that may be a host name', address => {
    expect(errorOf(() => dependency({ endpoints: [{ address }] }))).toBe(
      `chart/X: endpoints[0].address '${address}' is not a host name; use DNS labels joined by dots, without scheme, port or path, such as 'shop.example.com'`);
  });

  test('an endpoint without an address', () => {
    expect(errorOf(() => dependency({ endpoints: [{ address: undefined as never }] }))).toBe(
      'chart/X: endpoints[0].address is missing; use a string',
    );
  });

  test.each(['10.0.0.1', '::', '2001:db8::1', '::ffff:10.0.0.1'])('while %s is accepted in both', address => {
    expect(() => dependency({ resolution: Resolution.STATIC, addresses: [address], endpoints: [{ address }] })).not.toThrow();
  });
});
