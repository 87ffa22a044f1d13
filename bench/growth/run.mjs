// The cost of `analyze`, `diff` and `graph` as a mesh grows: processes at n, 2n and 4n in each dimension, in CPU seconds, and the ratio of
// 4n to n. Usage: node bench/growth/run.mjs [--runs 1] [--command analyze|diff|graph] [--times 1] [DIMENSION ...]     (after `npx projen
// compile`) `--times` multiplies every n. A DIMENSION is a part of the name of a dimension.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DIMENSIONS } from './dimensions.mjs';
import { median } from '../median.mjs';

const STEPS = [1, 2, 4];
/** The maximum ratio of the cost at 4n to the cost at n. */
const BOUND = 5;
const MOST_SECONDS = 60;

const folder = dirname(fileURLToPath(import.meta.url));
const program = ['--require', join(folder, 'tell-cpu.cjs'), join(folder, '../../lib/src/cli/main.js')];
const { values, positionals } = parseArgs({
  options: {
    runs: { type: 'string', default: '1' },
    times: { type: 'string', default: '1' },
    command: { type: 'string' },
  }, allowPositionals: true,
});
const dimensions = Object.entries(DIMENSIONS).filter(([name]) => positionals.length === 0 || positionals.some(part => name.includes(part)));
if (dimensions.length === 0)
  throw new Error(`no dimension has '${positionals.join("' or '")}' in its name; there are ${Object.keys(DIMENSIONS).join('; ')}`);

/** The CPU seconds of a command. Undefined if it takes too long. */
function cpuSeconds(args) {
  const { status, stderr, error } = spawnSync(process.execPath, [...program, ...args],
    { encoding: 'utf8', maxBuffer: 2 ** 30, timeout: MOST_SECONDS * 1000, stdio: ['ignore', 'ignore', 'pipe'] });
  if (error?.code === 'ETIMEDOUT') return undefined;
  const cpu = /CPU ([\d.]+)/.exec(stderr);
  if (error || status === 2 || !cpu) throw error ?? new Error(`${args.join(' ')} said: ${stderr.slice(-500)}`);
  return Number(cpu[1]);
}

const work = mkdtempSync(join(tmpdir(), 'bench-growth-'));
try {
  let worst = 0;
  console.log('| dimension | n | command | n | 2n | 4n | 4n / n |\n|---|---|---|---|---|---|---|');
  for (const [name, { base, make }] of dimensions) {
    const sizes = STEPS.map(step => step * base * Number(values.times));
    const files = sizes.map((size, i) => [false, true].map(isChanged => {
      const file = join(work, `${i}-${isChanged ? 'new' : 'old'}.json`);
      writeFileSync(file, make(size, isChanged).map(one => JSON.stringify(one)).join('\n---\n'));
      return file;
    }));
    const commands = {
      analyze: ([old]) => ['analyze', '-q', old],
      diff: ([old, now]) => ['diff', '-q', old, now],
      graph: ([old]) => ['graph', '-q', '-o', join(work, 'mesh.mmd'), old],
    };
    for (const [command, args] of Object.entries(commands)) {
      if (values.command && command !== values.command) continue;
      const costs = files.map(pair => {
        const seconds = [];
        for (let i = 0; i < Number(values.runs) && !seconds.includes(undefined); i++) seconds.push(cpuSeconds(args(pair)));
        return seconds.includes(undefined) ? undefined : median(seconds);
      });
      const ratio = costs[0] === undefined || costs[2] === undefined ? Infinity : costs[2] / costs[0];
      worst = Math.max(worst, ratio);
      const written = costs.map(cost => cost?.toFixed(2) ?? `above ${MOST_SECONDS}`);
      console.log(
        `| ${name} | ${sizes[0]} | ${command} | ${written.join(' | ')} | ${Number.isFinite(ratio) ? ratio.toFixed(1) : ''}${ratio > BOUND ? ' (above the bound)' : ''} |`,
      );
    }
  }
  console.log(`\nThe largest ratio is ${worst.toFixed(1)}; the bound is ${BOUND}.`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
