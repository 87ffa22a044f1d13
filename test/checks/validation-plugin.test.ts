import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, Chart, JsonPatch, YamlOutputType } from 'cdk8s';
import type { TrafficValidationProperties } from '../../src/validation';
import { TrafficValidation } from '../../src/validation';
import { MeshEnvironment, MeshService, RolloutOrder, ServicePort } from 'cdk8s-istio';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'validation-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string) => {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const virtualService = 'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: catalog, namespace: shop}\n'
  + 'spec:\n  hosts: [a.example.com]\n  gateways: [gw]\n  http: [{route: [{destination: {host: catalog, port: {number: 80}}}]}]\n';
const gateway = 'apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: gw, namespace: shop}\n'
  + 'spec: {selector: {istio: ingressgateway}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}\n';
/** A Gateway that the VirtualService does not name. */
const other = gateway.replace('name: gw', 'name: other');

/** What makes the lost Gateway alone a violation, though it may lie elsewhere. */
const LOST: TrafficValidationProperties = {
  failOn: 'warning',
  suppressions: [{ rule: 'host-outside-gateway', reason: 'unknown-gateway says it' }],
};

async function run(manifests: readonly string[], properties: TrafficValidationProperties = {}) {
  const violations: { ruleName: string; fix: string; violatingResources: readonly object[] }[] = [];
  const said: string[] = [];
  let status = '';
  await new TrafficValidation(properties).validate({
    manifests,
    logger: { log: text => said.push(text) },
    report: { addViolation: violation => violations.push(violation), submit: submitted => { status = submitted; } },
  });
  return { violations, status, said };
}

test('files of one folder are one environment', async () => {
  const { violations, status } = await run([write('a/vs.yaml', virtualService), write('a/gw.yaml', gateway)]);
  expect(violations).toEqual([]);
  expect(status).toBe('success');
});

test('the content of another folder does not count', async () => {
  const file = write('a/vs.yaml', virtualService);
  const { violations, status } = await run([file, write('a/other.yaml', other), write('b/gw.yaml', gateway)], LOST);
  expect(status).toBe('failure');
  expect(violations).toEqual([{
    ruleName: expect.stringMatching(/^unknown-gateway IST0101/),
    recommendation: expect.any(String),
    fix: expect.any(String),
    violatingResources: [{ resourceName: 'catalog', locations: ['VirtualService shop', 'spec.gateways[0]', 'line 6'], manifestPath: file }],
  }]);
});

test('an environment may have cluster facts of its own', async () => {
  const files = ['dev', 'prod'].flatMap(name => [write(`${name}/vs.yaml`, virtualService), write(`${name}/other.yaml`, other)]);
  const facts = write('facts/dev.yaml', gateway);
  const lost = async (environmentFacts: TrafficValidationProperties['environmentFacts']) => {
    const { violations } = await run(files, { failOn: 'warning', environmentFacts });
    return violations.filter(({ ruleName }) => ruleName.startsWith('unknown-gateway'))
      .flatMap(({ violatingResources }) => violatingResources.map(({ manifestPath }: { manifestPath?: string }) => manifestPath));
  };
  expect(await lost({})).toEqual([files[0], files[2]]);
  expect(await lost({ dev: facts })).toEqual([files[2]]);
  expect(await lost({ dev: facts, prod: [facts] })).toEqual([]);
});

test('cluster facts of an environment that is not written are told', async () => {
  const { said } = await run([write('dev/vs.yaml', virtualService)], { environmentFacts: { prd: write('facts/prd.yaml', gateway) } });
  expect(said).toContain('environmentFacts.prd applies to nothing: no App writes a folder \'prd\'');
});

