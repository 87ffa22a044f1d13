// Two comparisons: our constructs with raw ApiObjects that write the same YAML, and a synth with TrafficChecks with one without. Separate
// processes take turns; medians and ratios of one run. Usage: node bench/synth/run.mjs [--runs 7] [N ...]
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median } from '../median.mjs';

const folder = dirname(fileURLToPath(import.meta.url));
const { values, positionals } = parseArgs({ options: { runs: { type: 'string', default: '7' } }, allowPositionals: true });
const counts = positionals.length > 0 ? positionals.map(Number) : [100, 1000, 5000, 10000];
const once = (program, count) =>
  JSON.parse(execFileSync(process.execPath, [join(folder, `${program}.mjs`), String(count)], { encoding: 'utf8' }));

/** The two programs take turns to go first, because the second finds warmer caches. */
function pairsOf(one, other, count) {
  const runs = count >= 5000 ? Math.min(3, Number(values.runs)) : Number(values.runs);
  const pairs = [];
  for (let i = 0; i < runs; i++) {
    const pair = {};
    for (const program of i % 2 === 0 ? [one, other] : [other, one]) pair[program] = once(program, count);
    if (pair[one].bytes !== pair[other].bytes) throw new Error(`at N = ${count} ${one}.mjs and ${other}.mjs wrote different bytes`);
    pairs.push(pair);
    if (process.stderr.isTTY) process.stderr.write(`\r${one} and ${other}, N = ${count}: ${i + 1} of ${runs}  `);
  }
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  return pairs;
}

/** Prints a table and returns the time per service, by N. */
function compare(one, other) {
  const title = figure => [one, other].map(side => `${side} ${figure}`.padStart(12)).join('  ').concat('   ratio');
  console.log(`${'N'.padEnd(6)} ${['ms', 'cpu', 'MB'].map(title).join('  ')}   ms/service`);
  const perService = new Map();
  for (const count of counts) {
    const pairs = pairsOf(one, other, count);
    const of = (side, figure) => median(pairs.map(pair => pair[side][figure]));
    const ratio = figure => median(pairs.map(pair => pair[one][figure] / pair[other][figure]));
    perService.set(count, of(one, 'ms') / count);
    const columns = ['ms', 'cpu', 'mb'].flatMap(f => [
      of(one, f).toFixed(0).padStart(12),
      of(other, f).toFixed(0).padStart(12),
      ratio(f).toFixed(2).padStart(6),
    ]);
    console.log(`${String(count).padEnd(6)} ${columns.join('  ')}   ${perService.get(count).toFixed(3)}`);
  }
  return perService;
}

const perService = compare('ours', 'raw');
if (perService.has(1000) && perService.has(10000)) {
  console.log(`cost per service at 10,000 against 1,000: ${(perService.get(10000) / perService.get(1000)).toFixed(2)}`);
}
console.log();
compare('checked', 'unchecked');
