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

  test('says who may call what becomes reachable, of high risk, and keeps the note on what is compared by examples', async () => {
    const { code, stdout, stderr } = await compared(authorization(WEB), authorization(`${WEB}, ${ADMIN}`));
    expect([code, stderr]).toEqual([1, '1 change for traffic, besides what is not judged\n']);
    expect(stdout).toContain([
      'high   cart.shop:80: shop/admin may now call: every request',
      '  - denied with 403: no ALLOW policy matches',
      '  + AuthorizationPolicy shop/cart, rules[0] allows it',
    ].join('\n'));
    expect(stdout).toContain('Not judged\n  changed: AuthorizationPolicy shop/cart (');
  });

  test('says who loses access', async () => {
    const { code, stdout } = await compared(authorization(`${WEB}, ${ADMIN}`), authorization(WEB));
    expect([code, stdout]).toEqual([1, expect.stringContaining('high   cart.shop:80: shop/admin may no longer call: every request')]);
    const first = await compared('', authorization(WEB));
    expect(first.stdout).toContain('any other workload, callers in plaintext may no longer call: every request');
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
