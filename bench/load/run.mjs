// The cost of loading the library: require() compared with only cdk8s, and the type check of a ten-line program compared with one that only
// uses cdk8s.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from '../median.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
/** The CPU time of a program in ms. */
const timed = program => Number(execFileSync(process.execPath, ['-e',
  `const start = process.cpuUsage(); ${program}; const { user, system } = process.cpuUsage(start); console.log((user + system) / 1000)`],
{ cwd: root, encoding: 'utf8' }));
const CDK8S = 'require(\'cdk8s\')';
/** Exports load on first use, so the program uses some. */
const OURS = `${CDK8S}; const { CanaryRelease, MeshService, ServicePort } = require('cdk8s-istio')`;

const pairs = Array.from({ length: 15 }, (_, i) => (i % 2 === 0 ? [timed(OURS), timed(CDK8S)] : [timed(CDK8S), timed(OURS)].reverse()));
const of = figure => median(pairs.map(figure));
console.log(`CPU time of require: cdk8s and a service with a canary of cdk8s-istio ${of(([ours]) => ours).toFixed(0)} ms, cdk8s alone ${
  of(([, alone]) => alone).toFixed(0)} ms, ratio ${of(([ours, alone]) => ours / alone).toFixed(2)}`);

const folder = mkdtempSync(join(root, 'bench/load/types-'));
try {
  const bare = 'import { App, Chart, ApiObject } from \'cdk8s\';\nconst app = new App();\nconst chart = new Chart(app, \'c\');\n'
    + 'new ApiObject(chart, \'o\', { apiVersion: \'v1\', kind: \'Service\' });\napp.synth();\n';
  writeFileSync(join(folder, 'bare.ts'), bare);
  writeFileSync(join(folder, 'ours.ts'), 'import { App, Chart } from \'cdk8s\';\nimport { CanaryRelease, MeshService, ServicePort } from \'cdk8s-istio\';\n'
    + 'const app = new App();\nconst chart = new Chart(app, \'c\', { namespace: \'n\' });\n'
    + 'const service = new MeshService(chart, \'S\', { name: \'s\', ports: [ServicePort.http(80)] });\n'
    + 'const stable = service.addSubset(\'v1\', { labels: { version: \'v1\' } });\nconst canary = service.addSubset(\'v2\', { labels: { version: \'v2\' } });\n'
    + 'new CanaryRelease(chart, \'C\', { service, stable, canary, canaryPercent: 5 });\napp.synth();\n');
  const check = name => {
    const start = process.hrtime.bigint();
    execFileSync(process.execPath, [
      join(root, 'node_modules/typescript/bin/tsc'),
      '--noEmit',
      '--strict',
      '--module',
      'node16',
      '--target',
      'es2022',
      '--types',
      'node',
      '--ignoreConfig',
      `${name}.ts`,
    ],
      { cwd: folder, stdio: 'inherit' });
    return Number(process.hrtime.bigint() - start) / 1e6;
  };
  const checks = Array.from({ length: 5 }, () => [check('ours'), check('bare')]);
  const extra = median(checks.map(([a, b]) => a - b));
  console.log(
    `type check: ours ${median(checks.map(c => c[0])).toFixed(0)} ms, bare cdk8s ${median(checks.map(c => c[1])).toFixed(0)} ms, ${extra.toFixed(0)} ms more`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
