import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Part } from './parts';
import type { Report, Result } from './report';

const PROGRAM = [join(__dirname, '../node_modules/ts-node/dist/bin.js'), join(__dirname, 'part.ts')];

/** Runs a part in a process of its own, and prints its output when it ends. */
async function runAlone({ name }: Part, share: number, file: string): Promise<Result> {
  console.log(`       ${name} starts`);
  const child = spawn(process.execPath, [...PROGRAM, name, `${share}`, file], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => output += text);
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  console.log(output);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Result;
  return {
    parts: [{ name, figures: [`FAILED: ${name} runs to its end (exit code ${code})`] }],
    counts: { passed: 0, failed: 1, skipped: 0 },
  };
}

/**
 * Runs parts at a share of the full amounts, as many at a time as there are processors. The last parts take longest, so they start first.
 * Parts that measure time run after the others, one at a time.
 */
export async function runInLanes(report: Report, parts: readonly Part[], share: number): Promise<void> {
  const temp = mkdtempSync(join(tmpdir(), 'conformance-'));
  const results = new Map<Part, Result>();
  const run = async (part: Part) => void results.set(part, await runAlone(part, share, join(temp, `${part.name}.json`)));
  const waiting = parts.filter(({ measuresTime }) => !measuresTime);
  const lane = async () => {
    for (let part = waiting.pop(); part; part = waiting.pop()) await run(part);
  };
  try {
    await Promise.all(Array.from({ length: availableParallelism() }, lane));
    for (const part of parts.filter(({ measuresTime }) => measuresTime)) await run(part);
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
  for (const part of parts) report.include(results.get(part)!);
}
