import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, App, Chart, Duration, JsonPatch, Testing } from 'cdk8s';
import type { ApiObjectProps } from 'cdk8s';
import { errorOf } from '../error-of';
import { CircuitBreakerPolicy, FindingSeverity, MeshService, RequestPolicy, ServicePort, TrafficChecks } from 'cdk8s-istio';
import type { TrafficChecksProps } from 'cdk8s-istio';

const app = () => new App({ outdir: Testing.app().outdir });

/** A hand-written VirtualService that names a missing Gateway, together with one that it does not name. */
function lost(chart: Chart): ApiObject {
  new ApiObject(chart, 'Other', {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: { name: 'other', namespace: 'shop' },
    spec: { selector: { app: 'gate' }, servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }] },
  } as ApiObjectProps);
  return new ApiObject(chart, 'Lost', {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'lost', namespace: 'shop' },
    spec: { hosts: ['a.example.com'], gateways: ['gone'], http: [{ route: [{ destination: { host: 'catalog', port: { number: 80 } } }] }] },
  } as ApiObjectProps);
}

/** The output on stderr. */
let said: string[];
beforeEach(() => {
  said = [];
  jest.spyOn(process.stderr, 'write').mockImplementation(text => said.push(String(text)) > 0);
});
afterEach(() => jest.restoreAllMocks());

test('an App without mistakes is synthesized', () => {
  const root = app();
  const chart = new Chart(root, 'shop', { namespace: 'shop' });
  const catalog = new MeshService(chart, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)] });
  new RequestPolicy(chart, 'Timeout', { service: catalog, timeout: Duration.seconds(5) });
  const checks = new TrafficChecks(root, 'Checks');
  expect(checks.findings().filter(({ severity }) => severity === FindingSeverity.ERROR)).toEqual([]);
  root.synth();
});

test('a mistake in any chart fails the synth, with the construct and the repair', () => {
  const root = app();
  new TrafficChecks(root, 'Checks', { complete: true });
  lost(new Chart(root, 'shop'));
  const error = errorOf(() => root.synth());
  expect(error).toMatch(
    /\[Checks\] error unknown-gateway IST0101.*: VirtualService shop\/lost spec\.gateways\[0\]: .*; .* \(from shop\/Lost\)/s,
  );
});

test('an object that cannot be read is a finding with its own repair', () => {
  const root = app();
  const checks = new TrafficChecks(root, 'Checks');
  lost(new Chart(root, 'shop')).addJsonPatch(JsonPatch.add('/metadata/labels', { version: 1 }));
  expect(checks.findings()).toContainEqual(expect.objectContaining({
    rule: 'unreadable-manifest',
    cause: expect.stringMatching(
      /values in metadata\.labels that are not strings$/,
    ),
    repair: 'quote them',
    constructs: ['shop/Lost'],
  }));
});

test('a construct is named with the line that created it, if the checks were created before', () => {
  const root = app();
  const checks = new TrafficChecks(root, 'Checks');
  const chart = new Chart(root, 'shop', { namespace: 'shop' });
  const catalog = new MeshService(chart, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)] });
  new CircuitBreakerPolicy(chart, 'Breaker', { service: catalog, connectionPool: { maxConnections: 1 } });
  catalog.destinationRule.addJsonPatch(JsonPatch.add('/spec/trafficPolicy/connectionPool/tcp/maxConections', 5));
  const [finding] = checks.findings().filter(({ rule }) => rule === 'schema-violation');
  expect(finding).toMatchObject({ resource: 'DestinationRule shop/catalog', constructs: ['shop/Breaker'] });
  expect(finding.callSite).toMatch(/traffic-checks\.test\.ts:\d+$/);
});

