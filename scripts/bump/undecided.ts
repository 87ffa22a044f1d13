// Prints what a bump leaves to decide, as far as the files tell without the translator: `undecided.ts [FAILED STEP...]`.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { UNDECIDED } from './steps';
import { tell } from './tell';
import { KINDS, keyOf, leavesOf } from '../../conformance/fields/table';
import { PINS } from '../../src/envoy/pins';

const root = join(__dirname, '../..');
function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 });
}

/** The goldens that differ from the committed ones, with the number of changed lines. */
function changedGoldens(): string[] {
  return git(
    'diff',
    '--numstat',
    '--',
    'conformance/goldens',
    'conformance/admission.json',
  ).split('\n').filter(line => line !== '').map(line => {
    const [added, removed, file] = line.split('\t');
    return `${file}: ${added} lines added, ${removed} removed`;
  });
}

/** CRD fields without a claim, and claims about fields that are gone. */
function fields(): { readonly unclaimed: string[]; readonly gone: string[] } {
  const unclaimed = Object.entries(KINDS).flatMap(([kind, claims]) =>
    leavesOf(kind)
      .filter(leaf => keyOf(claims, leaf) === undefined)
      .map(leaf => `${kind} ${leaf}`),
  );
  const gone = Object.entries(KINDS).flatMap(([kind, claims]) => {
    const used = new Set(leavesOf(kind).map(leaf => keyOf(claims, leaf)));
    return Object.keys(claims).filter(key => !used.has(key)).map(key => `${kind} ${key}`);
  });
  return { unclaimed, gone };
}

const before = /^-\s+istio: '(.*)'/m.exec(git('diff', '-U0', '--', 'src/envoy/pins.ts'))?.[1];
console.log('\n== left to decide');
tell(UNDECIDED.failed, process.argv.slice(2));
tell(UNDECIDED.goldens, changedGoldens());
const { unclaimed, gone } = fields();
tell(UNDECIDED.unclaimed, unclaimed);
tell(UNDECIDED.gone, gone);
tell(UNDECIDED.release, before === undefined ? [] : [
  `src/envoy/istio-versions.ts: what ${PINS.istio} does differently than ${before}, with \`since: '${PINS.istio}'\``,
  'test/conformance/istio-versions.ts: the differences that the walk-through shows',
]);
