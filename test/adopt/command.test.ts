import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshFolder, istio, manifests, root, runAdopt, services, VERSIONS, written } from './adopted';

afterAll(() => rmSync(root, { recursive: true, force: true }));

const TWO = manifests('two', [
  services(['cart', 80], ['reviews', 80]),
  istio('DestinationRule', 'cart', `{ host: cart, ${VERSIONS} }`),
  istio('VirtualService', 'cart', '{ hosts: [cart], http: [{ route: [{ destination: { host: cart, subset: v1 } }] }] }'),
  istio('VirtualService', 'reviews', `{ hosts: [reviews], http: [
    { match: [{ uri: { prefix: /a } }], delegate: { name: others } }, { route: [{ destination: { host: reviews } }] }] }`),
].join(''));

test('an empty folder becomes a project, and the report says of each host that it is the same for all requests', async () => {
  const folder = freshFolder('empty');
  expect(await runAdopt(TWO, '-o', folder)).toEqual({
    code: 0,
    stdout: [
      'cart.ts  MeshService: the same for all requests',
      'reviews.ts  plain objects: the same for all requests',
      '  plain VirtualService shop/reviews: no construct is written for http.delegate',
      '',
    ].join('\n'),
    stderr: [
      `2 of 3 objects as constructs, 1 plain; the same for all requests; 6 files written in ${folder}`,
      '2 other objects stay where they are',
      `next: cd ${folder}, npm install, npx cdk8s synth`,
      '',
    ].join('\n'),
  });
  expect(Object.keys(written(folder))).toEqual(['cart.ts', 'cdk8s.yaml', 'main.ts', 'package.json', 'reviews.ts', 'tsconfig.json']);
});

test('the program reads like one that a person wrote', async () => {
  const folder = freshFolder('read');
  await runAdopt(TWO, '-o', folder);
  expect(written(folder)['cart.ts']).toBe(`import { Chart } from 'cdk8s';
import { MeshService, ServicePort } from 'cdk8s-istio';
import type { Construct } from 'constructs';

/** Traffic of cart in shop. */
export class CartTraffic extends Chart {
  constructor(scope: Construct) {
    super(scope, 'cart', { namespace: 'shop' });
    const cart = new MeshService(this, 'Cart', { name: 'cart', ports: [ServicePort.http(80)] });
    const v1 = cart.addSubset('v1', { labels: { version: 'v1' } });
    cart.addSubset('v2', { labels: { version: 'v2' } });
    cart.routeDefaultTo(v1);
  }
}
`);
});

test('a second run changes nothing', async () => {
  const folder = freshFolder('twice');
  await runAdopt(TWO, '-o', folder);
  const before = written(folder);
  const { code, stderr } = await runAdopt(TWO, '-o', folder);
  expect([code, stderr]).toEqual([0, expect.stringContaining('unchanged in')]);
  expect(written(folder)).toEqual(before);
});

test('a file with other content is not overwritten, and then nothing is written', async () => {
  const folder = freshFolder('other');
  await runAdopt(TWO, '-o', folder, '--only', 'cart');
  writeFileSync(join(folder, 'cart.ts'), '// mine\n');
  const { code, stderr } = await runAdopt(TWO, '-o', folder);
  expect([code, stderr]).toEqual([2, expect.stringContaining(`cart.ts in '${folder}' has other content than adopt would write; nothing is written`)]);
  expect(Object.keys(written(folder))).not.toContain('reviews.ts');
  expect(readFileSync(join(folder, 'cart.ts'), 'utf8')).toBe('// mine\n');
});

test('a folder in a cdk8s project gets only the files of hosts, and the missing lines of its program are printed', async () => {
  const project = freshFolder('project');
  writeFileSync(join(project, 'cdk8s.yaml'), 'app: npx ts-node main.ts\n');
  writeFileSync(join(project, 'main.ts'), 'new CartTraffic(app);\n');
  const folder = join(project, 'traffic');
  mkdirSync(folder);
  const { code, stdout } = await runAdopt(TWO, '-o', folder);
  expect(code).toBe(0);
  expect(stdout).toMatch(/add to the program of the project:\n {2}import \{ ReviewsTraffic \} from '\.\/traffic\/reviews';\n {2}new ReviewsTraffic\(app\);\n$/);
  expect(Object.keys(written(folder))).toEqual(['cart.ts', 'reviews.ts']);
});

test('--only takes the name of a service or its whole host, one host at a time', async () => {
  const folder = freshFolder('only');
  for (const name of ['cart', 'reviews.shop.svc.cluster.local']) {
    expect((await runAdopt(TWO, '-o', folder, '--only', name)).code).toBe(0);
  }
  expect(Object.keys(written(folder))).toContain('cart.ts');
  expect(Object.keys(written(folder))).toContain('reviews.ts');
  expect(await runAdopt(TWO, '-o', folder, '--only', 'nothing')).toMatchObject({
    code: 2, stderr: 'error: --only: the input has no nothing; it has cart.shop.svc.cluster.local, reviews.shop.svc.cluster.local\n',
  });
});

test('the JSON report has each host with its constructs, and each plain object with its reason', async () => {
  const { stdout, code } = await runAdopt(TWO, '-o', freshFolder('json'), '--format', 'json', '-q', '--strict');
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toEqual({
    same: true,
    hosts: [
      { host: 'cart.shop.svc.cluster.local', file: 'cart.ts', constructs: ['MeshService'], plain: [], notes: [], refuted: [] },
      {
        host: 'reviews.shop.svc.cluster.local',
        file: 'reviews.ts',
        constructs: [],
        plain: [{ object: 'VirtualService shop/reviews', reason: 'no construct is written for http.delegate' }],
        notes: [],
        refuted: [],
      },
    ],
    differences: [],
    written: ['cart.ts', 'cdk8s.yaml', 'main.ts', 'package.json', 'reviews.ts', 'tsconfig.json'],
    unchanged: [],
    linesToAdd: [],
    left: ['Service shop/cart', 'Service shop/reviews'],
  });
});

test.each([
  ['no folder', [TWO], 'error: the output folder is required; add -o FOLDER\n'],
  ['a file as folder', [TWO, '-o', TWO], `error: '${TWO}' is a file; name a folder after -o\n`],
  ['no namespace', [manifests('none', istio('VirtualService', 'a', '{ hosts: [a] }').replace(', namespace: shop', '')), '-o', 'x'],
    'VirtualService a has no namespace; name it with -n NAMESPACE\n'],
  ['nothing to adopt', [manifests('services', services(['cart', 80])), '-o', 'x'],
    'error: the input has no VirtualService, DestinationRule, Gateway or ServiceEntry; name the manifests that have them\n'],
])('%s is an error', async (_, args, message) => {
  expect(await runAdopt(...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
});
