import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { envoyBinary } from './installation';
import type { Json } from '../istiod/client';

const MOST_OUTPUT = 100_000;

/** What `envoy --mode validate` has against a bootstrap; undefined if it takes it. */
export async function bootstrapRefusal(bootstrap: Json): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'envoy-validation-'));
  try {
    const file = join(folder, 'bootstrap.json');
    writeFileSync(file, JSON.stringify(bootstrap));
    const { code, said } = await run(envoyBinary(), ['--mode', 'validate', '--log-level', 'error', '--base-id-path', join(folder, 'id'), '-c', file]);
    return code === 0 ? undefined : causeOf(said);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(command: string, options: readonly string[]): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, options, { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => said = (said + text.toString()).slice(-MOST_OUTPUT));
    child.once('error', reject);
    child.once('close', code => resolve({ code, said }));
  });
}

/** The cause among the lines of the log, without the configuration that Envoy repeats. */
function causeOf(said: string): string {
  const cause = /Proto constraint validation failed.*|error initializing configuration[^\n]*\n?.*|Unable to parse[^\n]*/s.exec(said);
  return (cause?.[0] ?? said).trim().slice(-1500);
}
