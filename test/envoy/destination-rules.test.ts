import type { Proxy } from '../../src/envoy/proxy';
import { Translator } from '../../src/envoy/translator';
import type { Cluster } from '../../src/envoy/xds/cluster';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';

// Istio's rules as runs of istiod showed them: a limit of connections tells which DestinationRule was taken.

const service = (name: string, namespace: string): KubernetesObject => (
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { selector: { app: name }, ports: [{ name: 'http', port: 80 }] },
  });
const CATALOG = service('catalog', 'shop');
const HOST = 'catalog.shop.svc.cluster.local';

const proxyIn = (namespace: string, labels: Proxy['labels'] = { app: 'web' }): Proxy => ({ type: 'sidecar', namespace, labels });

const limit = (maxConnections: number) => ({ connectionPool: { tcp: { maxConnections } } });
const subset = (name: string, trafficPolicy?: object) => ({ name, labels: { version: name }, ...trafficPolicy && { trafficPolicy } });

let made = 0;
/** A rule that is younger than all before it. */
function rule(namespace: string, spec: object, name = 'rule'): KubernetesObject {
  const creationTimestamp = new Date(Date.UTC(2025, 0, 1, 0, 0, made++)).toISOString();
  return { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name, namespace, creationTimestamp }, spec };
}

function clusters(objects: readonly KubernetesObject[], proxy: Proxy): { [subset: string]: Cluster } {
  const all = new Translator([CATALOG, ...objects]).translate(proxy).clusters.filter(({ name }) => name.endsWith(`|${HOST}`));
  return Object.fromEntries(all.map(cluster => [cluster.name.split('|')[2], cluster]));
}

const limitOf = (cluster: Cluster | undefined) => cluster?.circuitBreakers?.thresholds?.[0].maxConnections;
const UNLIMITED = 4294967295;

/** The limit of the whole service, as a proxy of a namespace sees it. */
const seenFrom = (namespace: string, objects: readonly KubernetesObject[]) => limitOf(clusters(objects, proxyIn(namespace))['']);

describe('where a rule is looked for', () => {
  const [inShop, inOther, inRoot] = [1, 2, 3];
  const everywhere = () => [
    rule('shop', { host: HOST, trafficPolicy: limit(inShop) }), rule('other', { host: HOST, trafficPolicy: limit(inOther) }),
    rule('istio-system', { host: HOST, trafficPolicy: limit(inRoot) }),
  ];

  test('the caller\'s namespace, then the service\'s, then the root namespace', () => {
    const [shop, other, root] = everywhere();
    expect(seenFrom('other', [shop, other, root])).toBe(inOther);
    expect(seenFrom('other', [shop, root])).toBe(inShop);
    expect(seenFrom('other', [root])).toBe(inRoot);
  });

  test('never a third namespace', () => {
    expect(seenFrom('other', [rule('third', { host: HOST, trafficPolicy: limit(1) })])).toBe(UNLIMITED);
  });

  test('a caller in the root namespace takes its own only if they are private', () => {
    const [shop, , root] = everywhere();
    expect(seenFrom('istio-system', [shop, root])).toBe(inShop);
    expect(seenFrom('istio-system', [shop, rule('istio-system', { host: HOST, exportTo: ['.'], trafficPolicy: limit(4) })])).toBe(4);
  });

  test('a wildcard of the caller\'s namespace hides the exact rule of the service\'s', () => {
    expect(
      seenFrom('other', [rule('other', { host: '*', trafficPolicy: limit(1) }), rule('shop', { host: HOST, trafficPolicy: limit(2) })]),
    ).toBe(1);
  });

  test('in one place the most specific host counts', () => {
    const wide = [
      rule('shop', { host: '*.local', trafficPolicy: limit(1) }),
      rule('shop', { host: '*.shop.svc.cluster.local', trafficPolicy: limit(2) }),
    ];
    expect(seenFrom('shop', wide)).toBe(2);
    expect(seenFrom('shop', [...wide, rule('shop', { host: 'catalog', trafficPolicy: limit(3) })])).toBe(3);
  });

  test('a rule for other namespaces hides the wildcard for all, but not the root namespace\'s', () => {
    const objects = [
      rule(
        'shop',
        { host: HOST, exportTo: ['third'], trafficPolicy: limit(1) },
      ), rule('shop', { host: '*.local', trafficPolicy: limit(2) }),
    ];
    expect(seenFrom('other', objects)).toBe(UNLIMITED);
    expect(seenFrom('other', [...objects, rule('istio-system', { host: '*', trafficPolicy: limit(3) })])).toBe(3);
  });

  test('a private rule hides nothing from other namespaces', () => {
    const objects = [
      rule('shop', { host: HOST, exportTo: ['.'], trafficPolicy: limit(1) }),
      rule('shop', { host: '*.local', trafficPolicy: limit(2) }),
    ];
    expect([seenFrom('shop', objects), seenFrom('other', objects)]).toEqual([1, 2]);
  });
});

