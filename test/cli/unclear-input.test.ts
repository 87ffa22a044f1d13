import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from './command-line';

const folder = mkdtempSync(join(tmpdir(), 'unclear-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const service = (name: string) =>
  `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: shop }\nspec: { ports: [{ name: http, port: 80 }] }\n`;
const gateway = (selector: string) => `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec: { selector: { ${selector} }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ["*"] }] }
`;
const files = (root: string, texts: { readonly [file: string]: string }) => {
  for (const [file, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(folder, root, file)), { recursive: true });
    writeFileSync(join(folder, root, file), text);
  }
  return join(folder, root);
};

describe('folders that hold the same objects', () => {
  const SAME = { 'dev/app.yaml': service('cart'), 'prod/app.yaml': service('cart'), 'stage/deep/app.yaml': service('cart') };
  const NOTE =
    'note: the folders dev, prod, stage hold the same objects, of which the last one counts; if each is an environment, add --each\n';

  test('get one note of every command that they look like environments', async () => {
    const dist = files('dist', SAME);
    for (const args of [
      ['analyze', dist],
      ['explain', dist, '--from', 'shop'],
      ['request', dist, 'GET', 'http://cart/', '--from', 'shop'],
    ]) {
      const { code, stderr } = await run(args);
      expect([code, stderr.split(NOTE)]).toEqual([0, [expect.any(String), expect.any(String)]]);
      expect(stderr).not.toMatch(/ is in .* and in /);
    }
    expect((await run(['analyze', dist, '--each'])).stderr).not.toContain('--each');
  });

  test('get the note in a Git revision too', async () => {
    const repository = files('repository', Object.fromEntries(Object.entries(SAME).map(([file, text]) => [`dist/${file}`, text])));
    const git = (...args: readonly string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: repository });
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'all');
    expect((await run(['analyze', 'git:HEAD:dist'], repository)).stderr).toContain(NOTE);
  });

  test('get no note if most of their objects differ', async () => {
    const mono = files('mono', {
      'cart/app.yaml': `${service('cart')}---\n${service('cart-db')}---\n${service('shared')}`,
      'mock/app.yaml': `${service('mock')}---\n${service('mock-db')}---\n${service('shared')}`,
    });
    const { stderr } = await run(['analyze', mono]);
    expect(stderr).not.toContain('--each');
    expect(stderr).toContain('Service shop/shared is in');
  });
});

describe('a gateway', () => {
  const input = files('gateways', { 'all.yaml': `${gateway('istio: ingressgateway')}---\n${service('cart')}` });
  const ask = (option: string, ...paths: readonly string[]) =>
    run(['request', input, ...paths, 'GET', 'http://cart/', '--gateway', option]);

  test('without labels is an error if Gateways select by labels', async () => {
    expect(await ask('istio-system')).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'error: --gateway: no Gateway selects pods without labels; add the labels of the gateway, such as istio-system/istio=ingressgateway\n',
    });
    expect((await run(['explain', input, '--gateway', 'istio-system'])).code).toBe(2);
    expect((await run(['graph', input, '--gateway', 'istio-system'])).code).toBe(2);
  });

  test('whose labels no Gateway selects is answered with a note', async () => {
    const { code, stderr } = await ask('istio-system/istio=ingresgateway');
    expect(code).toBe(0);
    expect(stderr).toContain(
      'note: no Gateway selects istio=ingresgateway, so the gateway serves nothing; they select istio=ingressgateway\n',
    );
    expect((await ask('istio-system/istio=ingressgateway,app=edge')).stderr).not.toContain('no Gateway selects');
  });

  test('needs no labels if a Gateway selects all pods, or without Gateways', async () => {
    const all = files('all-pods', { 'all.yaml': gateway('') });
    expect((await run(['request', all, 'GET', 'http://cart/', '--gateway', 'istio-system'])).code).toBe(0);
    const none = files('no-gateway', { 'all.yaml': service('cart') });
    expect((await run(['request', none, 'GET', 'http://cart/', '--gateway', 'istio-system'])).code).toBe(0);
  });
});
