// The time of the command line: alternating processes, medians of one interleaved run, and ratios to a baseline.
// Usage: node bench/cli/run.mjs [--runs 15]     (after `npx projen compile`)
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { manifests } from '../analyze/manifests.mjs';
import { median } from '../median.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const { values: { runs } } = parseArgs({ options: { runs: { type: 'string', default: '15' } } });
const work = mkdtempSync(join(tmpdir(), 'bench-cli-'));
const bin = join(root, 'lib/src/cli/main.js');

/** Runs a process, and returns its time in ms. */
function once(args) {
  const start = process.hrtime.bigint();
  const { status, stderr, error } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (error || status === 2) throw error ?? new Error(stderr);
  return Number(process.hrtime.bigint() - start) / 1e6;
}

/** A file of manifests, and the same with other weights on every tenth service. */
function write(name, text) {
  writeFileSync(join(work, name), text);
  return join(work, name);
}

try {
  const thousand = manifests(1000);
  let weights = 0;
  const old = write('old.yaml', thousand);
  const now = write(
    'new.yaml',
    thousand.replace(/weight: (\d+)/g, (all, weight) => (weights++ % 20 < 2 ? `weight: ${100 - Number(weight)}` : all)),
  );
  const small = write('small.yaml', readFileSync(join(root, 'examples/shared-host/expected/shop.k8s.yaml'), 'utf8'));
  const twoHundred = write('200.yaml', manifests(200));
  const cases = {
    'node -e 0': ['-e', '0'],
    '--help': [bin, '--help'],
    'explain, one small file': [bin, 'explain', '-q', small, '--from', 'shop'],
    'analyze, 1,000 services': [bin, 'analyze', '-q', old],
    'diff, 1,000 services': [bin, 'diff', '-q', old, now],
    'graph, 200 services': [bin, 'graph', '-q', twoHundred, '-o', join(work, 'mesh.svg')],
  };
  const base = { '--help': 'node -e 0', 'explain, one small file': 'node -e 0', 'diff, 1,000 services': 'analyze, 1,000 services' };
  const names = Object.keys(cases);
  const times = [];
  for (let i = 0; i < Number(runs); i++) {
    // They take turns to go first, because the others find warmer caches.
    const order = i % 2 === 0 ? names : [...names].reverse();
    times.push(Object.fromEntries(order.map(name => [name, once(cases[name])])));
  }
  console.log('| command | ms | ratio |\n|---|---|---|');
  for (const name of names) {
    const ratio = base[name] ? `${median(times.map(t => t[name] / t[base[name]])).toFixed(2)} of \`${base[name]}\`` : '';
    console.log(`| ${name} | ${median(times.map(t => t[name])).toFixed(0)} | ${ratio} |`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
