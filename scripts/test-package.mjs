// Packs the library as it would be published, installs it into an empty folder with the oldest peers, and runs the examples there; with CDK
// Terrain also a program for Terraform.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { initWorks } from './test-package/init.mjs';
import { pagesRun } from './test-package/package-pages.mjs';
import { cdk8sInitCompiles, typeResolutions } from './test-package/type-resolutions.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = mkdtempSync(join(tmpdir(), 'package-'));
const npm = (cwd, ...args) =>
  execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], shell: process.platform === 'win32' });
let checks = 0;
const check = (holds, what) => {
  if (!holds) throw new Error(`test:package: ${what}`);
  checks++;
};

/** CDK Terrain, which requires constructs below 10.8. */
const CDKTN = '0.24.0';

/** TypeScript 5, in addition to the project's TypeScript. */
const TYPESCRIPT_5 = '5.9.3';

/** The objects of the ten-line example in a stack of CDK Terrain. */
const STACK = `
import { App, Chart } from 'cdk8s';
import { Testing, TerraformStack } from 'cdktn';
import { CanaryRelease, MeshService, ServicePort } from 'cdk8s-istio';
import { manifestResource, TerraformManifests } from 'cdk8s-istio/cdktf';
import * as cdktn from 'cdktn';

const chart = new Chart(new App(), 'reviews', { namespace: 'shop' });
const service = new MeshService(chart, 'Reviews', { name: 'reviews', ports: [ServicePort.http(9080)] });
const [stable, canary] = ['v1', 'v2'].map(version => service.addSubset(version, { labels: { version } }));
new CanaryRelease(chart, 'Canary', { service, stable, canary, canaryPercent: 5 });
const stack = new TerraformStack(Testing.app(), 'stack');
try {
  new TerraformManifests(stack, 'Prebuilt', { source: chart });
} catch (e) {
  console.error((e as Error).message);
}
new TerraformManifests(stack, 'Manifests', { source: chart, resource: manifestResource(cdktn), fieldManager: { name: 'mesh' } });
const resources = Object.entries<any>(JSON.parse(Testing.synth(stack, true)).resource.kubernetes_manifest);
const places = new Map(resources.map(([name, { manifest }]) => ['kubernetes_manifest.' + name, manifest.kind]));
console.log(JSON.stringify(resources.map(([, { manifest, depends_on = [], field_manager }]) =>
  [manifest.kind, depends_on.map((other: string) => places.get(other)), field_manager.name, manifest.spec.http?.[0].route.map((r: any) => r.weight)])));
`;

/** Files that users of the library do not need. */
const NEEDLESS =
  /^(src|test|examples|imports|bench|conformance|scripts|docs|manifests|out|projenrc|\.ci)\/|^sources\.cjs$|^lib\/(imports|test|examples|bench)\/|\.projenrc|\.tgz$/;

/** A request through the subpaths, without a test runner. */
const SIMULATION = `const { Mesh, matchers } = require('cdk8s-istio/jest');
  const sidecar = { apiVersion: 'networking.istio.io/v1', kind: 'Sidecar', metadata: { name: 'default', namespace: 'istio-system' }, spec: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } } };
  const mesh = require('cdk8s-istio/simulator').Mesh.fromManifests([sidecar], { assumeServices: [{ name: 'a', namespace: 'b', ports: [80] }] });
  const decision = mesh.sidecar({ namespace: 'b' }).get('http://example.com/');
  if (matchers.toBeBlocked(decision).pass) console.log(decision.outcome);`;

