import { analyze, describeFinding } from '../../src/analysis';
import { parseManifests } from '../../src/manifest/loader';

/** What a rule says about some manifests, one line a finding. */
function said(rule: string, ...manifests: string[]): string[] {
  const { objects, problems } = parseManifests(manifests.join('\n---\n'));
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return analyze(objects, { rules: [rule] }).filter(({ rule: id }) => id !== 'kinds-missing').map(describeFinding);
}

const object = (apiVersion: string, kind: string, name: string, spec: string, namespace = 'shop') => (
  `{ apiVersion: ${apiVersion}, kind: ${kind}, metadata: { name: ${name}, namespace: ${namespace} }, spec: ${spec} }`);
const istio = (kind: string, name: string, spec: string, namespace?: string) => object('networking.istio.io/v1', kind, name, spec, namespace);
const service = (name: string, ports: string) => object('v1', 'Service', name, `{ selector: { app: ${name} }, ports: [${ports}] }`);
const pods = (name: string) => (
  object('apps/v1', 'Deployment', name, `{ template: { metadata: { labels: { app: ${name} } }, spec: { containers: [{ name: app, image: app, ports: [{ containerPort: 8080 }] }] } } }`));

const secret = (name: string) => `{ apiVersion: v1, kind: Secret, metadata: { name: ${name}, namespace: shop } }`;

describe('unknown-gateway-credential', () => {
  const gateway = istio('Gateway', 'gw', '{ selector: { app: gate }, servers: [{ port: { number: 443, name: https, protocol: HTTPS }, tls: { mode: SIMPLE, credentialName: cert }, hosts: [a.example.com] }] }');

  test.each([
    ['a Certificate', object('cert-manager.io/v1', 'Certificate', 'site', '{ secretName: cert, dnsNames: [a.example.com] }')],
    ['an ExternalSecret', object('external-secrets.io/v1', 'ExternalSecret', 'site', '{ target: { name: cert } }')],
    ['an ExternalSecret of that name', object('external-secrets.io/v1', 'ExternalSecret', 'cert', '{}')],
    ['a SealedSecret', object('bitnami.com/v1alpha1', 'SealedSecret', 'cert', '{ encryptedData: {} }')],
  ])('a Secret that %s makes is there', (_, maker) => {
    expect(said('unknown-gateway-credential', gateway, pods('gate'), secret('other'), maker)).toEqual([]);
  });

  test('a Secret that a Certificate makes in another namespace is not', () => {
    const maker = object('cert-manager.io/v1', 'Certificate', 'site', '{ secretName: cert }', 'web');
    expect(said('unknown-gateway-credential', gateway, pods('gate'), secret('other'), maker)).toEqual([expect.stringMatching(/there is no Secret 'cert' in 'shop'/)]);
  });
});

test.each([
  ['./*', 'istio-system/*', /leave one of them out, but not where this Sidecar is the default of the whole mesh/],
  ['istio-system/*', './*', /leave one of them out, but not where this Sidecar is the default of the whole mesh/],
  ['a/*', 'a/b.example.com', /; leave one of them out$/],
])('a Sidecar that imports %s and %s is told what to leave out, if anything', (one, other, repair) => {
  expect(said('warned-by-admission', istio('Sidecar', 'default', `{ egress: [{ hosts: ["${one}", "${other}"] }] }`, 'istio-system'))).toEqual([expect.stringMatching(repair)]);
});

describe('ejection-impossible', () => {
  const rule = istio('DestinationRule', 'catalog', '{ host: catalog, trafficPolicy: { outlierDetection: { consecutive5xxErrors: 5 } } }');
  const one = [rule, service('catalog', '{ name: http, port: 80 }'), pods('catalog')];

  test('one endpoint is never ejected, and one kind of repair is told', () => {
    expect(said('ejection-impossible', ...one)).toEqual([expect.stringMatching(/; state maxEjectionPercent: 100$/)]);
  });

  test('of how many there are once KEDA scales them nobody knows', () => {
    expect(said('ejection-impossible', ...one, object('keda.sh/v1alpha1', 'ScaledObject', 'catalog', '{ scaleTargetRef: { name: catalog }, maxReplicaCount: 20 }'))).toEqual([]);
  });
});

test('a Service with one port of both protocols, as DNS has, is in nobody\'s way', () => {
  const namespace = '{ apiVersion: v1, kind: Namespace, metadata: { name: shop, labels: { istio-injection: enabled } } }';
  const dns = service('dns', '{ name: tcp-dns, port: 53, protocol: TCP }, { name: udp-dns, port: 53, protocol: UDP }');
  expect(said('deployment-port-protocol-conflict', namespace, dns, pods('dns'))).toEqual([]);
});

