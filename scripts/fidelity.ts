// The generated parts of docs/fidelity.md. Run as a program, it writes them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { STEPS, UNDECIDED } from './bump/steps';
import type { Amounts } from '../conformance/amounts';
import { FULL, GATE } from '../conformance/amounts';
import { EXPLAINED as EXPLAINED_VERDICTS } from '../conformance/analysis/admission';
import { cases } from '../conformance/cases';
import { lastFullRun } from '../conformance/full-run';
import { GAPS, noteOn } from '../conformance/gaps';
import { UNGUARDED } from '../conformance/mutation/unguarded';
import { LEFT_OUT } from '../conformance/normalize';
import { PARTS as RUN_PARTS } from '../conformance/parts';
import { EXPLAINED, UNFOUNDED } from '../conformance/verdicts';
import { ROWS } from '../src/edge/unread-kinds';
import { PINS } from '../src/envoy/pins';

export const PAGE = join(__dirname, '../docs/fidelity.md');

const code = (text: string) => `\`${text}\``;
const cell = (text: string) => text.replace(/\|/g, '\\|').replace(/\s+/g, ' ');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows.map(row => row.map(cell))].map(row => `| ${row.join(' | ')} |`).join('\n');
}

function amounts(): string {
  const row = (what: string, of: (amount: Amounts) => string) => [what, of(GATE), of(FULL)];
  return table(['what', 'in the gate', 'in a full run'], [
    ['cases', `${cases.length}`, `${cases.length}`],
    row('documents with one field broken', ({ documents }) => (documents === 1 ? 'all' : `${documents * 100} %`)),
    row('files of Istio\'s own samples and tests', ({ foreign }) => (foreign === 1 ? 'all' : `${foreign * 100} %`)),
    row('generated streams of documents, for reading', ({ streams }) => `${streams}`),
    row('generated meshes, for the translation', ({ meshes }) => `${meshes}`),
    row('generated meshes, with Gateway API objects', ({ gatewayApi }) => `${gatewayApi}`),
    row('generated meshes, with waypoints', ({ waypoints }) => `${waypoints}`),
    row('generated meshes, for who may call', ({ access }) => `${access}`),
    row('generated meshes whose pods are called, on a real Envoy', ({ calledMeshes }) => `${calledMeshes}`),
    row('meshes with one odd value', ({ oddValues }) => `${oddValues}`),
    row('generated pairs of rules, for what `diff` proves', ({ pairs }) => `${pairs}`),
    row('generated meshes of which invariants are proven, and as many of which holes are sought', ({ provenMeshes }) => `${provenMeshes}`),
    row('meshes in which one object changes, for `diff`', ({ changes }) => `${changes}`),
    row(
      'requests of each proxy, on a real Envoy',
      ({ requests: { each, meshes, count } }) =>
        `${count}, of ${each === 1 ? 'every case' : `every ${each}th case`} and ${meshes} generated meshes`,
    ),
    row('rollouts under load, each at 200 requests per second', ({ rollouts }) => (rollouts === 1 ? 'all' : 'the canary, in order and reversed')),
    ['documents with one field broken, for an API server', 'none', `${FULL.cluster.documents * 100} %`],
    row('random programs of constructs', ({ programs }) => `${programs}`),
    row('generated meshes, for mistakes in the translator', ({ mistakes }) => (mistakes === 0 ? 'none' : `${mistakes}`)),
  ]);
}

