// Our constructs against the same YAML by raw ApiObjects: processes of their own, in turn, medians and ratios of one run.
// Usage: node bench/synth/run.mjs [--runs 7] [N ...]
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const folder = dirname(fileURLToPath(import.meta.url));
const { values, positionals } = parseArgs({ options: { runs: { type: 'string', default: '7' } }, allowPositionals: true });
const counts = positionals.length > 0 ? positionals.map(Number) : [100, 1000, 5000, 10000];
const once = (program, count) => JSON.parse(execFileSync(process.execPath, [join(folder, `${program}.mjs`), String(count)], { encoding: 'utf8' }));
const median = numbers => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

const perService = new Map();
console.log('N       ours ms  raw ms   ratio   ours cpu  raw cpu  ratio   ours MB  raw MB  ratio   ours ms/service');
for (const count of counts) {
  const runs = count >= 5000 ? Math.min(3, Number(values.runs)) : Number(values.runs);
  const pairs = [];
  for (let i = 0; i < runs; i++) {
    // Which goes first takes turns, since the second finds warmer caches.
    const pair = i % 2 === 0 ? { ours: once('ours', count), raw: once('raw', count) } : { raw: once('raw', count), ours: once('ours', count) };
    if (pair.ours.bytes !== pair.raw.bytes) throw new Error(`at N = ${count} the two programs wrote different bytes`);
    pairs.push(pair);
    if (process.stderr.isTTY) process.stderr.write(`\rN = ${count}: ${i + 1} of ${runs}  `);
  }
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  const of = (side, figure) => median(pairs.map(p => p[side][figure]));
  const ratio = figure => median(pairs.map(p => p.ours[figure] / p.raw[figure]));
  perService.set(count, of('ours', 'ms') / count);
  const columns = ['ms', 'cpu', 'mb'].flatMap(f => [of('ours', f).toFixed(0).padStart(7), of('raw', f).toFixed(0).padStart(7), ratio(f).toFixed(2).padStart(7)]);
  console.log(`${String(count).padEnd(6)} ${columns.join('  ')}   ${perService.get(count).toFixed(3)}`);
}
if (perService.has(1000) && perService.has(10000)) {
  console.log(`\ncost per service at 10,000 against 1,000: ${(perService.get(10000) / perService.get(1000)).toFixed(2)}`);
}