describe('rules of one host and namespace', () => {
  test('of the same visibility become one: new subsets are added, the first policy counts whole', () => {
    const found = clusters([
      rule('shop', { host: 'catalog', trafficPolicy: limit(1), subsets: [subset('v1', limit(2))] }, 'a'),
      rule('shop', { host: HOST, trafficPolicy: { outlierDetection: {} }, subsets: [subset('v1', limit(3)), subset('v2')] }, 'b'),
    ], proxyIn('shop'));
    expect(Object.keys(found).sort()).toEqual(['', 'v1', 'v2']);
    expect([limitOf(found['']), limitOf(found.v1), limitOf(found.v2)]).toEqual([1, 2, 1]);
    expect(found[''].outlierDetection).toBeUndefined();
  });

  test('of which the first has no policy: the second\'s is taken for all subsets', () => {
    const found = clusters(
      [rule('shop', { host: HOST, subsets: [subset('v1')] }), rule('shop', { host: HOST, trafficPolicy: limit(7) })],
      proxyIn('shop'),
    );
    expect([limitOf(found['']), limitOf(found.v1)]).toEqual([7, 7]);
  });

  test('of different visibility stay apart, and the youngest counts alone; no statement is not the same as *', () => {
    const found = clusters([
      rule(
        'shop',
        { host: HOST, trafficPolicy: limit(1), subsets: [subset('v1')] },
      ), rule('shop', { host: HOST, exportTo: ['*'], trafficPolicy: limit(2) }),
    ], proxyIn('shop'));
    expect(Object.keys(found)).toEqual(['']);
    expect(limitOf(found[''])).toBe(2);
  });

  test('a wider one is merged into one for a namespace, and the namespaces that it adds get nothing', () => {
    const objects = [
      rule('shop', { host: HOST, exportTo: ['other'], trafficPolicy: limit(1) }),
      rule('shop', { host: HOST, exportTo: ['other', 'third'], subsets: [subset('v1')] }),
    ];
    expect(Object.keys(clusters(objects, proxyIn('other')))).toEqual(['', 'v1']);
    expect(Object.keys(clusters(objects, proxyIn('third')))).toEqual(['']);
  });
});

describe('rules for some workloads', () => {
  const selecting = (exportTo?: string[]) => [
    rule('shop', { host: HOST, workloadSelector: { matchLabels: { app: 'web' } }, trafficPolicy: limit(1) }),
    rule('shop', { host: HOST, trafficPolicy: limit(2), subsets: [subset('v1')], ...exportTo && { exportTo } }),
  ];
  const selected = proxyIn('shop', { app: 'web' });
  const others = proxyIn('shop', { app: 'orders' });

  test('count for these alone, and without the subsets of the rule for all', () => {
    const objects = selecting();
    expect(Object.keys(clusters(objects, selected))).toEqual(['']);
    expect(limitOf(clusters(objects, selected)[''])).toBe(1);
    expect(Object.keys(clusters(objects, others))).toEqual(['', 'v1']);
    expect(limitOf(clusters(objects, others)[''])).toBe(2);
  });

  test('take a rule in that is for the namespace alone, which then is gone for the others', () => {
    const objects = selecting(['.']);
    expect(Object.keys(clusters(objects, selected))).toEqual(['', 'v1']);
    expect(limitOf(clusters(objects, others)[''])).toBe(UNLIMITED);
  });

  test('take a rule in that names the namespace among others, and it stays for the others', () => {
    const objects = selecting(['.', 'other']);
    expect(Object.keys(clusters(objects, selected))).toEqual(['', 'v1']);
    expect(limitOf(clusters(objects, others)[''])).toBe(2);
  });

  test('count nowhere else', () => {
    expect(
      seenFrom('other', [rule('shop', { host: HOST, workloadSelector: { matchLabels: { app: 'web' } }, trafficPolicy: limit(1) })]),
    ).toBe(UNLIMITED);
  });
});

