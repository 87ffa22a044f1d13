import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './command-line';

const folder = mkdtempSync(join(tmpdir(), 'hostile-names-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

/** Everything that a terminal, a reader, a page or a pipeline could execute. */
const TRICKY = 'x\n::error title=pwned::y\r\u001b[31m\u009b2J\u202e\u2028\u00ad\u{e0041}##[error]z##vso[task.complete]<img src=x onerror=alert(1)>[x](http://e)';
const NAME = JSON.stringify(TRICKY);
const object = (kind: string, name: string, spec: string, api = 'networking.istio.io/v1') =>
  `---\napiVersion: ${api}\nkind: ${kind}\nmetadata: { name: ${name}, namespace: shop }\nspec: ${spec}\n`;
const service = (name: string) => object('Service', name, `{ selector: { app: ${name} }, ports: [{ name: http, port: 80 }] }`, 'v1');
const WORLD = ['cart', 'mock'].map(service).join('');
const POLICY = 'security.istio.io/v1';

const PLAIN = file('plain.yaml', WORLD);
const MESH = file('mesh.yaml', [
  WORLD, service(NAME),
  object('VirtualService', NAME, `
  hosts: [cart.shop.svc.cluster.local]
  http:
  - { name: ${NAME}, match: [{ headers: { x-a: { exact: b } } }], route: [{ destination: { host: mock, subset: ${NAME} } }] }
  - { name: ${NAME}, match: [{ uri: { prefix: /a } }], redirect: { uri: ${JSON.stringify('/a/\u202e')} } }
  - { name: b, match: [{ uri: { prefix: /a/b } }], route: [{ destination: { host: mock } }] }`),
  object('AuthorizationPolicy', NAME, `
  selector: { matchLabels: { app: cart } }
  rules:
  - { from: [{ source: { principals: [${NAME}] } }], to: [{ operation: { paths: [${NAME}], hosts: [${NAME}] } }], when: [{ key: "request.headers[x-a]", values: [${NAME}] }] }`, POLICY),
  object('AuthorizationPolicy', 'authorizer', `{ selector: { matchLabels: { app: mock } }, action: CUSTOM, provider: { name: ${NAME} }, rules: [{}] }`, POLICY),
].join(''));
const INVARIANTS = file('invariants.yaml', `kind: Invariants
invariants:
- { name: ${NAME}, never: { from: [{ namespace: shop }], to: { host: cart.shop } } }
- { name: ${NAME}, always: { requests: { host: cart.shop, match: [{ headers: { x-a: { exact: b } } }] }, reach: { host: mock.shop, subset: ${NAME} } } }
- { name: ${NAME}, always: { requests: { host: cart.shop }, timeout: { atMost: 1s } } }
- { name: ${NAME}, never: { from: [{ namespace: ${NAME} }], to: { host: mock.shop } } }
`);
const WRONG = file('wrong.yaml', `kind: Invariants\ninvariants: [{ name: a, ${NAME}: 1 }]\n`);
const FACTS = file('facts.yaml', `kind: ClusterFacts\n${NAME}: 1\n`);
const NAMED = file('a\n::error title=pwned::\u202e\u001b[31mb.yaml', `${WORLD}${object('VirtualService', 'lost', '{ hosts: [cart], http: [{ route: [{ destination: { host: nowhere } }] }] }')}`);

const PAGES = ['svg', 'html', 'mmd', 'dot'].flatMap(kind => ['--access', '--quiet'].map(mode => [kind, mode] as const));
const COMMANDS = [MESH, NAMED].flatMap((mesh): readonly (readonly string[])[] => [
  ...['text', 'json', 'github'].flatMap(format => [['check', INVARIANTS, mesh, '-f', format], ['check', WRONG, mesh, '-f', format]]),
  ...['text', 'json'].flatMap(format => [['holes', mesh, '-f', format], ['holes', mesh, '--complete', '-f', format]]),
  ...['text', 'json', 'markdown'].flatMap(format => [['diff', PLAIN, mesh, '-f', format], ['diff', mesh, PLAIN, '--rollout', '-f', format]]),
  ['graph', mesh, '--access'], ['analyze', mesh, '--facts', FACTS], ['holes', mesh, '--facts', FACTS],
]);

/** A command with its files as they are called here. */
const FILES: { readonly [path: string]: string } = {
  [PLAIN]: 'plain', [MESH]: 'hostile', [NAMED]: 'named hostile', [INVARIANTS]: 'invariants', [WRONG]: 'wrong', [FACTS]: 'facts',
};
const titled = COMMANDS.map(args => [args.map(arg => FILES[arg] ?? arg).join(' '), args] as const);

test.each(titled)('%s: no name controls a terminal, a reader or a pipeline', async (_, args) => {
  const { stdout, stderr } = await run(args);
  const command = args.includes('github') ? /^::(?!(error|warning|notice) (file=[^:]*,)?(line=\d+,)?title=[^:]+::)/m : /^\s*::/m;
  expect(stdout + stderr).not.toBe('');
  for (const text of [stdout, stderr]) {
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(text).not.toMatch(command);
    expect(text).not.toMatch(/##(\[|vso\[)/);
  }
  // A reader shows code in backticks as it is.
  if (args.includes('markdown')) expect(stdout.replace(/`[^`]*`/g, '')).not.toMatch(/<img|(?<!\\)\[x\]/);
});

test.each(PAGES)('a picture as %s with %s holds no name that a page or a terminal could run', async (kind, mode) => {
  const picture = join(folder, `picture.${kind}`);
  expect((await run(['graph', MESH, '-o', picture, mode])).code).toBe(0);
  const text = readFileSync(picture, 'utf8');
  expect(text).toContain('mock');
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(text).not.toContain('<img');
});
