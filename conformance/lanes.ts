import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Part } from './parts';
import { PassedParts } from './passed-parts';
import type { Report, Result } from './report';

const TS_NODE = join(__dirname, '../node_modules/ts-node/dist/bin.js');

/** Runs a part in a process of its own, and prints its lines with its name. */
async function runAlone({ name }: Part, share: number): Promise<Result> {
  const child = fork(join(__dirname, 'part.ts'), [name, `${share}`], { execArgv: [TS_NODE], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const print = (input: Readable) => createInterface({ input }).on('line', line => console.log(`${name}: ${line}`));
  print(child.stdout!);
  print(child.stderr!);
  let result: Result | undefined;
  child.once('message', message => result = message as Result);
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  return result ?? {
    parts: [{ name, figures: [`FAILED: ${name} runs to its end (exit code ${code})`] }],
    counts: { passed: 0, failed: 1, skipped: 0 },
  };
}

/**
 * Runs parts at a share of the full amounts, as many at a time as there are processors. The last parts take longest, so they start first.
 * Parts that measure time run after the others, one at a time. Parts that passed at full amounts on the same sources do not run again.
 */
export async function runInLanes(report: Report, parts: readonly Part[], share: number): Promise<void> {
  const results = new Map<Part, Result>();
  const passed = new PassedParts();
  for (const part of parts) {
    const before = share === 1 ? passed.resultOf(part) : undefined;
    if (before) results.set(part, before);
  }
  if (results.size > 0) console.log(`passed on these sources before: ${[...results.keys()].map(({ name }) => name).join(', ')}`);
  const run = async (part: Part) => {
    const result = await runAlone(part, share);
    results.set(part, result);
    if (share === 1) passed.keep(part, result);
  };
  const missing = parts.filter(part => !results.has(part));
  const waiting = missing.filter(({ measuresTime }) => !measuresTime);
  const lane = async () => {
    for (let part = waiting.pop(); part; part = waiting.pop()) await run(part);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  for (const part of missing.filter(({ measuresTime }) => measuresTime)) await run(part);
  for (const part of parts) report.include(results.get(part)!);
}
