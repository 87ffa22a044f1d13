import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './command-line';

const folder = mkdtempSync(join(tmpdir(), 'diff-access-values-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SERVICE = `
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ name: http, port: 80 }] }
`;
const policy = (spec: string) => `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, ${spec} }
`;

async function differences(old: string, now: string) {
  const files = [old, now].map((text, i) => {
    const file = join(folder, `${i}.yaml`);
    writeFileSync(file, text);
    return file;
  });
  return run(['diff', ...files]);
}

const to = (operation: string) => SERVICE + policy(`rules: [{ to: [{ operation: { ${operation} } }] }]`);
const header = (values: string) => SERVICE + policy(`rules: [{ when: [{ key: "request.headers[x-team]", ${values} }] }]`);

describe('diff tells a change of access that one value shows', () => {
  test.each([
    ['a method beyond the usual ones', SERVICE, `${SERVICE}${policy('action: DENY, rules: [{ to: [{ operation: { methods: [PURGE] } }] }]')}`,
      'may no longer call: PURGE /'],
    ['a prefix of another prefix', to('paths: ["/max*"]'), to('paths: ["/ma*"]'), 'may now call: GET /maq'],
    ['a suffix of another suffix', to('paths: ["*xml"]'), to('paths: ["*ml"]'), 'may now call: GET /qml'],
    ['a path beside all that rules name', to('paths: [/, "/a*"]'), SERVICE + policy('rules: [{}]'), 'may now call: GET /x'],
    ['a header of another value than a short prefix', header('values: ["x*"]'), header('values: ["*"]'), 'may now call: GET / with x-team: q'],
    ['an address before the only block', SERVICE + policy('rules: [{ from: [{ source: { ipBlocks: [128.0.0.0/1] } }] }]'),
      SERVICE + policy('rules: [{}]'), 'may now call: GET / from 127.255.255.255'],
    ['a host beside the one that is called', to('hosts: ["cart.shop*"]'), SERVICE + policy('rules: [{}]'), 'may now call: GET / to x'],
  ])('%s', async (_, old, now, change) => {
    const { code, stdout } = await differences(old, now);
    expect([code, stdout]).toEqual([1, expect.stringContaining(change)]);
  });
});
