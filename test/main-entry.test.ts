import { execFileSync } from 'node:child_process';
import { join, relative } from 'node:path';

const root = join(__dirname, '..');
/** The packages of ts-node itself. */
const RUNNER =
  /^(ts-node|typescript|@swc\/.*|@cspotcode\/.*|@jridgewell\/.*|make-error|diff|yn|v8-compile-cache-lib|create-require|arg|acorn|acorn-walk|sources\.cjs|\[eval\])$/;

const known = new Map<string, string[]>();

/** Runs a program in a new process and lists the packages, and the folders of this project, that it loads. */
function loadedBy(program: string): string[] {
  const loaded = known.get(program) ?? load(program);
  known.set(program, loaded);
  return loaded;
}

function load(program: string): string[] {
  const script = `${program}; console.log(JSON.stringify(Object.keys(require.cache)))`;
  const output = execFileSync(process.execPath, ['-r', require.resolve('ts-node/register'), '-e', script], {
    cwd: root, encoding: 'utf8', env: { ...process.env, TS_NODE_PROJECT: join(root, 'test/tsconfig.json') },
  });
  const files = (JSON.parse(output.trim().split('\n').pop()!) as string[]).map(file => file.replace(/\\/g, '/'));
  return [...new Set(files.map(nameOf).filter(name => !RUNNER.test(name)))].sort();
}

/** The package of a file, wherever packages are installed, or the folder of this project. */
function nameOf(file: string): string {
  if (!file.includes('/node_modules/')) return relative(root, file).split('/').slice(0, 2).join('/');
  const parts = file.split('/node_modules/').pop()!.split('/');
  return parts.slice(0, parts[0].startsWith('@') ? 2 : 1).join('/');
}

describe('the main entry', () => {
  test('loads cdk8s, constructs and its own layers, and nothing else: no analysis, no regex engine, no generated code', () => {
    const loaded = loadedBy('require(\'./src\')');
    expect(loaded.filter(name => name.startsWith('src/'))).toEqual([
      'src/checks',
      'src/cluster',
      'src/constructs',
      'src/environments',
      'src/index.ts',
      'src/manifest',
      'src/plan',
      'src/traffic',
    ]);
    expect(loaded).not.toContain('re2js');
    expect(loaded.filter(name => name.startsWith('imports'))).toEqual([]);
  });

  test('loads the regex engine with the first regex', () => {
    const loaded = loadedBy(`const { App, Chart } = require('cdk8s'); const i = require('./src'); const c = new Chart(new App(), 'c', { namespace: 'n' });
      const s = new i.MeshService(c, 'S', { name: 's', ports: [i.ServicePort.http(80)] });
      new i.TrafficRoute(c, 'R', { service: s, matches: [{ uri: i.StringMatch.regex('/a.*') }] })`);
    expect(loaded).toContain('re2js');
  });

  test('and the subpath for Terraform do not load Terraform packages; the first TerraformManifests does', () => {
    expect(
      [...loadedBy("require('./src')"), ...loadedBy("require('./src/cdktf')")].filter(name => /cdktf|cdktn|terraform/.test(name)),
    ).toEqual(['src/cdktf']);
  });

  test('needs no package beyond those of cdk8s and constructs', () => {
    const without = loadedBy('require(\'cdk8s\'); require(\'constructs\')');
    expect(loadedBy('require(\'./src\')').filter(name => !name.startsWith('src/'))).toEqual(without);
  });
});
