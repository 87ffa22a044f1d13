// Our manifests, judged by istiod and Envoy. Usage: npm run conformance -- [gate | goldens [--write]]
import { judgeManifests } from './gate';
import { ask, drift, write } from './goldens';
import { missingTools } from './istiod/client';
import { Report } from './report';
import { cases } from '../test/conformance/cases';

const USAGE = `usage: npm run conformance -- [COMMAND]
  gate               everything that has to hold before a change lands (the default)
  goldens [--write]  compare test/conformance/goldens with istiod, or write them for review
  full               the gate at the counts that releases are judged by; writes conformance/last-full.json`;

async function main([command = 'gate', ...options]: readonly string[]): Promise<number> {
  if (!['gate', 'goldens'].includes(command)) {
    console.error(USAGE);
    return command === '--help' ? 0 : 2;
  }
  const missing = missingTools();
  if (missing !== undefined) {
    console.log(`conformance: skipped, since this machine lacks ${missing}`);
    return process.env.CI ? 1 : 0;
  }
  const report = new Report();
  if (command === 'gate') {
    await judgeManifests(report);
    return report.close();
  }
  const answers = await ask(cases);
  if (options.includes('--write')) {
    write(answers);
    console.log(`${answers.size} goldens written to test/conformance/goldens; review the difference`);
    return 0;
  }
  report.add('goldens', cases.flatMap(c => drift(c.name, answers.get(c.name)!)));
  return report.close();
}

main(process.argv.slice(2)).then(code => process.exitCode = code, (error: Error) => {
  console.error(error.stack);
  process.exitCode = 1;
});
