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
      'may no longer call: every PURGE request\n'],
    ['a prefix of another prefix', to('paths: ["/max*"]'), to('paths: ["/ma*"]'), 'may now call: every request to /ma* except /max*\n'],
    ['a suffix of another suffix', to('paths: ["*xml"]'), to('paths: ["*ml"]'), 'may now call: every request to *ml except *xml\n'],
    ['a path beside all that rules name', to('paths: [/, "/a*"]'), SERVICE + policy('rules: [{}]'), 'may now call: every request except to / or /a*\n'],
    ['a header of another value than a short prefix', header('values: ["x*"]'), header('values: ["*"]'), 'may now call: every request with x-team except x*\n'],
    ['an address before the only block', SERVICE + policy('rules: [{ from: [{ source: { ipBlocks: [128.0.0.0/1] } }] }]'),
      SERVICE + policy('rules: [{}]'), 'may now call: every request except from 128.0.0.0/1\n'],
    ['a host beside the one that is called', to('hosts: ["cart.shop*"]'), SERVICE + policy('rules: [{}]'), 'may now call: every request except to cart.shop*\n'],
  ])('%s', async (_, old, now, change) => {
    const { code, stdout } = await differences(old, now);
    expect([code, stdout]).toEqual([1, expect.stringContaining(change)]);
  });
});

describe('diff of a CUSTOM policy', () => {
  const providers = `---
apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data:
  mesh: |
    extensionProviders:
    - { name: opa, envoyExtAuthzGrpc: { service: cart.shop.svc.cluster.local, port: 80 } }
    - { name: open-opa, envoyExtAuthzGrpc: { service: cart.shop.svc.cluster.local, port: 80, failOpen: true } }
`;
  const custom = (provider: string, rules = '[{}]') => (
    SERVICE + providers + policy(`action: CUSTOM, provider: { name: ${provider} }, rules: ${rules}`));

  test('tells that another provider is asked', async () => {
    const { code, stdout } = await differences(custom('opa'), custom('open-opa'));
    expect([code, stdout]).toEqual([1, [
      'high   cart.shop:80: every caller may call what an external authorizer allows: every request',
      '  - undecided: an external authorizer decides',
      '  + undecided: an external authorizer decides, another one or one with other settings',
      '  for example GET / by any other workload',
      '',
    ].join('\n')]);
  });

  test('tells only the requests about which it is no longer asked', async () => {
    const { code, stdout } = await differences(custom('opa'), custom('opa', '[{ to: [{ operation: { notPaths: [/healthz] } }] }]'));
    expect([code, stdout]).toEqual([1, expect.stringMatching(/^high {3}cart\.shop:80: every caller may now call: every request to \/healthz\n[^]*$/)]);
    expect(stdout).not.toContain('external authorizer allows');
  });

  test('is the same traffic if only its name is another', async () => {
    const renamed = custom('opa').replace('kind: AuthorizationPolicy\nmetadata: { name: cart', 'kind: AuthorizationPolicy\nmetadata: { name: ask');
    expect((await differences(custom('opa'), renamed)).code).toBe(0);
  });
});

describe('diff of pods that policies treat differently', () => {
  const pods = (version: string) => `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart-${version}, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, template: { metadata: { labels: { app: cart, version: ${version} } }, spec: { containers: [] } } }
`;
  const closed = (version: string) => policy('rules: []').replace('app: cart }', `app: cart, version: ${version} }`);
  const [ONE, TWO] = [SERVICE + pods('v1'), SERVICE + pods('v1') + pods('v2')];

  test.each([
    ['a Deployment that no policy selects, which is added', ONE + closed('v1'), TWO + closed('v1'), 'every caller may now call: every request'],
    ['a Deployment that no policy selects, which goes', TWO + closed('v1'), ONE + closed('v1'), 'every caller may no longer call: every request'],
    ['labels that a policy no longer selects', TWO + closed('v2'), SERVICE + pods('v1') + pods('v3') + closed('v2'),
      'every caller may now call: every request'],
  ])('tells %s', async (_, old, now, change) => {
    const { code, stdout } = await differences(old, now);
    expect([code, stdout]).toEqual([1, expect.stringContaining(`high   cart.shop:80: ${change}`)]);
  });

  test('is the same traffic if the same policies are for all of them', async () => {
    const all = policy('rules: []');
    expect((await differences(ONE + all, TWO + all)).code).toBe(0);
  });
});

test('diff does not judge the mode of a port that no Service has', async () => {
  const peers = (ports: string) => `${SERVICE}---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, mtls: { mode: STRICT }, portLevelMtls: { ${ports} } }
`;
  const { stdout } = await differences(peers('80: { mode: STRICT }'), peers('7777: { mode: PERMISSIVE }'));
  expect(stdout).toContain('Not judged\n  changed: PeerAuthentication shop/cart');
  expect((await differences(peers('80: { mode: STRICT }'), peers('80: { mode: UNSET }'))).stdout).toBe('');
});

describe('diff does not judge what gives every caller another identity, or changes the servers of gateways', () => {
  const mesh = (field: string) => `${SERVICE}${policy('rules: [{ from: [{ source: { principals: [bar/ns/shop/sa/web] } }] }]')}---
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: { name: mesh, namespace: istio-system }
spec: { meshConfig: { ${field} } }
`;

  test.each([
    ['trustDomain', 'trustDomain: bar', 'trustDomain: foo', 'the identities of all callers, and so which calls policies allow'],
    ['tlsDefaults', 'tlsDefaults: { ecdhCurves: [P-256] }', 'tlsDefaults: { ecdhCurves: [P-384] }',
      'which curves and ciphers the servers of gateways accept'],
  ])('%s of MeshConfig', async (field, old, now, what) => {
    const { stdout, stderr } = await differences(mesh(old), mesh(now));
    expect(stdout).toContain(`changed: MeshConfig ${field} (${what})`);
    expect(stdout).not.toContain('may now call');
    expect(stdout).not.toContain('may no longer call');
    expect(stderr).toContain('except for what is not judged');
  });
});
