import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './command-line';

const folder = mkdtempSync(join(tmpdir(), 'log-formats-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SERVICE = `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ name: http, port: 80 }] }
`;

function file(meshConfig: object, more = ''): string {
  const path = join(folder, 'mesh.yaml');
  const metadata = { name: 'istio', namespace: 'istio-system' };
  const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { mesh: JSON.stringify(meshConfig) } };
  writeFileSync(path, `${SERVICE}---\n${JSON.stringify(config)}\n${more}`);
  return path;
}

const text = (accessLogFormat: string) => ({ accessLogFile: '/dev/stdout', accessLogFormat });
const json = (format: object | string) => (
  { ...text(typeof format === 'string' ? format : JSON.stringify(format)), accessLogEncoding: 'JSON' });
const provider = (logFormat: object) => (
  { extensionProviders: [{ name: 'logs', envoyFileAccessLog: { path: '/dev/stdout', logFormat } }] });

// Each format was given to `envoy --mode validate` of Envoy 1.40, with the extension that istiod adds for REQ_WITHOUT_QUERY.
describe('formats of access logs that Envoy refuses', () => {
  test.each([
    ['an unknown command', text('%FOO%'), 'accessLogFormat has %FOO%, which is not a command that Envoy knows'],
    ['a command without its argument', text('%REQ%'), 'accessLogFormat has %REQ%, which has no argument'],
    ['a lone percent sign', text('100% done'), "accessLogFormat has a '%' at position 3 that opens no command"],
    ['an argument too many', text('%PROTOCOL(x)%'), 'takes no argument'],
    ['two alternatives', text('%REQ_WITHOUT_QUERY(A?B?C)%'), 'more than one alternative'],
    ['a command of headers alone', text('%PER_REQUEST_STATE(x)%'), 'PER_REQUEST_STATE'],
    ['JSON', json({ a: '%FOO%' }), '%FOO%'], ['a list in JSON', json({ a: ['%FOO%'] }), '%FOO%'],
    ['an object in JSON', json({ a: { b: '%FOO%' } }), '%FOO%'],
    ['an object in JSON with a command that istiod finds at the top alone', json({ a: { b: '%REQ_WITHOUT_QUERY(:PATH)%' } }),
      'REQ_WITHOUT_QUERY'],
    ['a default provider', { ...provider({ text: '%FOO%' }), defaultProviders: { accessLogging: ['logs'] } },
      'extensionProviders[0].envoyFileAccessLog.logFormat.text has %FOO%'],
    ['labels of a default provider', { ...provider({ labels: { a: '%FOO%' } }), defaultProviders: { accessLogging: ['logs'] } },
      'extensionProviders[0].envoyFileAccessLog.logFormat.labels has %FOO%'],
  ])('%s is an error of analyze, and request does not answer', async (_, meshConfig, why) => {
    const path = file(meshConfig);
    const { code, stdout } = await run(['analyze', path]);
    expect([code, stdout]).toEqual([1, expect.stringContaining('error refused-by-envoy')]);
    expect(stdout).toContain(why);
    expect(stdout).toContain('so Envoy refuses every listener');
    const asked = await run(['request', path, 'GET', 'http://cart/', '--from', 'shop']);
    expect([asked.code, asked.stdout, asked.stderr]).toEqual([2, '', expect.stringContaining(why)]);
  });

  test.each([
    ['commands', text('%PROTOCOL% %REQ_WITHOUT_QUERY(:PATH)% %METADATA(ROUTE:a:b)% %CEL(request.path)% %REQ(A?B):5% %%\n')],
    ['no format', text('')], ['a format of a log that is off', { accessLogFormat: '%FOO%' }],
    ['JSON with other values', json({ 'a': '%PROTOCOL%', 'b': 5, 'c': true, 'd': null, 'e': [5, true], '%FOO%': 'a' })],
    ['JSON that istiod cannot read, in place of which it uses its own', json('%FOO%')],
    ['a provider that nothing uses', provider({ text: '%FOO%' })],
  ])('%s is not reported', async (_, meshConfig) => {
    expect((await run(['analyze', file(meshConfig)])).stdout).not.toContain('refused-by-envoy');
    expect((await run(['request', file(meshConfig), 'GET', 'http://cart/', '--from', 'shop'])).code).toBe(0);
  });

  test('a Telemetry that uses a provider is reported', async () => {
    const telemetry = `---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: logs, namespace: istio-system }
spec: { accessLogging: [{ providers: [{ name: logs }] }] }
`;
    const { code, stdout } = await run(['analyze', file(provider({ text: '%FOO%' }), telemetry)]);
    expect([code, stdout]).toEqual([1, expect.stringContaining(
      'spec.accessLogging[0].providers[0].name is a provider whose envoyFileAccessLog.logFormat.text has %FOO%')]);
  });
});