describe('one App is one environment, however many folders it writes', () => {
  const SUBSET = JsonPatch.replace('/spec/http/0/route/0/destination/subset', 'v9');
  /** What cdk8s-cli finds below the output folder of a program that it validates. */
  const synth = async (program: (outdir: string) => void, properties: TrafficValidationProperties = {}) => {
    process.env.CDK8S_RECORD_CONSTRUCT_METADATA = 'true';
    try {
      program(folder);
    } finally {
      delete process.env.CDK8S_RECORD_CONSTRUCT_METADATA;
    }
    const files = (readdirSync(folder, { recursive: true }) as string[]).filter(file => file.endsWith('.yaml')).sort();
    const { violations, status } = await run(files.map(file => join(folder, file)), properties);
    expect(status).toBe(violations.length === 0 ? 'success' : 'failure');
    return {
      files,
      found: violations.map(
        ({ ruleName, violatingResources: [at] }) =>
          `${ruleName.split(' ')[0]} in ${(at as { manifestPath: string }).manifestPath.slice(folder.length + 1)}`,
      ),
    };
  };
  const catalog = (scope: App, patch?: JsonPatch) => {
    const routes = new Chart(scope, 'routes', { namespace: 'shop' });
    const service = new MeshService(routes, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)] });
    service.routeDefaultTo(service.addSubset('v1', { labels: { version: 'v1' } }));
    if (patch) service.virtualService.addJsonPatch(patch);
  };
  const flux = (outdir: string, name: string, patch?: JsonPatch) => {
    const environment = new MeshEnvironment({
      name,
      namespace: 'shop',
      outdir,
      rolloutOrder: RolloutOrder.fluxFolders({ sourceName: 'fleet', path: './x' }),
    });
    catalog(environment, patch);
    environment.synth();
  };
  const NO_SUBSET = /^unknown-subset in /;

  test('the folders of fluxFolders: a patch that names a subset that is nowhere fails, and without it nothing does', async () => {
    expect((await synth(outdir => flux(outdir, 'prod', SUBSET))).found).toContainEqual(expect.stringMatching(NO_SUBSET));
  });

  test('the folders of fluxFolders that are right pass', async () => {
    const { files, found } = await synth(outdir => flux(outdir, 'prod'));
    expect([files, found]).toEqual([
      ['prod/destinations/routes.k8s.yaml', 'prod/flux/kustomizations.yaml', 'prod/routes/routes.k8s.yaml'],
      [],
    ]);
  });

  test('of two environments in one output folder each is judged by itself', async () => {
    const { found } = await synth(outdir => {
      flux(outdir, 'prod', SUBSET);
      flux(outdir, 'staging');
    });
    expect(found.filter(text => NO_SUBSET.test(text))).toEqual(['unknown-subset in prod/routes/routes.k8s.yaml']);
  });

  const plain = (app: App, subset: string) => {
    const object = (chart: Chart, kind: string, spec: object) =>
      new ApiObject(chart, kind, { apiVersion: 'networking.istio.io/v1', kind, metadata: { name: 'catalog' }, spec });
    object(new Chart(app, 'rules', { namespace: 'shop' }), 'DestinationRule', {
      host: 'catalog',
      subsets: [{ name: 'v1', labels: { version: 'v1' } }],
    });
    object(new Chart(app, 'routes', { namespace: 'shop' }), 'VirtualService', {
      hosts: ['catalog'],
      http: [{ route: [{ destination: { host: 'catalog', subset } }] }],
    });
    app.synth();
  };

  test.each([
    YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE,
    YamlOutputType.FILE_PER_RESOURCE,
    YamlOutputType.FILE_PER_CHART,
    YamlOutputType.FILE_PER_APP,
  ])(
    'an App with the output type %s whose rules and routes are in two charts', async yamlOutputType => {
      expect(
        (await synth(outdir => plain(new App({ outdir, yamlOutputType }), 'v1'), { failOn: 'warning', complete: false })).found,
      ).toEqual([]);
      expect((await synth(outdir => plain(new App({ outdir, yamlOutputType }), 'v9'))).found).toContainEqual(
        expect.stringMatching(NO_SUBSET),
      );
    },
  );

  test('a file that is written by hand into a folder of an App belongs to it', async () => {
    const { found } = await synth(outdir => {
      flux(outdir, 'prod');
      write('prod/extra/rule.yaml', 'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: again, namespace: shop}\n'
        + 'spec: {host: catalog.shop.svc.cluster.local, subsets: [{name: v1, labels: {version: v3}}]}\n');
    });
    expect(found).toEqual(['split-destination-rules-lose-subset in prod/destinations/routes.k8s.yaml']);
  });
});

