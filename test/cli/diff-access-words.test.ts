import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './command-line';

const folder = mkdtempSync(join(tmpdir(), 'diff-access-words-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const workload = (namespace: string, name: string) => `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec: { selector: { matchLabels: { app: ${name} } }, template: { metadata: { labels: { app: ${name} } }, spec: { serviceAccountName: ${name}, containers: [] } } }
`;
const MESH = `
apiVersion: v1
kind: Service
metadata: { name: payment, namespace: shop }
spec: { selector: { app: payment }, ports: [{ name: http, port: 80 }] }
${workload('shop', 'payment')}${workload('boutique', 'frontend')}${workload('boutique', 'basket')}${workload('batch', 'jobs')}`;

/** The first line of each change between a mesh with some rules and with others, without the place. */
async function changes(old: string, now: string): Promise<string[]> {
  const sides = [old, now].map((spec, i) => {
    const file = join(folder, `${i}.yaml`);
    const policy = `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: payment, namespace: shop }
spec: ${spec}
`;
    writeFileSync(file, `${MESH}${spec === '' ? '' : policy}`);
    return file;
  });
  const { stdout } = await run(['diff', ...sides]);
  return stdout.split('\n').filter(line => line.startsWith('high')).map(line => line.replace('high   payment.shop:80: ', ''));
}

const from = (source: string, more = '') => `{ from: [{ source: { ${source} } }]${more} }`;
const to = (...operations: readonly string[]) => `{ to: [${operations.map(operation => `{ operation: { ${operation} } }`).join(', ')}] }`;
const allow = (...rules: readonly string[]) => `{ rules: [${rules.join(', ')}] }`;
const deny = (...rules: readonly string[]) => `{ action: DENY, rules: [${rules.join(', ')}] }`;
const NOTHING = allow();
const FRONTEND = 'principals: [cluster.local/ns/boutique/sa/frontend]';

describe('diff names the set of callers', () => {
  test.each([
    ['one account', NOTHING, allow(from(FRONTEND)), ['boutique/frontend may now call: every request']],
    ['a namespace as one', NOTHING, allow(from('namespaces: [boutique]')), ['every workload of namespace boutique may now call: every request']],
    ['a namespace except one account', NOTHING, allow(from(`namespaces: [boutique], not${FRONTEND.replace('p', 'P')}`)),
      ['every workload of namespace boutique except boutique/frontend may now call: every request']],
    ['everyone with an identity', NOTHING, allow(from('principals: ["*"]')), ['every workload may now call: every request']],
    ['everyone', NOTHING, allow('{}'), ['every caller may now call: every request']],
    ['everyone except a namespace', '', deny(from('notNamespaces: [batch]')),
      ['every caller except every workload of namespace batch may no longer call: every request']],
    ['accounts whose names start alike', NOTHING, allow(from('principals: ["cluster.local/ns/boutique/sa/front*"]')),
      ['boutique/front*, boutique/frontend may now call: every request']],
    ['an account name in any namespace', NOTHING, allow(from('principals: ["*/sa/jobs"]')),
      ['jobs of any other namespace, batch/jobs may now call: every request']],
  ])('%s', async (_, old, now, expected) => {
    expect(await changes(old, now)).toEqual(expected);
  });
});

describe('diff names the set of requests', () => {
  test.each([
    ['one request', NOTHING, allow(from(FRONTEND, ', to: [{ operation: { methods: [POST], paths: [/pay] } }]')),
      ['boutique/frontend may now call: POST /pay']],
    ['methods and paths', NOTHING, allow(to('methods: [GET, POST], paths: ["/pay*", /admin]')), ['every caller may now call: GET or POST /admin or /pay*']],
    ['all except a method', NOTHING, allow(to('notMethods: [DELETE]')), ['every caller may now call: every request except DELETE']],
    ['all except a method and a path', '', allow(to('notMethods: [DELETE], notPaths: ["/admin*"]')),
      ['every caller may no longer call: every DELETE request, every request to /admin*']],
    ['what a rule adds beside another', allow(to('methods: [GET]')), allow(to('methods: [GET]'), to('paths: ["/pay*"]')),
      ['every caller may now call: every request to /pay* except GET']],
    ['paths within paths', deny(to('paths: ["/pay*"]')), deny(to('paths: ["/pay*"], notPaths: [/pay/status]')),
      ['every caller may now call: every request to /pay/status']],
    ['a template of paths', NOTHING, allow(to('paths: ["/items/{*}/price"]')), ['every caller may now call: every request to /items/{*}/price']],
    ['several templates of paths, by examples', NOTHING, allow(to('paths: ["/items/{*}/price", "/{**}/price"]')),
      ['every caller may now call, for example: GET /items/x/price, GET /x/price']],
    ['a host', NOTHING, allow(to('hosts: [pay.example.com]')), ['every caller may now call: every request to pay.example.com']],
    ['a header', NOTHING, allow('{ when: [{ key: "request.headers[x-team]", values: [a, "b*"] }] }'),
      ['every caller may now call: every request with x-team: a or with x-team: b*']],
    ['requests without a header', NOTHING, allow('{ when: [{ key: "request.headers[x-team]", notValues: ["*"] }] }'),
      ['every caller may now call: every request without x-team']],
    ['addresses', NOTHING, allow(from('ipBlocks: [10.0.0.0/8], notIpBlocks: [10.1.0.0/16]')),
      ['every caller may now call: every request from 10.0.0.0/8 except 10.1.0.0/16']],
    ['addresses that proxies state', NOTHING, allow(from('remoteIpBlocks: [10.0.0.0/8]')),
      ['every caller may now call: every request that is not forwarded from 10.0.0.0/8, every request forwarded for 10.0.0.0/8']],
  ])('%s', async (_, old, now, expected) => {
    expect(await changes(old, now)).toEqual(expected);
  });

  test('with a call that shows the change', async () => {
    const sides = [NOTHING, allow(to('paths: ["/pay*"]'))].map((spec, i) => {
      const file = join(folder, `shown-${i}.yaml`);
      writeFileSync(file, `${MESH}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: payment, namespace: shop }
spec: ${spec}
`);
      return file;
    });
    const { stdout } = await run(['diff', ...sides]);
    expect(stdout).toContain('\n  for example GET /payx by shop/payment\n');
    const markdown = await run(['diff', ...sides, '-f', 'markdown']);
    expect(markdown.stdout).toContain('allows it; for example GET /payx by shop/payment)');
  });
});
