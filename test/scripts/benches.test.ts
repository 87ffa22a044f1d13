import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const programs = readdirSync('bench', { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.mjs'));

// Benches are not run by other checks.
test.each(programs)('%s is a program', file => {
  expect(spawnSync(process.execPath, ['--check', join('bench', file)], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
});
