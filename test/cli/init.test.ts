import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, run } from './command-line';
import { writeAll } from '../../src/cli/init/project-folder';
import '../../templates/project/catalog-traffic.test';

const root = mkdtempSync(join(tmpdir(), 'init-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let count = 0;
/** A new folder with these files. A value of undefined creates a folder. */
const folderWith = (files: { readonly [name: string]: string | undefined }) => {
  const folder = join(root, `Shop Traffic.${++count}`);
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) {
    if (text === undefined) mkdirSync(join(folder, name));
    else writeFileSync(join(folder, name), text);
  }
  return folder;
};
const init = (folder: string) => run(['init', '--no-install'], folder);
const contents = (folder: string) => (readdirSync(folder, { recursive: true }) as string[]).sort();
const manifestOf = (folder: string) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const OWN = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

const FILES = [
  '.github/workflows/traffic.yml', '.gitignore', 'catalog-traffic.test.ts', 'catalog-traffic.ts', 'cdk8s.yaml', 'jest.config.json',
  'main.ts', 'package.json', 'tsconfig.json',
];

test('an empty folder gets a project: a chart, its test, the pipeline and a package.json with the versions that this package is tested with', async () => {
  const folder = folderWith({});
  expect(await init(folder)).toEqual({
    code: 0,
    stdout: `${FILES.join('\n')}\n`,
    stderr: 'next: npm install, npm test, npx cdk8s synth, npx cdk8s-istio analyze dist\n',
  });
  expect(contents(folder)).toEqual([...FILES, '.github', '.github/workflows'].sort());
  const { name, scripts, dependencies, devDependencies } = manifestOf(folder);
  expect([name, scripts]).toEqual(['shop-traffic-1', { test: 'tsc && jest', synth: 'cdk8s synth' }]);
  expect(dependencies).toMatchObject(OWN.peerDependencies);
  expect(dependencies).toHaveProperty('cdk8s-istio');
  expect(devDependencies.jest).toBe(OWN.devDependencies.jest);
  expect(devDependencies['cdk8s-cli']).toBe(`^${OWN.devDependencies['cdk8s-cli']}`);
});

test('the named folder is created', async () => {
  const folder = folderWith({});
  expect(await run(['init', 'deep/shop', '--no-install'], folder)).toMatchObject({
    code: 0,
    stderr: 'next: cd deep/shop, npm install, npm test, npx cdk8s synth, npx cdk8s-istio analyze dist\n',
  });
  expect(manifestOf(join(folder, 'deep/shop')).name).toBe('shop');
});

test('files of npm and git do not count as content, and package.json keeps its fields', async () => {
  const before = {
    name: 'mine',
    type: 'commonjs',
    scripts: { test: 'echo "Error: no test specified" && exit 1', lint: 'eslint' },
    dependencies: { 'cdk8s-istio': 'file:cdk8s-istio-0.0.0.tgz', 'cdk8s': '2.70.0' },
    devDependencies: { jest: '^29' },
    volta: { node: '22.0.0' },
  };
  const folder = folderWith({
    'package.json': `\uFEFF${JSON.stringify(before, undefined, '\t')}`,
    'package-lock.json': '{}',
    '.npmrc': '',
    'node_modules': undefined,
    '.git': undefined,
    'cdk8s-istio-0.0.0.tgz': '',
  });
  expect((await init(folder)).code).toBe(0);
  expect(manifestOf(folder)).toMatchObject({
    ...before,
    scripts: { test: 'tsc && jest', synth: 'cdk8s synth', lint: 'eslint' },
    dependencies: {
      ...before.dependencies,
      constructs: OWN.peerDependencies.constructs,
    },
  });
  expect(contents(folder)).not.toContain('package.json.new');
});

describe('nothing is written, and the error says why,', () => {
  test.each<[string, { readonly [name: string]: string | undefined }, string]>([
    [
      'if the folder holds a file',
      { 'index.ts': '' },
      "the folder '.' is not empty: index.ts; name an empty folder: cdk8s-istio init FOLDER",
    ],
    ['if it holds many', Object.fromEntries([...'abcdefg'].map(name => [name, ''])), 'is not empty: a, b, c, d, e and 2 more;'],
    ['if it holds a folder', { src: undefined }, 'is not empty: src;'],
    ['if it holds a tarball that is not installed', { 'other.tgz': '', 'package.json': '{}' }, 'is not empty: other.tgz;'],
    ['if package.json is a folder', { 'package.json': undefined }, '\'package.json\' cannot be read (EISDIR)'],
    ['if package.json is not JSON', { 'package.json': '{ "name": ' }, 'package.json is not JSON ('],
    ['where package.json is a list', { 'package.json': '[]' }, 'package.json must be an object'],
    ['where its scripts are a list', { 'package.json': '{ "scripts": ["a"] }' }, 'package.json: scripts must be an object'],
    [
      'if npm test does something already',
      { 'package.json': '{ "scripts": { "test": "mocha" } }' },
      'package.json has a script \'test\' ("mocha"), which the project needs for "tsc && jest"; rename it',
    ],
    [
      'if package.json is that of an ES module package',
      { 'package.json': '{ "type": "module" }' },
      'package.json has "type": "module", but the project is CommonJS; remove this field',
    ],
  ])('%s', async (_, files, message) => {
    const folder = folderWith(files);
    const before = contents(folder);
    expect(await init(folder)).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(`error: ${message.startsWith('is') ? `the folder '.' ${message}` : message}`),
    });
    expect(contents(folder)).toEqual(before);
  });

  test('if the folder is a file, or below one', async () => {
    const folder = folderWith({ file: 'x' });
    expect(await run(['init', 'file', '--no-install'], folder)).toMatchObject({
      code: 2,
      stderr: "error: 'file' is a file; name a folder, or omit it for the current one\n",
    });
    expect(await run(['init', 'file/shop', '--no-install'], folder)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot be written (ENOTDIR); nothing of the project is left in it'),
    });
    expect(contents(folder)).toEqual(['file']);
  });

  test('if the folder cannot be created, as below /proc on Linux', async () => {
    const folder = folderWith({});
    mkdirSync(join(folder, 'made'));
    symlinkSync('nowhere', join(folder, 'made/link'));
    expect(await run(['init', 'made/link/shop', '--no-install'], folder)).toEqual({
      code: 2,
      stdout: '',
      stderr: "error: 'made/link/shop' cannot be written (EEXIST); nothing of the project is left in it; "
        + 'name a folder that you can create and write to\n',
    });
    if (process.platform === 'linux') {
      expect((await run(['init', '/proc/shop', '--no-install'], folder)).stderr).toContain("'/proc/shop' cannot be written (ENOENT);");
    }
  });

  test('if a file cannot be written after others were', () => {
    const folder = folderWith({ 'package.json': 'old' });
    expect(() => writeAll(folder, new Map([['package.json', 'new'], ['a/b/c', ''], ['d', ''], ['d/e', '']]))).toThrow('cannot be written');
    expect(contents(folder)).toEqual(['package.json']);
    expect(readFileSync(join(folder, 'package.json'), 'utf8')).toBe('old');
  });
});

test('the workflow is the one of docs/ci.md, with a step of tests', () => {
  const [, github] = /## GitHub\n\n```yaml\n(.*?)```/s.exec(readFileSync(join(ROOT, 'docs/ci.md'), 'utf8'))!;
  const expected = github
    .replace('npm ci && npx cdk8s synth --output manifests', 'npm ci && npm test && npx cdk8s synth').replace('synth --output manifests', 'synth')
    .replace('analyze manifests', 'analyze dist').replace('base/manifests manifests', 'base/dist dist');
  expect(readFileSync(join(ROOT, 'templates/project/github/workflows/traffic.yml'), 'utf8')).toBe(expected);
});

test('a folder gets each file once, and no file from elsewhere', async () => {
  const folder = folderWith({});
  await init(folder);
  expect(existsSync(join(folder, 'gitignore'))).toBe(false);
  expect(await init(folder)).toMatchObject({ code: 2, stderr: expect.stringContaining('is not empty') });
});
