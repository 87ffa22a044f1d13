import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GO_MODULES } from '../scripts/bump/go-modules';
import { fidelity, PAGE } from '../scripts/fidelity';
import { PINS } from '../src/envoy/pins';

const ROOT = join(__dirname, '..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

describe('what is pinned is the same wherever a tool demands that it stands there too', () => {
  test.each(GO_MODULES)('%s requires the pinned modules of Istio', folder => {
    const versions = new Map(
      [...read(`${folder}/go.mod`).matchAll(/^\s*(?:require )?(istio\.io\/\w+) (\S+)/gm)].map(([, module, version]) => [module, version]),
    );
    expect([versions.get('istio.io/istio'), versions.get('istio.io/api')]).toEqual([PINS.istioModule, PINS.apiModule]);
    expect(read(`${folder}/go.sum`)).toContain(`istio.io/istio ${PINS.istioModule} h1:`);
  });

  test.each([
    'imports/crds/istio.yaml',
    ...readdirSync(join(ROOT, 'imports')).filter(file => file.endsWith('.ts')).map(file => `imports/${file}`),
  ])(
    '%s is made from the pinned API', file => {
      expect(read(file).split('\n')[0]).toContain(`istio.io/api@${PINS.apiModule}`);
    });
});

test('the CRDs of the Gateway API are of the version that the pinned istiod is built with', () => {
  const [, version] = /^\s*sigs\.k8s\.io\/gateway-api (\S+)/m.exec(read('conformance/istiod/go.mod'))!;
  expect(read('imports/crds/gateway-api.yaml').split('\n')[0]).toContain(`sigs.k8s.io/gateway-api@${version}`);
});

/** What may name the version by itself: the pins, what a user's program says of its own environment, and what is made from the pins. */
const APART = [
  'src/envoy/pins.ts', 'conformance/python/', 'conformance/last-full.json', 'conformance/goldens/', 'conformance/.cache/',
  'docs/coverage.md', 'docs/findings.md',
  'docs/fidelity.md', 'docs/cli.md',
];

function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap(entry => {
    const path = folder === '.' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return folder === '.' ? [] : filesBelow(path);
    return /\.(ts|mjs|go|md|json|yaml)$/.test(entry.name) ? [path] : [];
  }).filter(path => !APART.some(apart => path.startsWith(apart)));
}

test('no other file states the pinned release of Istio, so that none is forgotten when it moves', () => {
  const release = new RegExp(`(?<![\\d.])${PINS.istio.replace('.', '\\.')}(?![\\d])`);
  const stating = ['src', 'conformance', 'scripts', 'test', 'docs'].flatMap(filesBelow).filter(file => release.test(read(file)));
  expect(stating).toEqual([]);
});

test('docs/fidelity.md says what the referee does (npm run fidelity writes it)', () => {
  const page = readFileSync(PAGE, 'utf8');
  expect(page).toBe(fidelity(page));
});
