import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TrafficValidationProperties } from '../../src/validation';
import { TrafficValidation } from '../../src/validation';

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
const LOST: TrafficValidationProperties = { failOn: 'warning', suppressions: [{ rule: 'host-outside-gateway', reason: 'unknown-gateway says it' }] };

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

test('a file that cannot be read is a violation, and the others are checked', async () => {
  const { violations, status } = await run([write('a/broken.yaml', 'a: [\n'), write('a/vs.yaml', virtualService), write('a/other.yaml', other)], LOST);
  expect(status).toBe('failure');
  expect(violations.map(({ ruleName }) => ruleName.split(' ')[0])).toEqual(['unreadable-manifest', 'unknown-gateway']);
  expect(violations[0]).toMatchObject({ recommendation: expect.stringMatching(/^the document is not valid YAML: [^;]*$/), fix: 'repair it' });
});

test('suppressions come from the properties and from a file', async () => {
  const suppressionsFile = write('suppressions.yaml', 'suppressions: [{rule: unknown-gateway, reason: the platform team brings it}]\n');
  expect((await run([write('a/vs.yaml', virtualService), write('a/other.yaml', other)], { suppressionsFile })).status).toBe('success');
  expect((await run([write('a/vs.yaml', virtualService), write('a/other.yaml', other)], { suppressions: [{ rule: 'IST0101', reason: 'x' }] })).status).toBe('success');
});

test('a suppression is unused only if no folder needs it, and that is reported once', async () => {
  const manifests = [write('a/vs.yaml', virtualService), write('a/other.yaml', other), write('b/vs.yaml', virtualService), write('b/gw.yaml', gateway), write('c/gw.yaml', gateway)];
  const used = await run(manifests, { failOn: 'warning', suppressions: [{ rule: 'unknown-gateway', reason: 'the platform team brings it' }] });
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

test.each([[{ failon: 'error' }, /unknown property failon/], [{ failOn: 'worst' }, /failOn is 'worst'/]])('invalid properties are rejected: %j', (properties, message) => {
  expect(() => new TrafficValidation(properties as never)).toThrow(message);
});

test('facts that manifests do not contain come from the properties', async () => {
  const retries = 'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: catalog, namespace: shop}\n'
    + 'spec:\n  hosts: [catalog]\n  http: [{route: [{destination: {host: catalog, port: {number: 80}}}], mirror: {host: other}}]\n';
  const found = async (properties: TrafficValidationProperties) => (await run([write('a/vs.yaml', retries)], { failOn: 'info', ...properties })).violations.map(({ ruleName }) => ruleName);
  expect(await found({})).not.toContain('mirrored-host-by-version');
  expect(await found({ upgradesFrom: '1.24' })).toContain('mirrored-host-by-version');
});

test('what the manifests lack is an error once they are complete', async () => {
  const files = [write('a/vs.yaml', virtualService), write('a/other.yaml', other)];
  expect((await run(files)).violations).toEqual([]);
  expect((await run(files, { complete: true })).violations.map(({ ruleName }) => ruleName.split(' ')[0])).toContain('unknown-gateway');
});

test('the log names what is not judged, once per kind and folder', async () => {
  const policy = 'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: deny, namespace: shop}\nspec: {action: DENY, rules: [{}]}\n';
  const { said, status } = await run([write('a/vs.yaml', virtualService), write('a/gw.yaml', gateway), write('a/deny.yaml', policy)]);
  expect(status).toBe('success');
  expect(said.filter(line => line.includes('not judged'))).toEqual([`${join(folder, 'a')}: not judged: AuthorizationPolicy shop/deny (which calls are allowed)`]);
});