try {
  const [packed] = JSON.parse(npm(root, 'pack', '--json', '--ignore-scripts', '--pack-destination', folder));
  const files = packed.files.map(f => f.path);
  const needless = files.filter(
    f => NEEDLESS.test(f) || (/\.ts$/.test(f) && !/\.d\.ts$/.test(f) && !/^(node_modules|templates)\//.test(f)),
  );
  check(needless.length === 0, `the tarball holds files that users do not need: ${needless.slice(0, 10).join(', ')}`);
  for (const needed of ['package.json', '.jsii', 'LICENSE', 'README.md', 'API.md', 'lib/src/index.js', 'lib/src/index.d.ts', 'lib/src/cli/main.js',
    'lib/src/jest/index.js', 'lib/src/jest/index.d.ts', 'lib/src/simulator/index.js', 'lib/src/simulator/index.d.ts',
    'lib/src/cdktf/index.js']) {
    check(files.includes(needed), `the tarball lacks ${needed}`);
  }
  check(packed.size < 8 * 1024 * 1024, `the tarball has ${(packed.size / 1024 / 1024).toFixed(1)} MB, more than 8`);

  const { peerDependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const oldest = name => `${name}@${peerDependencies[name].replace(/^\^/, '')}`;
  const expected = readFileSync(join(root, 'examples/ten-lines/expected/reviews.k8s.yaml'), 'utf8');

  const compile = (user, file) => execFileSync(process.execPath,
    [
      'node_modules/typescript/bin/tsc',
      '--strict',
      '--module',
      'node16',
      '--target',
      'es2022',
      '--types',
      'node',
      file,
    ], { cwd: user, stdio: 'inherit' });

  const install = (user, ...packages) =>
    npm(user, 'install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error', ...packages);
  const dev = name => `${name}@${devDependencies[name]}`;

  const filesBelow = place => readdirSync(place, { recursive: true }).filter(file => statSync(join(place, file)).isFile()).sort();
  /** Runs unchanged examples, with the command of the README. */
  const runs = (user, ...names) => {
    writeFileSync(
      join(user, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { strict: true, module: 'node16', target: 'es2022', types: ['node'], skipLibCheck: true } }),
    );
    cpSync(join(root, 'examples'), join(user, 'examples'), {
      recursive: true,
      filter: file => !['expected', 'tsconfig.json'].includes(basename(file)),
    });
    for (const name of names) {
      const [made, wanted] = [join(user, 'out', name), join(root, 'examples', name, 'expected')];
      execFileSync(process.execPath, ['node_modules/ts-node/dist/bin.js', `examples/${name}/main.ts`], {
        cwd: user,
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, CDK8S_OUTDIR: made },
      });
      check(JSON.stringify(filesBelow(made)) === JSON.stringify(filesBelow(wanted)), `examples/${name} wrote other files than expected`);
      for (const file of filesBelow(wanted))
        check(
          readFileSync(join(made, file), 'utf8') === readFileSync(join(wanted, file), 'utf8'),
          `examples/${name} wrote another ${file}`,
        );
      console.log(`examples/${name} writes the expected files`);
    }
  };

  /** Installs the tarball with other packages, runs the ten-line program, and returns the folder. */
  const works = (label, ...packages) => {
    const user = join(folder, label);
    mkdirSync(user);
    writeFileSync(join(user, 'package.json'), JSON.stringify({ name: 'user', private: true }));
    install(user, join(folder, packed.filename), ...packages, ...['typescript', '@types/node', 'ts-node'].map(dev));
    writeFileSync(join(user, 'main.ts'), readFileSync(join(root, 'examples/ten-lines/main.ts')));
    compile(user, 'main.ts');
    execFileSync(process.execPath, ['main.js'], { cwd: user, stdio: 'inherit', env: { ...process.env, CDK8S_OUTDIR: join(user, 'out') } });
    const loaded = execFileSync(process.execPath, ['-p', "require('cdk8s-istio'); Object.keys(require.cache).length"], {
      cwd: user,
      encoding: 'utf8',
    }).trim();
    check(loaded === '1', `the main entry loads ${loaded} files before an export is used`);
    const made = readFileSync(join(user, 'out/reviews.k8s.yaml'), 'utf8');
    check(made === expected, `beside ${packages.join(', ')} the program wrote something else than examples/ten-lines/expected`);
    const simulated = execFileSync(process.execPath, ['-e', SIMULATION], { cwd: user, encoding: 'utf8' });
    check(simulated === 'blocked\n', `beside ${packages.join(', ')} the simulator says ${simulated}`);
    const bin = (...args) =>
      execFileSync(process.execPath, [join(user, 'node_modules/cdk8s-istio/lib/src/cli/main.js'), ...args, '-q'], {
        cwd: user,
        encoding: 'utf8',
      });
    writeFileSync(
      join(user, 'service.yaml'),
      'apiVersion: v1\nkind: Service\nmetadata: { name: reviews, namespace: shop }\nspec: { ports: [{ name: http, port: 80 }] }\n',
    );
    check(bin('explain', 'out', 'service.yaml', '--from', 'shop').startsWith('NAME '), 'explain prints nothing');
    check(
      bin('graph', 'out', '-o', 'mesh.svg') === '' && readFileSync(join(user, 'mesh.svg'), 'utf8').startsWith('<svg '),
      'graph draws nothing',
    );
    check(bin('diff', 'out', 'out') === '', 'diff finds a difference between a folder and itself');
    console.log(`works beside ${packages.join(', ')}`);
    return user;
  };
  const oldestUser = works('oldest', oldest('cdk8s'), oldest('constructs'));
  runs(oldestUser, 'ten-lines', 'shared-host', 'environments', 'coolstore');

  install(oldestUser, `typescript-5@npm:typescript@${TYPESCRIPT_5}`, dev('@types/jest'));
  for (const typescript of ['typescript-5', 'typescript']) {
    const { version, works: combinations, fails, seesNoPackage } = typeResolutions(oldestUser, typescript);
    check(fails.length === 0, `TypeScript ${version} does not find the types of each entry: ${fails.join('; ')}`);
    check(
      ['node10', 'node16', 'bundler'].every(way => combinations.some(c => c.endsWith(` x ${way}`))),
      `TypeScript ${version} was only tried with ${combinations.join(', ')}`,
    );
    check(
      seesNoPackage.every(c => /x (classic|the default)$/.test(c)),
      `TypeScript ${version} does not even find cdk8s with ${seesNoPackage.join(', ')}`,
    );
    const problems = cdk8sInitCompiles(oldestUser, typescript, join(root, 'node_modules/cdk8s-cli/templates/typescript-app/tsconfig.json'));
    check(problems.length === 0, `TypeScript ${version} with the tsconfig of cdk8s init: ${problems.join('; ')}`);
    console.log(
      `TypeScript ${version} finds all types with ${combinations.length} combinations of module and moduleResolution; with ${seesNoPackage.length} (classic) it finds no package at all`,
    );
  }

  install(oldestUser, dev('cdktf'), dev('@cdktf/provider-kubernetes'));
  runs(oldestUser, 'terraform');
  const user = works('cdktn', `cdktn@${CDKTN}`, 'cdk8s');
  const pages = pagesRun(join(root, 'docs'), user, (...packages) => install(user, ...packages), file => compile(user, file), check);
  check(pages > 0, 'no page has a program that needs other packages');
  console.log(`${pages} programs of the pages print what is expected`);
  writeFileSync(join(user, 'stack.ts'), STACK);
  compile(user, 'stack.ts');
  const { stdout, stderr } = spawnSync(process.execPath, ['stack.js'], { cwd: user, encoding: 'utf8' });
  check(
    stdout.trim() === '[["DestinationRule",[],"mesh",null],["VirtualService",["DestinationRule"],"mesh",[95,5]]]',
    `cdk8s-istio/cdktf wrote an unexpected stack of cdktn: ${stdout}${stderr}`,
  );
  check(
    stderr.includes('the package @cdktf/provider-kubernetes is not installed'),
    `cdk8s-istio/cdktf did not report the missing package: ${stderr}`,
  );
  console.log(`cdk8s-istio/cdktf works beside cdktn@${CDKTN}`);

  const seconds = initWorks(join(folder, packed.filename), folder, check);
  check(seconds < 180, `a project of one's own took ${seconds} s, more than three minutes`);
  console.log(`an empty folder, the tarball, cdk8s-istio init, npm test, cdk8s synth and cdk8s-istio analyze: green after ${seconds} s`);

  const mb = (statSync(join(folder, packed.filename)).size / 1024 / 1024).toFixed(2);
  console.log(`test:package: ${packed.filename}, ${files.length} files, ${mb} MB`);
  console.log(`${checks} passed, 0 failed`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