describe('the API server\'s host is known without a manifest', () => {
  const known = service('catalog', '{ name: http, port: 80 }');
  const name = 'kubernetes.default.svc.cluster.local';
  const route = (host: string) => istio('VirtualService', 'api', `{ hosts: [api.example.com], tcp: [{ route: [{ destination: { host: ${host}, port: { number: 443 } } }] }] }`);
  const policy = (host: string) => istio('DestinationRule', 'api', `{ host: ${host}, trafficPolicy: { tls: { mode: DISABLE } } }`);
  const sidecar = (host: string) => istio('Sidecar', 'default', `{ egress: [{ hosts: ["default/${host}"] }] }`);

  test.each([['unknown-destination-host', route], ['unknown-destination-port', route], ['unknown-destination-rule-host', policy], ['unknown-egress-host', sidecar]])('%s', (rule, make) => {
    expect(said(rule, known, make(name))).toEqual([]);
  });

  test.each([['unknown-destination-host', route], ['unknown-destination-rule-host', policy], ['unknown-egress-host', sidecar]])('%s, but not that of another name', (rule, make) => {
    expect(said(rule, known, make('nothing.default.svc.cluster.local'))).toHaveLength(1);
  });
});

describe('mirror-to-routed-subset', () => {
  const mirrored = (subset: string) => [
    istio('VirtualService', 'catalog', `{ hosts: [catalog], http: [{ route: [{ destination: { host: catalog } }], mirror: { host: catalog, subset: ${subset} } }] }`),
    istio('DestinationRule', 'catalog', '{ host: catalog, subsets: [{ name: v1, labels: { version: v1 } }] }'),
  ];

  test('a mirror to a subset of the host that is routed to', () => expect(said('mirror-to-routed-subset', ...mirrored('v1'))).toHaveLength(1));
  test('a mirror to a subset that is not there', () => expect(said('mirror-to-routed-subset', ...mirrored('v9'))).toEqual([]));
});

test.each([[15020, 0], [15021, 0], [15090, 0], [9090, 1]])('a Service\'s port %i that no container has is found %i times', (port, times) => {
  expect(said('target-port-not-open', service('catalog', `{ name: http, port: 80, targetPort: 8080 }, { name: http-metrics, port: ${port} }`), pods('catalog'))).toHaveLength(times);
});

describe('overlapping-destination-rule-selectors', () => {
  const selecting = (name: string, labels: string) => istio('DestinationRule', name, `{ host: catalog, workloadSelector: { matchLabels: ${labels} }, trafficPolicy: { loadBalancer: { simple: RANDOM } } }`);
  const labelled = (labels: string) => object('apps/v1', 'Deployment', 'web', `{ template: { metadata: { labels: ${labels} }, spec: { containers: [] } } }`);
  const two = [selecting('one', '{ tier: front }'), selecting('two', '{ app: web }')];

  test('two labels of one workload', () => {
    expect(said('overlapping-destination-rule-selectors', ...two, labelled('{ app: web, tier: front }'))).toEqual([expect.stringMatching(/DestinationRule shop\/two .*shop\/one selects clients/)]);
  });

  test('two labels that no workload has together', () => {
    expect(said('overlapping-destination-rule-selectors', ...two, labelled('{ app: web }'))).toEqual([]);
    expect(said('overlapping-destination-rule-selectors', selecting('one', '{ app: cart }'), two[1], labelled('{ app: web }'))).toEqual([]);
  });
});

describe('shared-tcp-port-without-address', () => {
  const entry = (name: string, protocol: string, more = '') => (
    istio('ServiceEntry', name, `{ hosts: [${name}.example.com], ports: [{ number: 3306, name: sql, protocol: ${protocol} }], resolution: DNS${more} }`));

  test.each([['MySQL', 'MySQL'], ['TCP', 'MySQL'], ['MONGO', 'Redis']])('%s and %s', (one, other) => {
    expect(said('shared-tcp-port-without-address', entry('a', one), entry('b', other))).toHaveLength(2);
  });

  test('not TLS, which tells the host, nor with an address', () => {
    expect(said('shared-tcp-port-without-address', entry('a', 'TLS'), entry('b', 'TLS'), entry('c', 'MySQL'))).toEqual([]);
    expect(said('shared-tcp-port-without-address', entry('a', 'MySQL', ', addresses: [240.0.0.9]'), entry('b', 'MySQL'))).toEqual([]);
  });
});

describe('a retryBudget', () => {
  const rule = (policy: string, namespace?: string) => istio('DestinationRule', 'catalog', `{ host: catalog.shop.svc.cluster.local, trafficPolicy: ${policy} }`, namespace);

  test('is lost at a port with an entry, which has no field for it', () => {
    expect(said('port-policy-drops-inherited', rule('{ retryBudget: { percent: 20 }, portLevelSettings: [{ port: { number: 80 }, loadBalancer: { simple: RANDOM } }] }')))
      .toEqual([expect.stringMatching(/at port 80 retryBudget of the policy above does not hold.*it has no field retryBudget/)]);
  });

  test('is lost to clients with a DestinationRule of their own', () => {
    const known = service('catalog', '{ name: http, port: 80 }');
    const nearer = (policy: string) => said('hidden-destination-rule', known, rule('{ retryBudget: { percent: 20 } }'), rule(policy, 'web'));
    expect(nearer('{ loadBalancer: { simple: RANDOM } }')).toEqual([expect.stringMatching(/without retryBudget of shop\/catalog/)]);
    expect(nearer('{ retryBudget: { percent: 5 } }')).toEqual([]);
  });
});
