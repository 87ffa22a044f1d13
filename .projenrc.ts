import { cdk8s, javascript, JsonFile, JsonPatch, TextFile, YamlFile } from 'projen';
import { DEPENDENCY_RULES } from './projenrc/dependency-rules';

// The only place with the URL of the repository, which is not decided yet.
const REPOSITORY_URL = 'https://github.com/cdk8s-istio/cdk8s-istio.git';

/** The subpath exports of the package. */
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

  // These are the minimum versions of the peers: the oldest releases whose API we use. A newer constructs would exclude users of cdktn.
  cdk8sVersion: '2.68.0',
  constructsVersion: '10.4.2',
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.3',
  entrypoint: 'lib/src/index.js',
  tsconfig: {
    // No inline source maps: they triple what Node reads when it loads the library.
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
  // The full conformance run builds and tests the Python package.
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
      moduleNameMapper: {
        '^cdk8s-istio$': '<rootDir>/src/index.ts',
        [`^cdk8s-istio/(${SUBPATHS.join('|')})$`]: '<rootDir>/src/$1/index.ts',
      },
    },
  },
});

// swc only removes types; `npm run typecheck` checks them.
project.deps.removeDependency('ts-jest');
project.jest!.config.transform = {
  '^.+\\.ts$': ['@swc/jest', { swcrc: false, jsc: { parser: { syntax: 'typescript' }, target: 'es2022', keepClassNames: true } }],
};

// JsiiBuild sets `lib/index.d.ts`, so this comes after it.
project.package.addField('types', 'lib/src/index.d.ts');
project.package.addField('exports', {
  '.': { types: './lib/src/index.d.ts', default: './lib/src/index.js' },
  ...Object.fromEntries(SUBPATHS.map(subpath => [`./${subpath}`, {
    types: `./lib/src/${subpath}/index.d.ts`, default: `./lib/src/${subpath}/index.js`,
  }])),
  './package.json': './package.json',
  './.jsii': './.jsii',
});
// TypeScript's resolution node10 does not read `exports`. Projects of `cdk8s init` use node10.
project.package.addField('typesVersions', {
  '*': Object.fromEntries(SUBPATHS.map(subpath => [subpath, [`./lib/src/${subpath}/index.d.ts`]])),
});
project.package.addBin({ 'cdk8s-istio': 'lib/src/cli/main.js' });
// The subpath ./cdktf loads what the user has installed. They are not peers, because jsii would require peers in the packages of all
// languages. Package managers that isolate packages still need these entries.
project.package.addField('peerDependenciesMeta', {
  '@cdktf/provider-kubernetes': { optional: true }, 'cdktf': { optional: true }, 'cdktn': { optional: true },
});
// 1.13 lacks its optional bindings for most platforms, so a lock file with it is incomplete.
project.package.addPackageResolutions('unrs-resolver@1.12.2');
project.npmignore?.addPatterns('/imports/', '/lib/imports/', '/examples/', '/bench/', '/conformance/', '/docs/', '/scripts/', '/manifests/', '/out/',
  '/.ci/', '/api/', '/.npmrc', '/.projenrc.ts', '/sources.cjs', '/projenrc/', '/cdk8s.yaml', '/.eslintrc.json', '/.dependency-cruiser.json',
  '/ARCHITECTURE.md',
  '/CONTRIBUTING.md');

new TextFile(project, '.npmrc', {
  // Keeps registry hosts out of the lock file.
  lines: ['omit-lockfile-registry-resolved=true'],
  marker: false,
});
new YamlFile(project, 'cdk8s.yaml', {
  obj: { language: 'typescript', app: 'npx ts-node examples/coolstore/main.ts', output: 'manifests' },
});

new JsonFile(project, '.dependency-cruiser.json', { obj: DEPENDENCY_RULES, marker: false });
project.eslint?.addRules({
  'import/no-extraneous-dependencies': ['error', {
    devDependencies: [
      '**/test/**',
      '**/examples/**',
      '**/templates/**',
      '**/bench/**',
      '**/scripts/**',
      '**/conformance/**',
      '.projenrc.ts',
      'projenrc/**',
    ],
    optionalDependencies: false,
    peerDependencies: true,
  }],
  'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
  '@stylistic/max-len': ['error', {
    code: 140, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreRegExpLiterals: true,
  }],
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
});
project.eslint?.addOverride({
  files: ['src/**'],
  // Authors choose the type of a setting, and jsii does not support generic methods.
  excludedFiles: ['src/environments/mesh-environment.ts'],
  rules: { '@typescript-eslint/no-explicit-any': 'error' },
});
// The test config maps `cdk8s-istio` to the sources, so lint needs no compiled library.
project.tryFindObjectFile('.eslintrc.json')?.addOverride('settings.import/resolver.typescript.project', './test/tsconfig.json');
// The project of `init` imports the package from outside.
project.eslint?.addOverride({ files: ['templates/**'], rules: { 'import/order': 'off' } });
project.eslint?.addOverride({ files: ['test/**', '.projenrc.ts', 'bench/**'], rules: { 'max-lines': 'off' } });

