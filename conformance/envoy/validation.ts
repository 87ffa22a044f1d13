import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inertBootstrap } from './inert-bootstrap';
import { envoyBinary } from './installation';
import type { Json, ProxyConfig } from '../istiod/client';

const MOST_OUTPUT = 100_000;

/** Why `envoy --mode validate` rejects a bootstrap. Undefined if it accepts it. */
export async function bootstrapRefusal(bootstrap: Json): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'envoy-validation-'));
  try {
    const file = join(folder, 'bootstrap.json');
    // Envoy cannot open the output of this process as a file.
    writeFileSync(file, JSON.stringify(bootstrap).replaceAll('"/dev/stdout"', '"/dev/null"'));
    const { code, said } = await run(envoyBinary(), [
      '--mode',
      'validate',
      '--log-level',
      'error',
      '--base-id-path',
      join(folder, 'id'),
      '-c',
      file,
    ]);
    return code === 0 ? undefined : causeOf(said);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(command: string, options: readonly string[]): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, options, { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text: Buffer) => (said = (said + text.toString()).slice(-MOST_OUTPUT)));
    }
    child.once('error', reject);
    child.once('close', code => resolve({ code, said }));
  });
}

/** The cause among the lines of the log, without the configuration that Envoy repeats. */
function causeOf(said: string): string {
  const cause = /Proto constraint validation failed.*|error initializing configuration[^\n]*\n?.*|Unable to parse[^\n]*/s.exec(said);
  return (cause?.[0] ?? said).trim().slice(-1500);
}

/** A question to Envoy: the configurations of some proxies, and whether Envoy is expected to accept them. */
export interface Question {
  readonly configs: readonly ProxyConfig[];
  readonly isExpected: boolean;
}

/** The number of configurations per bootstrap that Envoy is expected to accept. */
const BATCH = 32;

/**
 * Why Envoy rejects each configuration. Undefined if it accepts it. Configurations that it is expected to accept are validated together.
 */
export async function envoyVerdicts(questions: readonly Question[], atOnce = 2): Promise<(string | undefined)[]> {
  const verdicts: (string | undefined)[] = questions.map(() => undefined);
  const places = questions.map((_, i) => i);
  const batches = [
    ...chunks(
      places.filter(i => questions[i].isExpected),
      BATCH,
    ),
    ...chunks(
      places.filter(i => !questions[i].isExpected),
      1,
    ),
  ];
  const judge = async (batch: readonly number[]): Promise<void> => {
    const refusal = await bootstrapRefusal(inertBootstrap(batch.flatMap(i => questions[i].configs)));
    if (refusal === undefined) return;
    if (batch.length === 1) {
      verdicts[batch[0]] = refusal;
      return;
    }
    const middle = Math.floor(batch.length / 2);
    await judge(batch.slice(0, middle));
    await judge(batch.slice(middle));
  };
  const worker = async () => {
    for (let next = batches.shift(); next; next = batches.shift()) await judge(next);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return verdicts;
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
