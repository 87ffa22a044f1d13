import { cdk8s, javascript, JsonFile, JsonPatch, TextFile, YamlFile } from 'projen';
import { DEPENDENCY_RULES } from './projenrc/dependency-rules';

// The one place that knows where the project lives; not decided yet.
const REPOSITORY_URL = 'https://github.com/cdk8s-istio/cdk8s-istio.git';

/** What the package exports beside its main entry; tests know no other. */
const SUBPATHS = ['analysis', 'validation', 'simulator', 'jest', 'cdktf'];

const project = new cdk8s.ConstructLibraryCdk8s({
  name: 'cdk8s-istio',
  description: 'Typed constructs for Istio traffic control, and the means to know what Envoy will do with them.',
  author: 'The cdk8s-istio developers',
  authorAddress: 'maintainers@example.com',
  repositoryUrl: REPOSITORY_URL,
  license: 'Apache-2.0',
  keywords: ['cdk8s', 'istio', 'envoy', 'service mesh', 'kubernetes', 'traffic'],
  defaultReleaseBranch: 'main',
  packageManager: javascript.NodePackageManager.NPM,
  minNodeVersion: '20.0.0',
  projenVersion: '0.103.25',
  projenrcTs: true,
  sampleCode: false,

  // These become the floors of the peers: the oldest releases whose API we use. A newer constructs would shut cdktn users out.
  cdk8sVersion: '2.68.0',
  constructsVersion: '10.4.2',
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.3',
  entrypoint: 'lib/src/index.js',
  tsconfig: {
    // Without inline source maps: they triple what Node reads when it loads the library.
    compilerOptions: { rootDir: '.', outDir: 'lib', types: ['node'], inlineSourceMap: false, inlineSources: false },
    include: ['imports/**/*.ts'],
    exclude: ['test', 'examples', 'templates', 'bench', 'conformance', 'lib'],
  },

  github: false,
  buildWorkflow: false,
  release: false,
  depsUpgrade: false,
  vscode: false,
  pullRequestTemplate: false,
  eslint: true,
  eslintOptions: { dirs: ['src'], devdirs: ['test', 'examples', 'templates', 'bench', 'scripts', 'conformance', 'projenrc'] },
  docgen: true,
  readme: { filename: 'README.md', contents: '# cdk8s-istio\n' },
  gitignore: ['/manifests/', '/out/', '/lib/', '/bench/out/', '.DS_Store'],

  bundledDeps: ['@viz-js/viz', 'js-yaml@^4', 're2js'],
  // The Python build is made and tried by the full conformance run.
  publishToPypi: { distName: 'cdk8s-istio', module: 'cdk8s_istio' },

  devDeps: ['@cdktf/provider-kubernetes@12.1.1', 'cdktf@0.21.0', '@types/js-yaml@^4', '@types/node@^20', 'ajv', '@swc/core', '@swc/jest', 'cdk8s-cli@2.207.60',
    'dependency-cruiser', 'fast-check', 'puppeteer-core', 'yaml@^2'],
  jestOptions: {
    junitReporting: false,
    jestConfig: {
      collectCoverage: false,
      // Jest would leave a core idle.
      maxWorkers: '100%',
      reporters: [new javascript.JestReporter('<rootDir>/test/closing-line.cjs')],
      moduleNameMapper: { '^cdk8s-istio$': '<rootDir>/src/index.ts', [`^cdk8s-istio/(${SUBPATHS.join('|')})$`]: '<rootDir>/src/$1/index.ts' },
    },
  },
});

// swc takes types away and nothing else; `npm run typecheck` reads them.
project.deps.removeDependency('ts-jest');
project.jest!.config.transform = {
  '^.+\\.ts$': ['@swc/jest', { swcrc: false, jsc: { parser: { syntax: 'typescript' }, target: 'es2022', keepClassNames: true } }],
};