test('without a policy, the line is the first that requests an object of the service', () => {
  const root = app();
  const checks = new TrafficChecks(root, 'Checks');
  const catalog = new MeshService(new Chart(root, 'shop', { namespace: 'shop' }), 'Catalog', {
    name: 'catalog',
    ports: [ServicePort.http(80)],
  });
  const line = lineHere() + 1;
  catalog.addSubset('v1', { labels: { version: 'v1' } });
  catalog.destinationRule.addJsonPatch(JsonPatch.add('/spec/subset', []));
  const [finding] = checks.findings().filter(({ rule }) => rule === 'schema-violation');
  expect(finding.callSite).toMatch(new RegExp(`traffic-checks\\.test\\.ts:${line}$`));
});

function lineHere(): number {
  return Number(/traffic-checks\.test\.ts:(\d+)/.exec(new Error().stack!.split('\n')[2])![1]);
}

test('the severity that fails synth is configurable; warnings below it go to stderr', () => {
  const make = (props: TrafficChecksProps) => {
    const root = app();
    new TrafficChecks(root, 'Checks', props);
    new ApiObject(new Chart(root, 'shop'), 'Old', {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: 'catalog', namespace: 'shop' },
      spec: { host: 'catalog', trafficPolicy: { outlierDetection: { consecutiveErrors: 5 } } },
    });
    return root;
  };
  make({}).synth();
  expect(said.join('')).toMatch(/^warning warned-by-admission IST0133: DestinationRule shop\/catalog /m);
  expect(errorOf(() => make({ failOn: FindingSeverity.WARNING }).synth())).toMatch(/warning warned-by-admission IST0133/);
});

test('suppressed findings do not fail synth', () => {
  const root = app();
  new TrafficChecks(root, 'Checks', {
    suppressions: [{ rule: 'unknown-gateway', resource: 'VirtualService shop/*', reason: 'another team brings the Gateway' }],
  });
  lost(new Chart(root, 'shop'));
  expect(() => root.synth()).not.toThrow();
});

test('suppressions may be in a file; a missing file is an error', () => {
  const outdir = Testing.app().outdir;
  const suppressionsFile = join(outdir, 'suppressions.yaml');
  writeFileSync(
    suppressionsFile,
    'suppressions: [{rule: IST0101, reason: another team brings the Gateway}, {rule: IST0132, reason: so that nothing is known of its hosts}]\n',
  );
  const make = (file: string) => {
    const root = app();
    new TrafficChecks(root, 'Checks', { suppressionsFile: file, failOn: FindingSeverity.WARNING });
    lost(new Chart(root, 'shop'));
    return root;
  };
  expect(() => make(suppressionsFile).synth()).not.toThrow();
  expect(errorOf(() => make(`${suppressionsFile}x`).synth())).toMatch(
    /suppressions\.yamlx: there is no such file or folder; name an existing one/,
  );
});

test.each([
  [
    { failOn: 'worst' as FindingSeverity },
    "Checks: failOn is 'worst', a string; use one of FindingSeverity.ERROR, FindingSeverity.WARNING, FindingSeverity.INFO",
  ],
  [{ suppressions: [{ rule: 'x', reason: '' }] }, 'Checks: suppressions[0] (x) has no reason; add why it is not a mistake'],
])('invalid props are rejected', (props, message) => {
  expect(() => new TrafficChecks(app(), 'Checks', props)).toThrow(message);
});

test('an unknown Istio version is rejected with the path of the checks', () => {
  const root = app();
  new TrafficChecks(root, 'Checks', { upgradesFrom: 'banana' });
  expect(errorOf(() => root.synth())).toContain('Checks: upgradesFrom is \'banana\', which is not a known Istio version; use one from 1.');
});

test('the analysis runs once per synth, for any number of charts, and again for the next', () => {
  const root = app();
  const checks = new TrafficChecks(root, 'Checks', { complete: true });
  const charts = ['a', 'b', 'c'].map(id => new Chart(root, id));
  const findings = jest.spyOn(checks, 'findings');
  root.synth();
  expect(findings).toHaveBeenCalledTimes(1);
  lost(charts[1]);
  expect(errorOf(() => root.synth())).toMatch(/unknown-gateway/);
  expect(errorOf(() => Testing.synth(charts[0]))).toMatch(/unknown-gateway/);
  expect(findings).toHaveBeenCalledTimes(3);
});

