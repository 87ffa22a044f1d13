// Our manifests, judged by istiod and Envoy: see USAGE.
import { keepAdmission } from './analysis/admission';
import { cases } from './cases';
import { missingTools as missingForEnvoy } from './envoy/installation';
import { runExperiments } from './experiments/experiments';
import { judgeLoads } from './experiments/simulated-loads';
import { record, staleness } from './full-run';
import { judgeTranslation } from './fuzz/campaign';
import { judgeMutations } from './fuzz/mutation-proof';
import { judgeAnalysis, judgeManifests, judgeRefusals } from './gate';
import { ask, drift, orphans, write } from './golden';
import { missingTools as missingForIstiod } from './istiod/client';
import { judgePythonBuild } from './python/python-build';
import { judgeReading } from './reading/reading';
import { Report } from './report';
import { judgeRequests } from './requests/requests';
import { judgeTerraform } from './tofu/engine';

const USAGE = `usage: npm run conformance -- [COMMAND]
  gate                 everything that has to hold before a change lands (the default)
  fuzz [COUNT [SEED]]  our translation of generated meshes against istiod's
  goldens [--write]    compare conformance/goldens with istiod, or write them for review
  experiments          the experiments on the real Envoy alone
  requests             requests through a real Envoy for every proxy of every case, and through the simulator
  loads                loads on the real Envoy, ten runs each, beside simulated ones
  full                 all of it at full counts, an Envoy for every proxy of every case, mistakes in the translator, the build for
                       Python, and Terraform; kept in conformance/last-full.json`;

/** How many generated meshes our translation is judged by. */
const [GATE_FUZZ, FULL_FUZZ] = [300, 5000];

/** How many generated streams of documents are read. */
const [GATE_STREAMS, FULL_STREAMS] = [3000, 50_000];

/** How many requests each proxy gets, for which share of the cases, and in how many generated meshes. */
const GATE_REQUESTS = { each: 12, meshes: 4, count: 10 };
const ALL_REQUESTS = { each: 1, meshes: 100, count: 15 };

const COMMANDS = ['gate', 'fuzz', 'goldens', 'experiments', 'requests', 'loads', 'full'];

async function goldens(report: Report, writing: boolean): Promise<void> {
  const answers = await ask(cases);
  if (writing) {
    write(answers);
    await keepAdmission();
    console.log(`${answers.size} goldens written to conformance/goldens, and admission.json; review the difference`);
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
  const runs = (...commands: string[]) => command === 'full' || commands.includes(command);
  if (runs('gate')) {
    await judgeManifests(report);
    await judgeReading(report, command === 'full' ? FULL_STREAMS : GATE_STREAMS);
    // All of the documents take minutes.
    await judgeAnalysis(report, command === 'full' ? 1 : 0.02);
    await judgeTranslation(report, command === 'full' ? FULL_FUZZ : GATE_FUZZ);
  }
  if (runs('gate', 'experiments')) await runExperiments(report);
  if (runs('gate', 'requests')) await judgeRequests(report, command === 'gate' ? GATE_REQUESTS : ALL_REQUESTS);
  if (runs('loads')) await judgeLoads(report);
  if (command === 'full') {
    await judgeRefusals(report);
    await judgeMutations(report);
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