// JsiiBuild forces `lib/index.d.ts`, hence after it.
project.package.addField('types', 'lib/src/index.d.ts');
project.package.addField('exports', {
  '.': { types: './lib/src/index.d.ts', default: './lib/src/index.js' },
  ...Object.fromEntries(SUBPATHS.map(subpath => [`./${subpath}`, {
    types: `./lib/src/${subpath}/index.d.ts`, default: `./lib/src/${subpath}/index.js`,
  }])),
  './package.json': './package.json',
  './.jsii': './.jsii',
});
// TypeScript's resolution node10 does not read `exports`. `cdk8s init` makes projects that have it.
project.package.addField('typesVersions', { '*': Object.fromEntries(SUBPATHS.map(subpath => [subpath, [`./lib/src/${subpath}/index.d.ts`]])) });
project.package.addBin({ 'cdk8s-istio': 'lib/src/cli/main.js' });
// The subpath ./cdktf loads what the user has. No peers, since jsii would make those hard requirements of the other languages' packages;
// package managers that keep packages apart still have to know of them.
project.package.addField('peerDependenciesMeta', {
  '@cdktf/provider-kubernetes': { optional: true }, 'cdktf': { optional: true }, 'cdktn': { optional: true },
});
// 1.13 lacks its optional bindings for most platforms, so that no lock file with it is complete.
project.package.addPackageResolutions('unrs-resolver@1.12.2');
project.npmignore?.addPatterns('/imports/', '/lib/imports/', '/examples/', '/bench/', '/conformance/', '/docs/', '/scripts/', '/manifests/', '/out/',
  '/.ci/', '/.npmrc', '/.projenrc.ts', '/sources.cjs', '/projenrc/', '/cdk8s.yaml', '/.eslintrc.json', '/.dependency-cruiser.json', '/ARCHITECTURE.md',
  '/CONTRIBUTING.md');

new TextFile(project, '.npmrc', {
  // Keeps the lock file free of any registry's host.
  lines: ['omit-lockfile-registry-resolved=true'],
  marker: false,
});
new YamlFile(project, 'cdk8s.yaml', {
  obj: { language: 'typescript', app: 'npx ts-node examples/coolstore/main.ts', output: 'manifests' },
});

new JsonFile(project, '.dependency-cruiser.json', { obj: DEPENDENCY_RULES, marker: false });
project.eslint?.addRules({
  'import/no-extraneous-dependencies': ['error', {
    devDependencies: ['**/test/**', '**/examples/**', '**/templates/**', '**/bench/**', '**/scripts/**', '**/conformance/**', '.projenrc.ts', 'projenrc/**'],
    optionalDependencies: false,
    peerDependencies: true,
  }],
  'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
});
project.eslint?.addOverride({
  files: ['src/**'],
  // A setting has whatever type its author gave it, and jsii knows no generic methods.
  excludedFiles: ['src/environments/mesh-environment.ts'],
  rules: { '@typescript-eslint/no-explicit-any': 'error' },
});
// The test config maps `cdk8s-istio` to the sources, so that lint needs no compiled library.
project.tryFindObjectFile('.eslintrc.json')?.addOverride('settings.import/resolver.typescript.project', './test/tsconfig.json');
// The project that `init` writes imports the package from outside.
project.eslint?.addOverride({ files: ['templates/**'], rules: { 'import/order': 'off' } });
project.eslint?.addOverride({ files: ['test/**', '.projenrc.ts', 'bench/**'], rules: { 'max-lines': 'off', '@stylistic/max-len': ['error', { code: 200, ignoreStrings: true, ignoreTemplateLiterals: true }] } });

// Tests and examples import the package by its name, as users do.
const testConfig = project.tryFindObjectFile('test/tsconfig.json');
testConfig?.patch(
  JsonPatch.add('/compilerOptions/types', ['node', 'jest']),
  JsonPatch.add('/compilerOptions/paths', {
    'cdk8s-istio': ['../src/index.ts'], ...Object.fromEntries(SUBPATHS.map(subpath => [`cdk8s-istio/${subpath}`, [`../src/${subpath}/index.ts`]])),
  }),
  // What ts-node runs, too.
  JsonPatch.add('/ts-node', { swc: true, require: ['../sources.cjs'] }),
  JsonPatch.add('/include/-', '../src/**/*.ts'),
  JsonPatch.add('/include/-', '../examples/**/*.ts'),
  JsonPatch.add('/include/-', '../templates/**/*.ts'),
  JsonPatch.add('/include/-', '../bench/**/*.ts'),
  JsonPatch.add('/include/-', '../scripts/**/*.ts'),
  JsonPatch.add('/include/-', '../conformance/**/*.ts'),
);
for (const folder of ['examples', 'bench', 'scripts', 'conformance']) {
  new JsonFile(project, `${folder}/tsconfig.json`, { obj: { extends: '../test/tsconfig.json', include: ['**/*.ts'] } });
}