describe('what a cluster gets of a policy', () => {
  const policy = { ...limit(7), outlierDetection: { consecutive5xxErrors: 3 }, loadBalancer: { simple: 'RANDOM' } };

  test('an object that a subset states replaces the whole one, the others are kept', () => {
    const own = { connectionPool: { http: { http1MaxPendingRequests: 5 } } };
    const { v1 } = clusters([rule('shop', { host: HOST, trafficPolicy: policy, subsets: [subset('v1', own)] })], proxyIn('shop'));
    expect(v1.circuitBreakers?.thresholds?.[0]).toMatchObject({ maxConnections: UNLIMITED, maxPendingRequests: 5 });
    expect([v1.outlierDetection?.consecutive5xx, v1.lbPolicy]).toEqual([3, 'RANDOM']);
  });

  test('the entry of a port replaces everything, whatever it states', () => {
    const found = clusters([rule('shop', {
      host: HOST, trafficPolicy: { ...policy, portLevelSettings: [{ port: { number: 80 }, loadBalancer: { simple: 'ROUND_ROBIN' } }] },
    })], proxyIn('shop'))[''];
    expect([limitOf(found), found.outlierDetection, found.lbPolicy]).toEqual([UNLIMITED, undefined, undefined]);
  });

  test('a subset\'s own entry of the port replaces all that is above it, its own too', () => {
    const own = { ...limit(9), portLevelSettings: [{ port: { number: 80 }, loadBalancer: { simple: 'RANDOM' } }] };
    const { v1 } = clusters([rule('shop', { host: HOST, trafficPolicy: policy, subsets: [subset('v1', own)] })], proxyIn('shop'));
    expect([limitOf(v1), v1.outlierDetection, v1.lbPolicy]).toEqual([UNLIMITED, undefined, 'RANDOM']);
  });

  test('an empty outlierDetection switches ejection on', () => {
    expect(clusters([rule('shop', { host: HOST, trafficPolicy: { outlierDetection: {} } })], proxyIn('shop'))[''].outlierDetection)
      .toEqual({ enforcingSuccessRate: 0 });
  });
});

describe('what a reader would not expect is said in a note', () => {
  const entry = (spec: object): KubernetesObject => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name: 'api', namespace: 'shop' },
    spec,
  });
  const PORTS = [{ number: 80, name: 'http', protocol: 'HTTP' }];
  const notes = (objects: readonly KubernetesObject[], type: Proxy['type'] = 'sidecar') =>
    new Translator([CATALOG, ...objects]).translate({ ...proxyIn('shop'), type }).notes.map(({ message }) => message);

  test('a sidecar takes no credentialName from a rule for all workloads; a gateway does', () => {
    const objects = [rule('shop', { host: HOST, trafficPolicy: { tls: { mode: 'SIMPLE', credentialName: 'cert' } } })];
    expect(notes(objects)).toContainEqual(
      expect.stringContaining('is called in plaintext: a sidecar uses credentialName only from a DestinationRule with a workloadSelector'),
    );
    expect(notes(objects, 'gateway')).not.toContainEqual(expect.stringContaining('plaintext'));
  });

  test('MUTUAL without a certificate', () => {
    expect(notes([rule('shop', { host: HOST, trafficPolicy: { tls: { mode: 'MUTUAL' } } })])).toContainEqual(
      expect.stringContaining('MUTUAL requires clientCertificate'),
    );
  });

  test('a subset of names of which there is none', () => {
    const objects = [
      entry({ hosts: ['api.example.com'], ports: PORTS, resolution: 'DNS', endpoints: [{ address: 'eu.example.com' }] }),
      rule('shop', { host: 'api.example.com', subsets: [subset('v1')] }),
    ];
    expect(notes(objects)).toContainEqual(
      'ServiceEntry shop/api: istiod leaves out the cluster outbound|80|v1|api.example.com, because DNS has no name to look up for it',
    );
  });

  test('each note is told once, and names its object', () => {
    const ports = [...PORTS, { number: 81, name: 'http-other', protocol: 'HTTP' }];
    const told = notes([
      entry({ hosts: ['*.example.com'], ports, resolution: 'DYNAMIC_DNS' }),
      rule('shop', { host: '*.example.com', subsets: [subset('v1')] }),
    ]);
    expect(told.filter(note => note.includes('get no clusters')))
      .toEqual([expect.stringMatching(/^DestinationRule shop\/.*: subsets of \*\.example\.com get no clusters/)]);
  });

  test('what istiod breaks at', () => {
    const dynamic = entry({ hosts: ['*.example.com'], ports: PORTS, resolution: 'DYNAMIC_DNS' });
    expect(
      notes([dynamic, rule('shop', { host: '*.example.com', subsets: [subset('v1')], trafficPolicy: { outlierDetection: {} } })]),
    ).toEqual(
      expect.arrayContaining([expect.stringContaining('panics at outlierDetection'), expect.stringContaining('get no clusters')]));
    const endpoints = ['eu-west', 'us-east'].map((locality, i) => ({ address: `e${i}.example.com`, locality }));
    const priority = { outlierDetection: {}, loadBalancer: { localityLbSetting: { failoverPriority: ['version'] } } };
    expect(
      notes([
        entry({ hosts: ['api.example.com'], ports: PORTS, resolution: 'DNS', endpoints }),
        rule('shop', { host: 'api.example.com', trafficPolicy: priority }),
      ]),
    )
      .toContainEqual(expect.stringContaining('panics at failoverPriority'));
  });
});