describe('each validation of a synth checks the App', () => {
  const calls = (root: App) => {
    const findings = jest.spyOn(new TrafficChecks(root, 'Checks'), 'findings');
    new Chart(root, 'a');
    root.synth();
    return findings.mock.calls.length;
  };

  test('if CDK8S_ISTIO_CHECK_EACH_VALIDATION is set', () => {
    process.env.CDK8S_ISTIO_CHECK_EACH_VALIDATION = '1';
    try {
      expect(calls(app())).toBe(2);
    } finally {
      delete process.env.CDK8S_ISTIO_CHECK_EACH_VALIDATION;
    }
  });

  test('if the synth of the App cannot be wrapped, as that of a Python class', () => {
    const root = app();
    Object.defineProperty(root, 'synth', { value: () => App.prototype.synth.call(root), writable: false });
    expect(calls(root)).toBe(2);
  });
});

test('an App is checked once for its whole YAML too, also an App of a derived class', () => {
  class Stamped extends App {
    public synth(): void {
      super.synth();
    }
  }
  const root = new Stamped({ outdir: Testing.app().outdir });
  const findings = jest.spyOn(new TrafficChecks(root, 'Checks'), 'findings');
  for (const id of ['a', 'b']) new Chart(root, id);
  root.synthYaml();
  root.synth();
  expect(findings).toHaveBeenCalledTimes(2);
});

test('a failed synth leaves no state for the next one', () => {
  const root = app();
  new TrafficChecks(root, 'Checks', { failOn: FindingSeverity.WARNING });
  const shop = new Chart(root, 'shop', { namespace: 'shop' });
  const service = new MeshService(shop, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)] });
  service.addSubset('v1', { labels: { version: 'v1' } });
  const gateless = lost(shop);
  expect(() => root.synth()).toThrow(/unknown-gateway/);
  gateless.addJsonPatch(JsonPatch.replace('/spec/gateways', ['other']));
  service.addSubset('v2', { labels: { version: 'v2' } });
  service.destinationRule.metadata.addLabel('tier', 'one');
  root.synth();
  expect(service.destinationRule.toJson()).toMatchObject({
    metadata: { labels: { tier: 'one' } },
    spec: { subsets: [{ name: 'v1' }, { name: 'v2' }] },
  });
});

test('a program without checks, or before the first check, loads no analysis', () => {
  jest.isolateModules(() => {
    const loaded: string[] = [];
    jest.doMock('../../src/analysis/analyze', () => {
      loaded.push('analysis');
      return jest.requireActual('../../src/analysis/analyze');
    });
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const library = require('../../src') as { readonly TrafficChecks: typeof TrafficChecks };
    const root = app();
    new library.TrafficChecks(root, 'Checks');
    expect(loaded).toEqual([]);
    root.synth();
    expect(loaded).toEqual(['analysis']);
  });
});

test('only the owner reports statements that contradict each other', () => {
  const root = app();
  new TrafficChecks(root, 'Checks');
  const chart = new Chart(root, 'shop', { namespace: 'shop' });
  const catalog = new MeshService(chart, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)] });
  catalog.addSubset('v1', { labels: { version: 'v1' } });
  catalog.retireSubset('v1');
  catalog.retireSubset('v1');
  expect(() => root.synth()).not.toThrow(/rule-failed/);
});

test('stderr names what is not judged once per synth, and it does not fail synth', () => {
  const root = app();
  new TrafficChecks(root, 'Checks');
  new ApiObject(new Chart(root, 'shop'), 'Deny', {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: {
      name: 'deny',
      namespace: 'shop',
    },
    spec: { action: 'DENY', rules: [{}] },
  } as ApiObjectProps);
  root.synth();
  expect(said.filter(text => text.includes('not judged'))).toEqual([
    'not judged: AuthorizationPolicy shop/deny (which calls are allowed)\n',
  ]);
});