const script = (name: string, description: string, ...execs: string[]) => {
  const task = project.addTask(name, { description });
  execs.forEach(exec => task.exec(exec, { receiveArgs: execs.length === 1 }));
  return task;
};
const LINTED = 'src test examples templates bench scripts conformance projenrc .projenrc.ts';
const lint = script('lint', 'imports, layers and circles by dependency-cruiser, all else by eslint', `depcruise --config .dependency-cruiser.json ${LINTED}`,
  `eslint --ext .ts --no-error-on-unmatched-pattern --max-warnings 0 ${LINTED}`);
lint.env('ESLINT_USE_FLAT_CONFIG', 'false');
lint.spawn(script('prose', 'reject phrases for which the glossary has a better one', 'ts-node scripts/prose/prose.ts'));
script('typecheck', 'type check of tests, examples and benches', 'tsc --noEmit -p test');
const SCHEMAS = 'ts-node scripts/schemas.ts && ts-node scripts/specs.ts';
script('imports', 'make imports/ again from the pinned istio.io/api', `ts-node scripts/imports.ts && ${SCHEMAS}`);
script('bump', 'move to another Istio: VERSION [--api VERSION] [--envoy VERSION]', 'ts-node scripts/bump.ts');
script('coverage', 'write docs/coverage.md', 'ts-node scripts/coverage.ts');
script('schemas', 'write src/manifest/crd-schemas.generated.ts and istio-specs.generated.ts from the pinned CRDs', SCHEMAS);
script('calls', 'write the table of what public constructors and methods take', 'ts-node scripts/calls.ts');
script('facts-schema', 'write the JSON Schema of cluster facts', 'ts-node scripts/facts-schema.ts');
script('findings', 'write the list of the analysis rules and docs/findings.md', 'ts-node scripts/rules.ts && ts-node scripts/findings.ts');
script('fidelity', 'write the parts of docs/fidelity.md that the referee states', 'ts-node scripts/fidelity.ts');
script('expected', 'write examples/*/expected', 'ts-node scripts/expected.ts');
script('matrix', 'write docs/matrix.md, what every pair of constructs on one service comes to', 'ts-node scripts/matrix.ts');
script('tour', 'write what the README shows of the command line', 'ts-node scripts/tour.ts');
// No task: projen joins arguments again without quotes, and answers 1 for every exit code.
project.package.setScript('cli', 'ts-node --project test/tsconfig.json src/cli/main.ts');
script('test:package', 'install the packed tarball beside the oldest peers and use it', 'node scripts/test-package.mjs');
script('test:page', 'use the page that graph draws, in a real Chromium', 'node scripts/test-page.mjs');
script('bench:synth', 'our constructs against the same YAML by raw ApiObjects, and TrafficChecks against none', 'node bench/synth/run.mjs');
script('bench:load', 'what loading and type-checking the library costs', 'node bench/load/run.mjs');
script('bench:simulate', 'routing decisions a second', 'node bench/simulate/run.mjs');
script('bench:analyze', 'our analysis against istioctl on the same files', 'node bench/analyze/run.mjs');
script('bench:growth', 'what analyze, diff and graph cost where a mesh grows, in ratios', 'node bench/growth/run.mjs');
script('bench:translate', 'our translation of a sidecar against istiod\'s own, 1,000 and 5,000 services', 'ts-node bench/translate/run.ts');
script('bench:cli', 'what the command line costs, in ratios', 'node bench/cli/run.mjs');
script('conformance', 'our manifests and our translation, judged by istiod and Envoy: gate, fuzz [COUNT [SEED]], goldens [--write], experiments, requests, loads, full', 'ts-node conformance/main.ts');
const coolstore = project.addTask('coolstore', { description: 'synthesize the whole walk-through and say what it means' });
// Without the look for a newer cdk8s-cli, which not every registry answers.
coolstore.exec('cdk8s synth --check-upgrade=false');
coolstore.exec('ts-node examples/coolstore/summary.ts');

// `npm test` runs the tests alone; lint has a step of its own.
project.testTask.reset('jest --passWithNoTests', { receiveArgs: true });
project.compileTask.env('JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION', '20');
project.compileTask.exec('node scripts/lazy-exports.mjs');

project.synth();
