import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './command-line';

const folder = mkdtempSync(join(tmpdir(), 'diff-access-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, text: string) => {
  writeFileSync(join(folder, `${name}.yaml`), text);
  return join(folder, `${name}.yaml`);
};
const WORLD = `
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ name: http, port: 80 }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ route: [{ destination: { host: cart } }], timeout: 3s, retries: { attempts: 4 } }] }
`;
const DENY = `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: deny, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, action: DENY, rules: [{}] }
`;

describe('diff of who may call', () => {
  const authorization = (principals: string) => `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, rules: [{ from: [{ source: { principals: [${principals}] } }] }] }
`;
  const peers = (mode: string) => `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, mtls: { mode: ${mode} } }
`;

  const compared = async (old: string, now: string, ...args: readonly string[]) => {
    const sides = [old, now].map((text, i) => file(`access-${i}`, `${WORLD}---${text}`));
    return run(['diff', ...sides, ...args]);
  };
  const [WEB, ADMIN] = ['cluster.local/ns/shop/sa/web', 'cluster.local/ns/shop/sa/admin'];

  test('says who may call what becomes reachable, of high risk, and leaves out of what is not judged the policy that it judges', async () => {
    const { code, stdout, stderr } = await compared(authorization(WEB), authorization(`${WEB}, ${ADMIN}`));
    expect([code, stderr]).toEqual([1, '1 change for traffic\n']);
    expect(stdout).toContain([
      'high   cart.shop:80: shop/admin may now call: every request',
      '  - denied with 403: no ALLOW policy matches',
      '  + AuthorizationPolicy shop/cart, rules[0] allows it',
    ].join('\n'));
    expect(stdout).not.toContain('Not judged');
  });

  test('says who loses access', async () => {
    const { code, stdout } = await compared(authorization(`${WEB}, ${ADMIN}`), authorization(WEB));
    expect([code, stdout]).toEqual([1, expect.stringContaining('high   cart.shop:80: shop/admin may no longer call: every request')]);
    const first = await compared('', authorization(WEB));
    expect(first.stdout).toContain('every caller except shop/web may no longer call: every request');
  });

  describe.each([
    ['a DENY of every request that is added', '', DENY, 'may no longer call: every request',
      'AuthorizationPolicy shop/deny, rules[0] denies it'],
    ['a DENY of every request that is removed', DENY, '', 'may now call: every request', 'allowed'],
    ['a principal that is removed', authorization(`${WEB}, ${ADMIN}`), authorization(WEB), 'shop/admin may no longer call: every request',
      'no ALLOW policy matches'],
    ['STRICT to PERMISSIVE', peers('STRICT'), peers('PERMISSIVE'), 'callers in plaintext may now call: every request', 'allowed'],
    ['PERMISSIVE to STRICT', peers('PERMISSIVE'), peers('STRICT'), 'callers in plaintext may no longer call: every request',
      'the pods take mutual TLS alone (STRICT)'],
  ])('%s', (_, old, now, who, after) => {
    test('is of high risk in text, Markdown and JSON, and sets exit code 1', async () => {
      const [text, markdown, json] = [
        await compared(old, now), await compared(old, now, '-f', 'markdown'), await compared(old, now, '-f', 'json'),
      ];
      expect([text.code, markdown.code, json.code]).toEqual([1, 1, 1]);
      expect(text.stdout).toMatch(/^high {3}cart\.shop:80: /);
      expect(text.stdout).toContain(who);
      expect(markdown.stdout).toContain('**Who may call:**\n\n- 🔴 high `cart.shop:80`: ');
      expect(markdown.stdout).toContain(who);
      expect(JSON.parse(json.stdout).access).toEqual([
        expect.objectContaining({ risk: 'high', isAllowed: who.includes('may now'), after: expect.stringContaining(after) }),
      ]);
    });
  });

  test('comes before changes of lower risk', async () => {
    const world = WORLD.replace('attempts: 4', 'attempts: 5');
    const both = file('retries-and-access', `${world}---${DENY}`);
    const { stdout } = await run(['diff', file('world', WORLD), both]);
    expect(stdout).toMatch(/^high {3}cart[^]*\n(medium|low) +cart\.shop:80: retries/);
  });

  test('says that callers in plaintext become accepted', async () => {
    const { stdout } = await compared(peers('STRICT'), peers('PERMISSIVE'));
    expect(stdout).toContain(
      'high   cart.shop:80: callers in plaintext may now call: every request\n  - reset: the pods take mutual TLS alone',
    );
  });

  test('in JSON and Markdown', async () => {
    const sides = [authorization(WEB), authorization(`${WEB}, ${ADMIN}`)] as const;
    expect(JSON.parse((await compared(...sides, '-f', 'json')).stdout).access).toEqual([{
      risk: 'high',
      host: 'cart.shop.svc.cluster.local',
      port: 80,
      isAllowed: true,
      callers: ['shop/admin'],
      requests: ['every request'],
      example: { caller: 'shop/admin', request: 'GET /' },
      before: 'denied with 403: no ALLOW policy matches',
      after: 'AuthorizationPolicy shop/cart, rules[0] allows it',
    }]);
    expect((await compared(...sides, '-f', 'markdown')).stdout).toContain(
      '**Who may call:**\n\n- 🔴 high `cart.shop:80`: shop/admin may now call: every request',
    );
  });

  test.each([
    ['pods without a sidecar', `
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart, sidecar.istio.io/inject: "false" } }
    spec: { containers: [{ name: cart, image: cart }] }
`, DENY],
    ['a provider outside the input', '\n', DENY.replace('DENY', 'CUSTOM, provider: { name: opa }')],
  ])('does not say that a policy of %s takes access away, which is not known', async (_, pods, policy) => {
    const { stdout } = await compared(pods, `${pods}---${policy}`);
    expect(stdout).not.toContain('may no longer call');
    expect(stdout).toContain('Not judged\n  added: AuthorizationPolicy shop/deny (which calls are allowed)');
  });

  test('says nothing about a policy that is written differently', async () => {
    const { code, stdout } = await compared(authorization(`${WEB}, ${ADMIN}`), authorization(`${ADMIN}, ${WEB}`));
    expect([code, stdout]).toEqual([0, expect.not.stringContaining('may now call')]);
  });
});

const GATEWAY = `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: istio-system }
spec: { selector: { istio: ingressgateway }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ["*"] }] }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data:
  mesh: |
    extensionProviders: [{ name: opa, envoyExtAuthzGrpc: { service: cart.shop.svc.cluster.local, port: 80 } }]
`;
const policy = (spec: string, { namespace = 'shop', annotations = '' } = {}) => `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: it, namespace: ${namespace}, annotations: { ${annotations} } }
spec: ${spec}
`;
const atGateway = (spec: string) => policy(`{ selector: { matchLabels: { istio: ingressgateway } }, ${spec} }`, { namespace: 'istio-system' });
const tokens = (rule: string, namespace = 'shop') => `---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: tokens, namespace: ${namespace} }
spec: { jwtRules: [{ jwks: '{"keys":[]}', ${rule} }] }
`;
const ROLE = policy('{ rules: [{ when: [{ key: "request.auth.claims[role]", values: [admin] }] }] }');

async function differences(old: string, now: string) {
  const sides = [old, now].map((text, i) => file(`sides-${i}`, `${WORLD}---${GATEWAY}${text}`));
  const { stdout, stderr } = await run(['diff', ...sides]);
  return { stdout: stdout.split('\nNew findings')[0].split('\nFindings that')[0], verdict: stderr };
}

describe('diff judges', () => {
  test.each([
    ['the tokens that a new RequestAuthentication refuses', '', tokens('issuer: a'),
      'high   cart.shop:80: every caller may no longer call: every request with an invalid token\n'
      + '  - allowed, as no policy decides\n  + unauthenticated with 401: Jwt verification fails'],
    ['tokens that count for policies no longer', `${tokens('issuer: a')}${ROLE}`, ROLE,
      'every caller may no longer call: every request with a token of a and role "admin"'],
    ['audiences', tokens('issuer: a'), tokens('issuer: a, audiences: [shop]'),
      'every caller may no longer call: every request with a token of a except those with aud "shop"\n'],
    ['tokens at a gateway', '', tokens('issuer: a', 'istio-system'),
      'high   gateway istio-system/istio=ingressgateway:80: callers from outside may no longer call: every request with an invalid token'],
    ['paths at a gateway', '', atGateway('action: DENY, rules: [{ to: [{ operation: { paths: [/admin*] } }] }]'),
      'gateway istio-system/istio=ingressgateway:80: callers from outside may no longer call: every request to /admin*\n'],
    ['addresses at a gateway', '', atGateway('rules: [{ from: [{ source: { remoteIpBlocks: [10.0.0.0/8] } }] }]'),
      'callers from outside may no longer call: every request except from 10.0.0.0/8\n'],
    ['a policy of the gateway that goes', atGateway('rules: [{}]') + policy('{}'), policy('{}') + atGateway('action: DENY, rules: [{}]'),
      'callers from outside may no longer call: every request'],
    ['an external authorizer, which decides elsewhere', '',
      policy('{ action: CUSTOM, provider: { name: opa }, rules: [{ to: [{ operation: { paths: [/admin] } }] }] }'),
      'every caller may call what an external authorizer allows: every request to /admin\n'],
    ['what an external authorizer decided', policy('{ action: CUSTOM, provider: { name: opa }, rules: [{}] }'), '',
      'every caller may now call: every request\n  - undecided: an external authorizer decides'],
    ['a dry run that ends', policy('{ action: DENY, rules: [{}] }', { annotations: 'istio.io/dry-run: "true"' }),
      policy('{ action: DENY, rules: [{}] }'), 'every caller may no longer call: every request'],
    ['the longer of two paths', policy('{ rules: [{ to: [{ operation: { paths: ["/api/*"] } }] }] }'),
      policy('{ rules: [{ to: [{ operation: { paths: ["/api/v1/*"] } }] }] }'), 'every caller may no longer call: every request to /api/* except /api/v1/*\n'],
  ])('%s', async (_, old, now, told) => {
    const { stdout, verdict } = await differences(old, now);
    expect(stdout).toContain(told);
    expect([stdout, verdict]).toEqual([expect.not.stringContaining('Not judged'), expect.stringMatching(/^\d+ changes? for traffic\n$/)]);
  });

  test.each([
    ['AUDIT', '', policy('{ action: AUDIT, rules: [{}] }')],
    ['a dry run', '', policy('{ action: DENY, rules: [{}] }', { annotations: 'istio.io/dry-run: "true"' })],
    ['an ALLOW of what is allowed', policy('{ rules: [{}] }'), policy('{ rules: [{}, { to: [{ operation: { methods: [GET] } }] }] }')],
    ['PERMISSIVE, as without it', '', `---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: peers, namespace: shop }
spec: { mtls: { mode: PERMISSIVE } }
`],
  ])('%s as the same traffic', async (_, old, now) => {
    expect(await differences(old, now)).toEqual({ stdout: '', verdict: 'the same traffic\n' });
  });

  test('every caller at once, and names few of many service accounts', async () => {
    const accounts = Array.from({ length: 12 }, (_, place) => `cluster.local/ns/shop/sa/a${place}`).join(', ');
    const { stdout } = await differences('', policy(`{ action: DENY, rules: [{ from: [{ source: { principals: [${accounts}] } }] }] }`));
    expect(stdout).toContain(
      'high   cart.shop:80: shop/a0, shop/a1, shop/a2, shop/a3, shop/a4, shop/a5, shop/a6, shop/a7, 4 more service accounts may no longer call',
    );
  });

  test('another issuer', async () => {
    const { stdout } = await differences(tokens('issuer: a'), tokens('issuer: b'));
    expect(stdout).toContain('every caller may now call: every request with a token of b');
    expect(stdout).toContain('every caller may no longer call: every request with a token of a');
  });

  test('who loses an identity where pods take no mutual TLS any more', async () => {
    const { stdout } = await differences(policy('{ rules: [{ from: [{ source: { principals: ["*"] } }] }] }'), `${
      policy('{ rules: [{ from: [{ source: { principals: ["*"] } }] }] }')}---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: peers, namespace: shop }
spec: { mtls: { mode: DISABLE } }
`);
    expect(stdout).toContain('every workload may no longer call: every request');
  });
});

describe('diff says that it does not judge', () => {
  const ADDED = 'added: AuthorizationPolicy shop/it (which calls are allowed)';

  test.each([
    ['a policy of a waypoint', '', policy('{ targetRefs: [{ kind: Service, name: cart }], action: DENY, rules: [{}] }'), ADDED],
    ['a policy of pods that no service has', '', policy('{ selector: { matchLabels: { app: job } }, action: DENY, rules: [{}] }'), ADDED],
    ['a policy of a version of pods that are not in the input', '',
      policy('{ selector: { matchLabels: { app: cart, version: v2 } }, action: DENY, rules: [{}] }'), ADDED],
    ['a port that no service has', '', policy('{ action: DENY, rules: [{ to: [{ operation: { ports: ["9999"] } }] }] }'), ADDED],
    ['an ambient namespace', '', `${policy('{ action: DENY, rules: [{}] }')}---
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient } }
`, ADDED],
    ['where requests carry tokens', tokens('issuer: a'), tokens('issuer: a, fromHeaders: [{ name: x-jwt }]'),
      'changed: settings of tokens of RequestAuthentication shop/tokens (which keys sign tokens'],
    ['which keys sign tokens', tokens('issuer: a'), tokens('issuer: a').replace('"keys":[]', '"keys":[{"kty":"oct","k":"a"}]'),
      'changed: settings of tokens of RequestAuthentication shop/tokens (which keys sign tokens'],
  ])('%s', async (_, old, now, told) => {
    const { stdout, verdict } = await differences(old, now);
    expect(stdout).toContain(told);
    expect(verdict).toContain('what is not judged');
  });
});