function fullRun(): string {
  const kept = lastFullRun();
  if (!kept) return 'No full run is kept.';
  const { date, istio, api, envoy, judged, passed, failed, skipped, parts } = kept;
  const rows = parts.flatMap(({ name, seconds, figures }) => (name === 'experiments'
    ? [[name, `${figures.length} figures, all within their bounds unless they are listed below`, `${seconds ?? ''}`]]
    : figures.map((figure, i) => [i === 0 ? name : '', figure, i === 0 ? `${seconds ?? ''}` : ''])));
  const missing = RUN_PARTS.map(({ name }) => name).filter(name => !parts.some(part => part.name === name));
  const failures = parts.flatMap(({ figures }) => figures.filter(figure => /^(FAILED|SKIPPED)/.test(figure)));
  return [
    `On ${date}, of the sources ${code(judged)}, with ${code(`istio.io/istio ${istio}`)}, ${code(`istio.io/api ${api}`)} and Envoy ${envoy}: ${passed} checks passed, ${failed} failed, ${skipped} skipped.`,
    'The record is about those sources only: parts of it may check more today than they did then.',
    ...(missing.length === 0 ? [] : [`Parts without a record at full amounts: ${missing.map(code).join(', ')}.`]),
    table(['part', 'what held', 'seconds'], rows),
    ...failures.map(figure => `- ${figure}`),
  ].join('\n\n');
}

function explained(): string {
  return table(['who', 'what', 'why it is not a mistake'], [
    ...EXPLAINED.map(({ code: analyzer, reason }) => ['Istio\'s analyzers, of our own cases', analyzer, reason]),
    ...UNFOUNDED.map(({ text, of, reason }) => ['admission, of our own cases', `${of}: ${text}`, reason]),
    ...EXPLAINED_VERDICTS.map(
      ({ of, reason }) => ['admission, of documents with one field broken', code(of.source.replace(/\\n/g, ' ')), reason],
    ),
  ]);
}

function unguarded(): string {
  const named = Object.entries(UNGUARDED);
  return named.length === 0
    ? 'Every function is guarded.'
    : table(
      ['function of `src/envoy`', 'why the fuzzer notices no mistake in it'],
      named.map(([where, reason]) => [code(where), reason]),
    );
}

function gaps(): string {
  return table(['left out', 'what the note says'], GAPS.map(gap => {
    const note = noteOn(gap);
    if (note === undefined) throw new Error(`the translator has no note on ${gap.what}`);
    return [gap.what, note];
  }));
}

function notJudged(): string {
  const rows = new Map(ROWS.map(({ what, changes }) => [`${what}: ${changes}`, [what, changes]]));
  rows.set('MeshConfig fields', ['MeshConfig', 'settings of the mesh that are not translated']);
  rows.set('versions', ['Istio', 'behavior of an unchecked version that its release notes do not mention']);
  return table(['what', 'what it may change'], [...rows.values()].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function moving(): string {
  return [
    '`npm run bump -- VERSION` writes `src/envoy/pins.ts`, both `go.mod` with their `go.sum`, and regenerates:',
    STEPS.map(({ what, script, args = [] }, i) => `${i + 1}. ${what}, by ${code([script, ...args].join(' '))}`).join('\n'),
    'Then it prints what is left to decide:',
    Object.values(UNDECIDED).map(heading => `- ${heading}.`).join('\n'),
  ].join('\n\n');
}

const PARTS: { readonly [name: string]: () => string } = {
  'versions': () =>
    `Istio ${PINS.istio} (${code(
      `istio.io/istio ${PINS.istioModule}`,
    )}, ${code(`istio.io/api ${PINS.apiModule}`)}) and Envoy ${PINS.envoy}.`,
  'amounts': amounts,
  'the last full run': fullRun,
  'what is explained': explained,
  'what is left out': () => table(['fields', 'why'], LEFT_OUT.map(({ fields, reason }) => [fields.map(code).join(', '), reason])),
  'unguarded functions': unguarded,
  'gaps': gaps,
  'what is not judged': notJudged,
  'moving': moving,
};

/** The page with its generated parts updated. */
export function fidelity(page: string): string {
  return Object.entries(PARTS).reduce((text, [name, make]) => {
    const [start, end] = [`<!-- ${name}: written by \`npm run fidelity\` -->\n`, `\n<!-- end of ${name} -->`];
    const [from, to] = [text.indexOf(start), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`docs/fidelity.md has no place for '${name}'; write ${start.trim()} and ${end.trim()}`);
    return `${text.slice(0, from + start.length)}\n${make()}\n${text.slice(to)}`;
  }, page);
}

if (require.main === module) writeFileSync(PAGE, fidelity(readFileSync(PAGE, 'utf8')));
