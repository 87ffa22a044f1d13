// A new user's project: an empty folder, the tarball, `cdk8s-istio init`, and the commands that it prints.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Makes the project below a folder, and checks that its commands work and fail where they should. Returns the seconds until all of them worked. */
export function initWorks(tarball, below, check) {
  const folder = join(below, 'own');
  mkdirSync(folder);
  const run = (command, ...args) => spawnSync(command, args, { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' });
  const started = Date.now();
  const green = (command, ...args) => {
    const { status, stdout, stderr } = run(command, ...args);
    check(status === 0, `${[command, ...args].join(' ')} in a project of one's own: exit code ${status}\n${stdout}${stderr}`);
    return `${stdout}${stderr}`;
  };
  green('npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error', relative(folder, tarball));
  green('npx', 'cdk8s-istio', 'init');
  check(/Tests: +2 passed/.test(green('npm', 'test')), 'npm test ran other tests than the two of the project');
  green('npx', 'cdk8s', 'synth');
  check(JSON.stringify(readdirSync(join(folder, 'dist'))) === '["catalog.k8s.yaml"]', `synth wrote ${readdirSync(join(folder, 'dist'))}`);
  green('npx', 'cdk8s-istio', 'analyze', 'dist');
  const seconds = Math.round((Date.now() - started) / 1000);

  const again = run('npx', 'cdk8s-istio', 'init');
  check(again.status === 2 && again.stderr.includes('is not empty'), `a second init said ${again.stderr}`);

  const chart = join(folder, 'catalog-traffic.ts');
  const text = readFileSync(chart, 'utf8');
  writeFileSync(chart, text.replace('Duration.seconds(2)', 'Duration.seconds(3)'));
  const slow = run('npm', 'test');
  check(
    slow.status !== 0 && slow.stderr.includes('a request that takes longer than two seconds fails'),
    `npm test did not notice another timeout: ${slow.stderr}`,
  );
  writeFileSync(chart, text.replace('canaryPercent: props.canaryPercent', 'canaryPercent: \'ten\''));
  check(run('npm', 'test').stdout.includes('TS2322'), 'npm test did not notice a wrong type');
  return seconds;
}
