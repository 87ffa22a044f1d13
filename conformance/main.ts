// Our manifests, judged by istiod and Envoy: see USAGE.
import { missingTools as missingForEnvoy } from './envoy/installation';
import { runExperiments } from './experiments/experiments';
import { judgeTranslation } from './fuzz/campaign';
import { judgeMutations } from './fuzz/mutation-proof';
import { judgeManifests, judgeRefusals } from './gate';
import { ask, drift, orphans, write } from './goldens';
import { missingTools as missingForIstiod } from './istiod/client';
import { record, staleness } from './last-full';
import { Report } from './report';
import { cases } from '../test/conformance/cases';

const USAGE = `usage: npm run conformance -- [COMMAND]
  gate                 everything that has to hold before a change lands (the default)
  fuzz [COUNT [SEED]]  our translation of generated meshes against istiod's
  goldens [--write]    compare test/conformance/goldens with istiod, or write them for review
  experiments          the experiments on the real Envoy alone
  full                 the gate with 5,000 generated meshes, an Envoy for every proxy of every case, mistakes in the translator; kept in conformance/last-full.json`;

/** How many generated meshes our translation is judged by. */
const [GATE_FUZZ, FULL_FUZZ] = [300, 5000];

const COMMANDS = ['gate', 'fuzz', 'goldens', 'experiments', 'full'];

async function goldens(report: Report, writing: boolean): Promise<void> {
  const answers = await ask(cases);
  if (writing) {
    write(answers);
    console.log(`${answers.size} goldens written to test/conformance/goldens; review the difference`);
  } else {
    report.add('goldens', [...cases.flatMap(c => drift(c.name, answers.get(c.name)!)), ...orphans(cases).map(name => `${name}: a golden without a case`)]);
  }
}

async function main([command = 'gate', ...options]: readonly string[]): Promise<number> {
  if (!COMMANDS.includes(command)) {
    console.error(USAGE);
    return command === '--help' ? 0 : 2;
  }
  const needsNoEnvoy = command === 'goldens' || command === 'fuzz';
  const missing = [missingForIstiod(), needsNoEnvoy ? undefined : missingForEnvoy()].filter(tool => tool !== undefined);
  if (missing.length > 0) {
    console.log(`conformance: skipped, since this machine lacks ${missing.join(', and ')}`);
    return process.env.CI ? 1 : 0;
  }
  const report = new Report();
  if (command === 'goldens') {
    await goldens(report, options.includes('--write'));
    return options.includes('--write') ? 0 : report.close();
  }
  if (command === 'fuzz') {
    await judgeTranslation(report, Number(options[0] ?? GATE_FUZZ), Number(options[1] ?? 1));
    return report.close();
  }
  if (command !== 'experiments') await judgeManifests(report);
  if (command !== 'experiments') await judgeTranslation(report, command === 'full' ? FULL_FUZZ : GATE_FUZZ);
  await runExperiments(report);
  if (command === 'full') {
    await judgeRefusals(report);
    await judgeMutations(report);
    record(report);
  } else {
    console.log(staleness());
  }
  return report.close();
}

main(process.argv.slice(2)).then(code => process.exitCode = code, (error: Error) => {
  console.error(error.stack);
  process.exitCode = 1;
});