test('a file that cannot be read is a violation, and the others are checked', async () => {
  const { violations, status } = await run(
    [write('a/broken.yaml', 'a: [\n'), write('a/vs.yaml', virtualService), write('a/other.yaml', other)],
    LOST,
  );
  expect(status).toBe('failure');
  expect(violations.map(({ ruleName }) => ruleName.split(' ')[0])).toEqual(['unreadable-manifest', 'unknown-gateway']);
  expect(violations[0]).toMatchObject({
    recommendation: expect.stringMatching(/^the document is not valid YAML: [^;]*$/),
    fix: 'repair it',
  });
});

test('suppressions come from the properties and from a file', async () => {
  const suppressionsFile = write('suppressions.yaml', 'suppressions: [{rule: unknown-gateway, reason: the platform team brings it}]\n');
  expect((await run([write('a/vs.yaml', virtualService), write('a/other.yaml', other)], { suppressionsFile })).status).toBe('success');
  expect(
    (await run([write('a/vs.yaml', virtualService), write('a/other.yaml', other)], { suppressions: [{ rule: 'IST0101', reason: 'x' }] }))
      .status,
  ).toBe('success');
});

test('a suppression is unused only if no folder needs it, and that is reported once', async () => {
  const manifests = [
    write('a/vs.yaml', virtualService),
    write('a/other.yaml', other),
    write('b/vs.yaml', virtualService),
    write('b/gw.yaml', gateway),
    write('c/gw.yaml', gateway),
  ];
  const used = await run(manifests, {
    failOn: 'warning',
    suppressions: [{ rule: 'unknown-gateway', reason: 'the platform team brings it' }],
  });
  expect(used.violations.map(({ ruleName }) => ruleName)).not.toContain('unused-suppression');
  const unused = { rule: 'unknown-gateway', resource: 'VirtualService other/*', reason: 'x' };
  const { said } = await run(manifests, { suppressions: [unused] });
  expect(said.filter(text => text.startsWith('unused-suppression'))).toEqual([
    'unused-suppression: the suppression of unknown-gateway for \'VirtualService other/*\' covers no finding; remove it',
  ]);
});

test('findings below the threshold are logged', async () => {
  const old = 'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: catalog, namespace: shop}\n'
    + 'spec: {host: catalog, trafficPolicy: {outlierDetection: {consecutiveErrors: 5}}}\n';
  const { status, said } = await run([write('a/dr.yaml', old)]);
  expect(status).toBe('success');
  expect(said.join('\n')).toMatch(/^warned-by-admission: DestinationRule shop\/catalog: /m);
  expect((await run([write('a/dr.yaml', old)], LOST)).status).toBe('failure');
});

test.each([
  [{ failon: 'error' }, /unknown property failon/],
  [{ failOn: 'worst' }, /failOn is 'worst'/],
])('invalid properties are rejected: %j', (properties, message) => {
  expect(() => new TrafficValidation(properties as never)).toThrow(message);
});

test('facts that manifests do not contain come from the properties', async () => {
  const retries = 'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: catalog, namespace: shop}\n'
    + 'spec:\n  hosts: [catalog]\n  http: [{route: [{destination: {host: catalog, port: {number: 80}}}], mirror: {host: other}}]\n';
  const found = async (properties: TrafficValidationProperties) =>
    (await run([write('a/vs.yaml', retries)], { failOn: 'info', ...properties })).violations.map(({ ruleName }) => ruleName);
  expect(await found({})).not.toContain('mirrored-host-by-version');
  expect(await found({ upgradesFrom: '1.24' })).toContain('mirrored-host-by-version');
});

test('what the manifests lack is an error once they are complete', async () => {
  const files = [write('a/vs.yaml', virtualService), write('a/other.yaml', other)];
  expect((await run(files)).violations).toEqual([]);
  expect((await run(files, { complete: true })).violations.map(({ ruleName }) => ruleName.split(' ')[0])).toContain('unknown-gateway');
});

test('the log names what is not judged, once per kind and folder', async () => {
  const policy =
    'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: deny, namespace: shop}\nspec: {action: DENY, rules: [{}]}\n';
  const { said, status } = await run([write('a/vs.yaml', virtualService), write('a/gw.yaml', gateway), write('a/deny.yaml', policy)]);
  expect(status).toBe('success');
  expect(said.filter(line => line.includes('not judged'))).toEqual([
    `${join(folder, 'a')}: not judged: AuthorizationPolicy shop/deny (which calls are allowed)`,
  ]);
});
