import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Runs a program once, for the N of the command line, and prints its time in ms, its peak memory in MB and a hash of its output, as JSON.
 */
export function measured(program) {
  const outdir = mkdtempSync(join(tmpdir(), 'bench-'));
  const start = process.hrtime.bigint();
  program(Number(process.argv[2]), outdir);
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  const hash = createHash('sha256');
  for (const file of readdirSync(outdir).sort()) hash.update(readFileSync(join(outdir, file)));
  const cpu = process.cpuUsage();
  rmSync(outdir, { recursive: true, force: true });
  console.log(
    JSON.stringify({ ms, cpu: (cpu.user + cpu.system) / 1e3, mb: process.resourceUsage().maxRSS / 1024, bytes: hash.digest('hex') }),
  );
}
