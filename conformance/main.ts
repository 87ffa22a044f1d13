// Checks our manifests with istiod and Envoy; see USAGE.
import type { Amounts } from './amounts';
import { FULL, GATE } from './amounts';
import { keepAdmission } from './analysis/admission';
import { cases } from './cases';
import { missingTools as missingForEnvoy } from './envoy/installation';
import { FullRun, staleness } from './full-run';
import { judgeTranslation } from './fuzz/campaign';
import { ask, drift, orphans, write } from './golden';
import { missingTools as missingForIstiod } from './istiod/client';
import { runInLanes } from './lanes';
import type { Part } from './parts';
import { PARTS } from './parts';
import { PassedParts } from './passed-parts';
import { Report } from './report';

const USAGE = `usage: npm run conformance -- [COMMAND]
  gate                 all checks that a change must pass (the default)
  full [SHARE]         everything at full counts; kept in conformance/last-full.json. A share such as 0.1 is not kept.
                       Parts that passed on the same sources before are not run again, unless with --again
  goldens [--write]    compare conformance/goldens with istiod, or write them for review
  fuzz [COUNT [SEED]]  our translation of generated meshes against istiod's
  PART                 one part of the full run: ${PARTS.map(({ name }) => name).join(', ')}`;

function missing(parts: readonly Part[]): string[] {
  const needed = new Set(parts.flatMap(({ needs }) => needs));
  return [needed.has('istiod') ? missingForIstiod() : undefined, needed.has('envoy') ? missingForEnvoy() : undefined].filter(
    tool => tool !== undefined,
  );
}

async function judge(report: Report, parts: readonly Part[], amounts: Amounts): Promise<number> {
  for (const { name, judge: run } of parts) await report.part(name, () => run(report, amounts));
  return report.close();
}

async function full(share: number, again: boolean): Promise<number> {
  if (again) PassedParts.forget();
  const run = new FullRun();
  const report = new Report();
  await runInLanes(report, PARTS, share);
  const code = report.close();
  console.log(share === 1 ? run.keep(report) : `a share of ${share} is a trial run; its result is not kept`);
  return code;
}

async function goldens(options: readonly string[]): Promise<number> {
  const answers = await ask(cases);
  if (options.includes('--write')) {
    write(answers);
    await keepAdmission();
    console.log(`${answers.size} goldens written to conformance/goldens, and admission.json; review the difference`);
    return 0;
  }
  const report = new Report();
  report.add('goldens', [
    ...cases.flatMap(c => drift(c.name, answers.get(c.name)!)),
    ...orphans(cases).map(name => `${name}: a golden without a case`),
  ]);
  return report.close();
}

async function fuzz([count, seed]: readonly string[]): Promise<number> {
  const report = new Report();
  await judgeTranslation(report, Number(count ?? GATE.meshes), Number(seed ?? 1));
  return report.close();
}

/** The parts of a command; undefined if it is unknown. */
function partsOf(command: string): readonly Part[] | undefined {
  if (command === 'gate') return PARTS.filter(({ inGate }) => inGate);
  if (command === 'full') return PARTS;
  const part = PARTS.find(({ name }) => name === (command === 'goldens' ? 'manifests' : command));
  return part && [part];
}

async function main([command = 'gate', ...options]: readonly string[]): Promise<number> {
  const parts = partsOf(command);
  const again = options.includes('--again');
  const share = command === 'full' ? Number(options.find(option => option !== '--again') ?? 1) : 1;
  if (!parts || !(share > 0 && share <= 1)) {
    console.error(USAGE);
    return command === '--help' ? 0 : 2;
  }
  const tools = missing(parts);
  if (tools.length > 0) {
    console.log(`conformance: skipped, because this machine lacks ${tools.join(', and ')}`);
    return process.env.CI ? 1 : 0;
  }
  if (command === 'goldens') return goldens(options);
  if (command === 'fuzz') return fuzz(options);
  if (command === 'full') return full(share, again);
  const code = await judge(new Report(), parts, command === 'gate' ? GATE : FULL);
  console.log(staleness());
  return code;
}

main(process.argv.slice(2)).then(code => process.exitCode = code, (error: Error) => {
  console.error(error.stack);
  process.exitCode = 1;
});
