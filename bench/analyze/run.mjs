// Compares our `analyze` command with `istioctl analyze` and `istioctl validate` on the same files: the CPU time and the memory of
// alternating processes, medians and ratios of one run. Usage: node bench/analyze/run.mjs --istioctl PATH [--runs 5] [N ...]
// (after `npx projen compile`) `go build -C bench/analyze/istioctl -o PATH .` builds the program, with an absolute PATH.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { manifests } from './manifests.mjs';
import { median } from '../median.mjs';

const folder = dirname(fileURLToPath(import.meta.url));
const { values, positionals } = parseArgs({
  options: { runs: { type: 'string', default: '5' }, istioctl: { type: 'string' } },
  allowPositionals: true,
});
const clean = (positionals.length > 0 ? positionals.map(Number) : [100, 1000, 5000]).map(count => ({
  count,
  label: `${count}`,
  mistakes: false,
}));
const cases = [...clean, { count: 1000, label: '1000, one finding each', mistakes: true }];
const TIME = '/usr/bin/time';
if (!existsSync(TIME)) throw new Error(`${TIME} measures CPU time and peak memory, but is missing; install the package 'time'`);

/** Runs a process, and returns its CPU time in ms and its peak memory in MB. */
function once([program, ...args]) {
  const { stderr, error } = spawnSync(TIME, ['-f', 'PEAK %M USER %U SYSTEM %S', program, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (error) throw error;
  const used = /PEAK (\d+) USER ([\d.]+) SYSTEM ([\d.]+)/.exec(stderr);
  if (!used) throw new Error(`${program} ${args.join(' ')} said: ${stderr.slice(-500)}`);
  const [peak, user, system] = used.slice(1).map(Number);
  return { ms: 1000 * (user + system), mb: peak / 1024 };
}

const work = mkdtempSync(join(tmpdir(), 'bench-analyze-'));
try {
  const perService = new Map();
  console.log('N                    program                CPU ms      MB   ours / it: CPU   memory');
  for (const { count, label, mistakes } of cases) {
    const file = join(work, `${label}.yaml`);
    writeFileSync(file, manifests(count, { mistakes }));
    const programs = {
      ours: [process.execPath, join(folder, '../../lib/src/cli/main.js'), 'analyze', file],
      ...(values.istioctl && {
        'istioctl analyze': [values.istioctl, 'analyze', '--use-kube=false', file],
        'istioctl validate': [values.istioctl, 'validate', '-f', file],
      }),
    };
    const names = Object.keys(programs);
    const runs = [];
    for (let i = 0; i < Number(values.runs); i++) {
      // They take turns to go first, because the others find warmer caches.
      const order = i % 2 === 0 ? names : [...names].reverse();
      runs.push(Object.fromEntries(order.map(name => [name, once(programs[name])])));
    }
    for (const name of names) {
      const of = figure => median(runs.map(run => run[name][figure]));
      const ratio = figure => median(runs.map(run => run.ours[figure] / run[name][figure])).toFixed(2);
      const ratios = name === 'ours' ? '' : `              ${ratio('ms')}    ${ratio('mb')}`;
      console.log(`${label.padEnd(20)} ${name.padEnd(17)} ${of('ms').toFixed(0).padStart(6)}  ${of('mb').toFixed(0).padStart(6)}${ratios}`);
      if (name === 'ours' && !mistakes) perService.set(count, of('ms'));
    }
  }
  if (perService.has(1000) && perService.has(5000)) {
    console.log(
      `\nfrom 1,000 to 5,000 services the CPU time grows with the exponent ${(Math.log(
        perService.get(5000) / perService.get(1000),
      ) / Math.log(5)).toFixed(2)}`,
    );
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
