// Writes examples/*/expected, which tests compare with the output of the examples.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..');
for (const example of readdirSync(join(root, 'examples'))) {
  const folder = join(root, 'examples', example);
  if (!existsSync(join(folder, 'main.ts'))) continue;
  const made = mkdtempSync(join(folder, 'expected-'));
  execFileSync(process.execPath, [require.resolve('ts-node/dist/bin'), join(folder, 'main.ts')], {
    env: { ...process.env, CDK8S_OUTDIR: made }, stdio: ['ignore', 'inherit', 'inherit'],
  });
  rmSync(join(folder, 'expected'), { recursive: true, force: true });
  renameSync(made, join(folder, 'expected'));
  console.log(`examples/${example}/expected`);
}
