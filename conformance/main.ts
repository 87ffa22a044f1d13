// Our manifests, judged by istiod and Envoy: see USAGE.
import { keepAdmission } from './analysis/admission';
import { missingTools as missingForEnvoy } from './envoy/installation';
import { runExperiments } from './experiments/experiments';
import { record, staleness } from './full-run';
import { judgeAnalysis, judgeManifests, judgeRefusals } from './gate';
import { ask, drift, orphans, write } from './goldens';
import { missingTools as missingForIstiod } from './istiod/client';
import { judgePythonBuild } from './python/python-build';
import { Report } from './report';
import { judgeTerraform } from './tofu/engine';
import { cases } from '../test/conformance/cases';

const USAGE = `usage: npm run conformance -- [COMMAND]
  gate               everything that has to hold before a change lands (the default)
  goldens [--write]  compare test/conformance/goldens with istiod, or write them for review
  experiments        the experiments on the real Envoy alone
  full               the gate, an Envoy for every proxy of every case, the build for Python, and Terraform; kept in conformance/last-full.json`;

const COMMANDS = ['gate', 'goldens', 'experiments', 'full'];

async function goldens(report: Report, writing: boolean): Promise<void> {
  const answers = await ask(cases);
  if (writing) {
    write(answers);
    await keepAdmission();
    console.log(`${answers.size} goldens written to test/conformance/goldens, and admission.json; review the difference`);
  } else {
    report.add('goldens', [...cases.flatMap(c => drift(c.name, answers.get(c.name)!)), ...orphans(cases).map(name => `${name}: a golden without a case`)]);
  }
}

async function main([command = 'gate', ...options]: readonly string[]): Promise<number> {
  if (!COMMANDS.includes(command)) {
    console.error(USAGE);
    return command === '--help' ? 0 : 2;
  }
  const missing = [missingForIstiod(), command === 'goldens' ? undefined : missingForEnvoy()].filter(tool => tool !== undefined);
  if (missing.length > 0) {
    console.log(`conformance: skipped, since this machine lacks ${missing.join(', and ')}`);
    return process.env.CI ? 1 : 0;
  }
  const report = new Report();
  if (command === 'goldens') {
    await goldens(report, options.includes('--write'));
    return options.includes('--write') ? 0 : report.close();
  }
  if (command !== 'experiments') {
    await judgeManifests(report);
    // All of the documents take minutes.
    await judgeAnalysis(report, command === 'full' ? 1 : 0.02);
  }
  await runExperiments(report);
  if (command === 'full') {
    await judgeRefusals(report);
    judgePythonBuild(report);
    judgeTerraform(report);
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