// Tests and examples import the package by its name, as users do.
const testConfig = project.tryFindObjectFile('test/tsconfig.json');
testConfig?.patch(
  JsonPatch.add('/compilerOptions/types', ['node', 'jest']),
  JsonPatch.add('/compilerOptions/paths', {
    'cdk8s-istio': ['../src/index.ts'],
    ...Object.fromEntries(
      SUBPATHS.map(subpath => [`cdk8s-istio/${subpath}`, [`../src/${subpath}/index.ts`]]),
    ),
  }),
  // ts-node also runs these.
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
const lint = script('lint', 'check layers and circles with dependency-cruiser, and everything else with eslint', `depcruise --config .dependency-cruiser.json ${LINTED}`,
  `eslint --ext .ts --no-error-on-unmatched-pattern --max-warnings 0 ${LINTED}`);
lint.env('ESLINT_USE_FLAT_CONFIG', 'false');
lint.spawn(script('prose', 'reject phrases for which the glossary has a better one', 'ts-node scripts/prose/prose.ts'));
script('typecheck', 'type check of tests, examples and benches', 'tsc --noEmit -p test');
const SCHEMAS = 'ts-node scripts/schemas.ts && ts-node scripts/specs.ts';
script('imports', 'regenerate imports/ from the pinned istio.io/api', `ts-node scripts/imports.ts && ${SCHEMAS}`);
script('bump', 'move to another Istio version: VERSION [--api VERSION] [--envoy VERSION]', 'ts-node scripts/bump.ts');
script('coverage', 'write docs/coverage.md', 'ts-node scripts/coverage.ts');
script('schemas', 'write src/manifest/crd-schemas.generated.ts and istio-specs.generated.ts from the pinned CRDs', SCHEMAS);
script('calls', 'write the table of the arguments of public constructors and methods', 'ts-node scripts/calls.ts');
script('file-schemas', 'write schemas, the JSON Schemas of the files that users write', 'ts-node scripts/file-schemas.ts');
script('findings', 'write the list of the analysis rules and docs/findings.md', 'ts-node scripts/rules.ts && ts-node scripts/findings.ts');
script('fidelity', 'write the generated parts of docs/fidelity.md', 'ts-node scripts/fidelity.ts');
script('expected', 'write examples/*/expected', 'ts-node scripts/expected.ts');
script('matrix', 'write docs/matrix.md, the result of every pair of constructs on one service', 'ts-node scripts/matrix.ts');
script('tour', 'write the tour of the command line in the README', 'ts-node scripts/tour.ts');
// Not a task, because projen drops the quotes of arguments, and returns 1 for every exit code.
project.package.setScript('cli', 'ts-node --project test/tsconfig.json src/cli/main.ts');
script('api', 'compare the API with that of the last release; --write keeps the present one', 'ts-node scripts/api.ts');
script('test:package', 'install the packed tarball with the oldest peers and use it', 'node scripts/test-package.mjs');
script('test:page', 'test the page of graph in a real Chromium', 'node scripts/test-page.mjs');
script('bench:synth', 'compare our constructs with raw ApiObjects, and TrafficChecks with none', 'node bench/synth/run.mjs');
script('bench:load', 'measure loading and type-checking the library', 'node bench/load/run.mjs');
script('bench:simulate', 'measure routing decisions per second', 'node bench/simulate/run.mjs');
script('bench:analyze', 'compare our analysis with istioctl on the same files', 'node bench/analyze/run.mjs');
script('bench:growth', 'measure how analyze, diff and graph scale as a mesh grows', 'node bench/growth/run.mjs');
script(
  'bench:translate',
  "compare our translation of a sidecar with istiod's, for 1,000 and 5,000 services",
  'ts-node bench/translate/run.ts',
);
script('bench:cli', 'measure the time of the command line, in ratios', 'node bench/cli/run.mjs');
script(
  'conformance',
  'let istiod and Envoy judge our manifests and our translation: gate, fuzz [COUNT [SEED]], goldens [--write], experiments, requests, loads, full',
  'ts-node conformance/main.ts',
);
const coolstore = project.addTask('coolstore', { description: 'synthesize the walk-through and explain each step' });
// Skips the check for a newer cdk8s-cli, which not every registry supports.
coolstore.exec('cdk8s synth --check-upgrade=false');
coolstore.exec('ts-node examples/coolstore/summary.ts');

// `npm test` only runs the tests; lint is a separate step.
// `npm run api` compares with the API in this repository, and asks no registry.
project.removeTask('compat');
project.testTask.reset('jest --passWithNoTests', { receiveArgs: true });
project.compileTask.env('JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION', '20');
project.compileTask.exec('node scripts/lazy-exports.mjs');

project.synth();
