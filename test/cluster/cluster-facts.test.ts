import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart, Include, Testing } from 'cdk8s';
import { SCHEMAS } from '../../scripts/file-schemas';
import { analyze } from '../../src/analysis';
import { clusterFacts, withFacts } from '../../src/cluster/cluster-facts';
import { parseClusterFacts } from '../../src/cluster/facts-file';
import { PINS } from '../../src/envoy/pins';
import { parseManifests } from '../../src/manifest/loader';
import { Mesh } from '../../src/simulator';
import { TrafficValidation } from '../../src/validation';
import { ROOT, run } from '../cli/command-line';
import { errorOf } from '../error-of';
import { FindingSeverity, TrafficChecks } from 'cdk8s-istio';

const folder = mkdtempSync(join(tmpdir(), 'facts-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

/** An application whose gateway Helm installed, and which calls a service of another team. */
const APPLICATION = file('application.yaml', `
apiVersion: v1
kind: Service
metadata: { name: catalog, namespace: shop }
spec: { selector: { app: catalog }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: catalog, namespace: shop }
spec: { template: { metadata: { labels: { app: catalog } }, spec: { containers: [{ name: app, image: app, ports: [{ containerPort: 8080 }] }] } } }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec:
  selector: { istio: ingressgateway }
  servers: [{ port: { number: 443, name: https, protocol: HTTPS }, tls: { mode: SIMPLE, credentialName: shop-cert }, hosts: [shop.example.com] }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: catalog, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [public]
  http:
    - match: [{ uri: { prefix: /pay } }]
      route: [{ destination: { host: payments.billing.svc.cluster.local, port: { number: 80 } } }]
    - route: [{ destination: { host: catalog, port: { number: 80 } } }]
`);
const FACTS = `
kind: ClusterFacts
namespaces: [{ name: shop, mode: sidecar }, istio-ingress, billing]
gateways:
  - name: ingressgateway
    namespace: istio-ingress
    labels: { istio: ingressgateway }
    ports: [15021, 80, 443]
    secrets: [shop-cert]
services:
  - { name: payments, namespace: billing, ports: [80] }
`;
const FACTS_FILE = file('facts.yaml', FACTS);
const MISSING = ['gateway-selects-no-pods', 'unknown-destination-host'];

function found(text = FACTS, complete = false): string[] {
  const { objects } = parseManifests(readFileSync(APPLICATION, 'utf8'));
  return analyze(objects, { facts: parseClusterFacts(text), complete })
    .filter(({ rule }) => rule !== 'kinds-missing')
    .map(({ severity, rule }) => `${severity} ${rule}`);
}

describe('what the cluster has by its facts', () => {
  test('gives no finding on the first day, in an input that is complete with them too', () => {
    expect(found()).toEqual([]);
    expect(found(`${FACTS}complete: true\n`)).toEqual([]);
    expect(found(FACTS, true)).toEqual([]);
  });

  test.each([
    ['pods of a gateway with these labels', FACTS.replace('istio: ingressgateway', 'istio: other'), 'gateway-selects-no-pods'],
    ['the Secret', FACTS.replace('shop-cert', 'other-cert'), 'unknown-gateway-credential'],
    ['the Service', FACTS.replace('name: payments', 'name: refunds'), 'unknown-destination-host'],
    ['the port of the Service', FACTS.replace('ports: [80] }', 'ports: [81] }'), 'unknown-destination-port'],
  ])('without %s is an error once it is complete', (_, text, rule) => expect(found(text, true)).toContain(`error ${rule}`));

  test('of which a Secret is missing that may be beside the listed ones is likely a mistake', () => {
    expect(found(FACTS.replace('shop-cert', 'other-cert'))).toEqual(['warning unknown-gateway-credential']);
  });

  test('is not judged itself', () => {
    expect(
      found(
        `${FACTS}---\napiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: broken, namespace: billing }\nspec: { hosts: [payments], http: [{ rote: [] }] }\n`,
      ),
    ).toEqual([]);
  });

  test('may be manifests, as kubectl get writes them', () => {
    const list =
      'apiVersion: v1\nkind: List\nitems:\n- { apiVersion: v1, kind: Service, metadata: { name: payments, namespace: billing }, spec: { ports: [{ name: http, port: 80 }] } }\n';
    expect(found(list, true)).not.toContain('error unknown-destination-host');
    expect(found(`${FACTS.replace(/services:[^]*/, '')}---\n${list}`, true)).toEqual([]);
  });

  test('does not replace what the manifests state themselves', () => {
    const { objects } = parseManifests(
      'apiVersion: v1\nkind: Service\nmetadata: { name: payments, namespace: billing }\nspec: { ports: [{ name: http, port: 8080 }] }\n',
    );
    expect(withFacts(objects, clusterFacts({ services: [{ name: 'payments', namespace: 'billing', ports: [80] }] }))).toEqual(objects);
  });

  test('a subset of a Service of the facts is not called empty, as its pods are there too', () => {
    const { objects } = parseManifests(`${readFileSync(APPLICATION, 'utf8')}---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: payments, namespace: billing }
spec: { host: payments, subsets: [{ name: v1, labels: { version: v1 } }] }
`);
    expect(analyze(objects, { facts: parseClusterFacts(FACTS), complete: true }).map(({ rule }) => rule)).not.toContain(
      'subset-selects-no-pods',
    );
  });
});

describe('a file of facts that cannot be read says where and why', () => {
  test.each([
    ['gatways: []', 'facts.yaml:1: gatways is an unknown field; did you mean gateways?'],
    [
      'banana: 1',
      'banana is an unknown field; use one of kind, complete, istioVersion, clusterDomain, rootNamespace, meshConfig, namespaces, gateways, services',
    ],
    ['complete: yes please', 'complete is \'yes please\'; use true or false'],
    ['\n\ngateways:\n- name: a\n  namespace: b\n', 'facts.yaml:4: gateways[0] has no labels; add labels: an object'],
    ['gateways: [{ name: a, namespace: b, labels: { app: 1 } }]', 'gateways[0].labels.app is 1; use a string'],
    [
      'gateways: [{ name: a, namespace: b, labels: {}, ports: ["80"] }]',
      "gateways[0].ports[0] is '80'; use an integer from 1 to 65535 or an object",
    ],
    ['gateways: [{ name: a, namespace: b, labels: {}, ports: [70000] }]', 'gateways[0].ports[0] is 70000; use an integer from 1 to 65535'],
    [
      'gateways: [{ name: a, namespace: b, labels: {}, ports: [{ numbr: 1 }] }]',
      'gateways[0].ports[0] has no number; add number: an integer from 1 to 65535',
    ],
    ['namespaces: [{ name: shop, mode: ambiant }]', 'namespaces[0].mode is \'ambiant\'; use one of sidecar, ambient, none'],
    ['namespaces: shop', 'namespaces is \'shop\'; use a list'],
    ['services: [{ ports: [80] }]', 'services[0] has neither host nor name; add host, or name and namespace'],
    ['services: [{ name: a, ports: [80] }]', 'services[0] has no namespace; add the namespace of Service \'a\''],
    [
      'services: [{ host: a, ports: [80] }]',
      "services[0].host is 'a', not a host in full; write 'a.NAMESPACE.svc.cluster.local', or name and namespace",
    ],
    [
      'services: [{ host: svc.cluster.local.a.b.svc.cluster.local, ports: [80] }]',
      "services[0].host is 'svc.cluster.local.a.b.svc.cluster.local', not the host of a Service; use NAME.NAMESPACE.svc.cluster.local",
    ],
    ['services: [{ name: a, namespace: b, ports: [] }]', 'services[0].ports is an empty list; add the ports that callers use'],
    [
      'services: [{ name: a, namespace: b, ports: [80, 80] }]',
      'services[0].ports[1] is port 80, which is listed already; remove one of them',
    ],
    [
      'services: [{ name: a, namespace: b, ports: [80] }, { host: a.b.svc.cluster.local, ports: [81] }]',
      "services[1] is 'b/a', which is listed already; list it once, with all that it has",
    ],
    ['namespaces: [shop, { name: shop, mode: none }]', "namespaces[1] is 'shop', which is listed already; list it once, with all that it has"],
    [
      'services: [{ name: a, namespace: b, ports: [{ number: 80, protocol: htpp }] }]',
      "services[0].ports[0].protocol is 'htpp', which Istio does not know; use one such as http, http2, grpc, https, tls or tcp",
    ],
    ['istioVersion: 1.29', 'istioVersion is 1.29; use a string'],
    ['istioVersion: "2.0"', `istioVersion is '2.0'; use one of 1.17 to ${PINS.istio}`],
    ['meshConfig: { outboundTrafficPolicy: { mode: NEVER } }', 'meshConfig has a field that istiod refuses: outboundTrafficPolicy.mode is'],
    [
      'rootNamespace: a\nmeshConfig: { rootNamespace: b }',
      "rootNamespace is 'a', and meshConfig.rootNamespace is 'b'; remove one of them",
    ],
    ['meshConfig: { rootNamspace: a }', 'meshConfig.rootNamspace is an unknown field, which istiod ignores; did you mean rootNamespace?'],
    [
      'meshConfig: { outboundTrafficPolicy: { mod: ALLOW_ANY } }',
      'meshConfig.outboundTrafficPolicy.mod is an unknown field, which istiod ignores; did you mean mode?',
    ],
    [
      'meshConfig: { extensionProviders: [{ name: a, zipkim: { service: b } }] }',
      'meshConfig.extensionProviders[0].zipkim is an unknown field, which istiod ignores; did you mean zipkin?',
    ],
    [
      'meshConfig: { defaultConfig: { tracing: { zipkin: { addres: a } } } }',
      'meshConfig.defaultConfig.tracing.zipkin.addres is an unknown field, which istiod ignores; did you mean address?',
    ],
    [
      'meshConfig: { outboundTrafficPolicy: { banana: 1 } }',
      'meshConfig.outboundTrafficPolicy.banana is an unknown field, which istiod ignores; use one of mode',
    ],
    ['meshConfig: { access_log_file: a }', 'meshConfig.access_log_file is an unknown field, because fields have their names in JSON here; write accessLogFile'],
    ['clusterDomain: UPPER', "clusterDomain 'UPPER' is not a host name"],
    ['rootNamespace: Istio_System', "rootNamespace 'Istio_System' is not a DNS label"],
    ['namespaces: [Shop_1]', "namespaces[0] 'Shop_1' is not a DNS label"],
    ['namespaces: [{ name: Shop_1 }]', "namespaces[0].name 'Shop_1' is not a DNS label"],
    ['namespaces: [{ name: a, waypoint: a/b/c }]', "namespaces[0].waypoint is 'a/b/c'; use NAME or NAMESPACE/NAME of a waypoint, or none"],
    ['services: [{ name: Shop_1, namespace: b, ports: [80] }]', "services[0].name 'Shop_1' is not a DNS label"],
    ['services: [{ name: a, namespace: b.c, ports: [80] }]', "services[0].namespace 'b.c' is not a DNS label"],
    ['services: [{ host: api_v1.example.com, ports: [80] }]', "services[0].host 'api_v1.example.com' is not a host name"],
    ['services: [{ name: a, namespace: b, ports: [80], labels: { "a b": c } }]', "services[0].labels has the key 'a b'"],
    ['gateways: [{ name: Gateway, namespace: b, labels: {} }]', "gateways[0].name 'Gateway' is not a valid Kubernetes name"],
    ['gateways: [{ name: a, namespace: b, labels: { app: a b } }]', "gateways[0].labels has the value 'a b'"],
    ['gateways: [{ name: a, namespace: b, labels: {}, serviceAccount: A }]', "gateways[0].serviceAccount 'A' is not a valid Kubernetes name"],
    ['gateways: [{ name: a, namespace: b, labels: {}, secrets: [a, B] }]', "gateways[0].secrets[1] 'B' is not a valid Kubernetes name"],
    ['- a', 'the document is a list; use an object'],
    ['kind: Deployment', 'kind is \'Deployment\'; use ClusterFacts'],
    ['kind: ClusterFacts\napiVersion: v1', 'apiVersion is an unknown field'],
    ['', 'facts.yaml states nothing; state gateways, services, namespaces or meshConfig'],
    ['gateways: [', 'the document is not valid YAML'],
    ['gateways: []\ngateways: []', 'the key \'gateways\' is duplicated'],
    ['apiVersion: v1\nkind: Service\nmetadata: {}', 'the document of kind Service has no metadata.name'],
  ])('%j', (text, message) => {
    const error = errorOf(() => parseClusterFacts(text, 'facts.yaml', '--facts'));
    expect(error).toMatch(/^--facts: /);
    expect(error).toContain(message);
  });
});

describe('every reader of manifests takes the facts', () => {
  const rules = async (...args: string[]) =>
    JSON.parse((await run(['analyze', APPLICATION, '--format', 'json', '-q', ...args])).stdout).findings.map(
      ({ rule }: { rule: string }) => rule,
    );

  test('analyze', async () => {
    expect(await rules('--complete')).toEqual(expect.arrayContaining(MISSING));
    expect(await rules('--complete', '--facts', FACTS_FILE)).toEqual(['kinds-missing']);
  });

  test('several files together', async () => {
    const [gateways, services] = [FACTS.replace(/services:[^]*/, ''), FACTS.replace(/gateways:[^]*(?=services:)/, '')];
    expect(await rules('--complete', '--facts', file('gateways.yaml', gateways), '--facts', file('services.yaml', services))).toEqual([
      'kinds-missing',
    ]);
  });

  const asked = (...args: string[]) =>
    run([
      'request',
      APPLICATION,
      '--gateway',
      'istio-ingress/istio=ingressgateway',
      'GET',
      'https://shop.example.com/pay',
      '--expect-routed',
      '-q',
      ...args,
    ]);
  test('request', async () => {
    expect(await asked()).toMatchObject({ code: 1, stdout: expect.stringContaining('unknown cluster') });
    expect(await asked('--facts', FACTS_FILE)).toMatchObject({ code: 0, stdout: expect.stringContaining('outcome: routed') });
  });

  test('request says of a host that the input lacks that the cluster may have it, unless it is complete', async () => {
    const outside = 'not judged: host payments.billing.svc.cluster.local (a Service or ServiceEntry outside the input may have it)';
    expect((await asked()).stdout).toContain(outside);
    expect((await asked('--complete')).stdout).not.toContain('not judged');
    expect((await asked('--facts', FACTS_FILE)).stdout).not.toContain('outside the input');
  });

  test('explain', async () => {
    const { stdout } = await run(['explain', APPLICATION, '--from', 'shop', '--facts', FACTS_FILE, '-q']);
    expect(stdout).toContain('payments.billing.svc.cluster.local');
  });

  test('diff, on both sides', async () => {
    const rerouted = file(
      'rerouted.yaml',
      readFileSync(APPLICATION, 'utf8').replace('payments.billing.svc.cluster.local', 'refunds.billing.svc.cluster.local'),
    );
    const facts = file('both.yaml', `${FACTS}  - { name: refunds, namespace: billing, ports: [80] }\n`);
    const { stdout } = await run(['diff', APPLICATION, rerouted, '--facts', facts, '-q']);
    expect(stdout).toContain('refunds.billing');
    expect(await run(['diff', APPLICATION, APPLICATION, '--facts', facts, '-q'])).toMatchObject({ code: 0, stdout: '' });
  });

  test('graph', async () => {
    expect((await run(['graph', APPLICATION, '--facts', FACTS_FILE, '-q'])).stdout).toContain('payments');
  });

  test('a Mesh, by file and by fields', () => {
    const outcome = (mesh: Mesh) => mesh.gateway({ namespace: 'istio-ingress' }).request('GET', 'https://shop.example.com/pay').outcome;
    expect(outcome(Mesh.fromFiles(APPLICATION))).toBe('unknown cluster');
    expect(outcome(Mesh.fromFiles(APPLICATION, { facts: FACTS_FILE }))).toBe('routed');
    expect(outcome(Mesh.fromFiles(APPLICATION, { facts: { services: [{ name: 'payments', namespace: 'billing', ports: [80] }] } }))).toBe(
      'routed',
    );
    expect(() => Mesh.fromFiles(APPLICATION, { facts: { services: [{ name: 'payments', ports: [80] }] } })).toThrow(
      'facts: services[0] has no namespace',
    );
  });

  test('TrafficValidation', async () => {
    const violations = async (properties: ConstructorParameters<typeof TrafficValidation>[0]) => {
      const told: string[] = [];
      await new TrafficValidation(properties).validate({
        manifests: [APPLICATION],
        logger: { log: () => undefined },
        report: {
          addViolation: ({ ruleName }) => told.push(ruleName.split(' ')[0]),
          submit: () => undefined,
        },
      });
      return told;
    };
    expect(await violations({ complete: true })).toEqual(expect.arrayContaining(MISSING));
    expect(await violations({ complete: true, factsFile: FACTS_FILE })).toEqual([]);
  });

  test('TrafficChecks', () => {
    const rulesOf = (factsFile?: string) => {
      const app = new App({ outdir: Testing.app().outdir });
      new Include(new Chart(app, 'all'), 'Application', { url: APPLICATION });
      return new TrafficChecks(app, 'Checks', { complete: true, factsFile })
        .findings()
        .filter(({ severity }) => severity === FindingSeverity.ERROR)
        .map(({ rule }) => rule);
    };
    expect(rulesOf()).toEqual(expect.arrayContaining(MISSING));
    expect(rulesOf(FACTS_FILE)).toEqual([]);
  });
});

test('what the facts say of MeshConfig and the version holds unless an option says otherwise', async () => {
  const facts = file('settings.yaml', 'istioVersion: "1.17"\nmeshConfig: { outboundTrafficPolicy: { mode: REGISTRY_ONLY } }\n');
  const outcome = async (...args: string[]) =>
    (await run(['request', APPLICATION, '--from', 'shop', 'GET', 'http://unknown.example.com/', ...args])).stdout;
  expect(await outcome()).toContain('PassthroughCluster');
  expect(await outcome('--facts', facts)).toContain('blocked');
  const version = file('version.yaml', 'istioVersion: "1.17"\n');
  const explained = async (...args: string[]) =>
    (await run(['explain', APPLICATION, '--from', 'shop', '--format', 'json', '-q', ...args])).stdout;
  const [newest, old] = [await explained(), await explained('--istio', '1.17')];
  expect(old).not.toBe(newest);
  expect(await explained('--facts', version)).toBe(old);
  expect(await explained('--facts', version, '--istio', PINS.istio)).toBe(newest);
});

test('the JSON Schema in the package is the one that files are checked with', () => {
  expect(readFileSync(join(ROOT, 'schemas/cluster-facts.json'), 'utf8')).toBe(SCHEMAS['cluster-facts.json']);
});
