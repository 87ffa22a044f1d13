import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Resource } from './inert-bootstrap';
import { inertBootstrap, resourcesOf } from './inert-bootstrap';
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

/** The number of resources per bootstrap that Envoy is expected to accept. */
const BATCH = 256;
/** Verdicts by the digest of a resource. Most resources of generated meshes are equal. */
const known = new Map<string, string | undefined>();

/**
 * Why Envoy rejects each configuration. Undefined if it accepts it. Each distinct resource is validated once, and those that Envoy is
 * expected to accept are validated together.
 */
export async function envoyVerdicts(questions: readonly Question[], atOnce = 2): Promise<(string | undefined)[]> {
  const unknown = new Map<string, Resource>();
  const digests = questions.map(({ configs }) => configs.flatMap(resourcesOf).map(resource => {
    const digest = createHash('sha256').update(JSON.stringify(resource)).digest('base64');
    if (!known.has(digest)) unknown.set(digest, resource);
    return digest;
  }));
  const judge = async (batch: readonly string[]): Promise<void> => {
    const refusal = await bootstrapRefusal(inertBootstrap(batch.map(digest => unknown.get(digest)!)));
    if (refusal === undefined || batch.length === 1) {
      for (const digest of batch) known.set(digest, refusal);
      return;
    }
    const middle = Math.floor(batch.length / 2);
    await judge(batch.slice(0, middle));
    await judge(batch.slice(middle));
  };
  const expected = new Set(digests.filter((_, i) => questions[i].isExpected).flat().filter(digest => unknown.has(digest)));
  await inParallel(chunks([...expected], BATCH), atOnce, judge);
  const verdictOf = (all: readonly string[]) => all.map(digest => known.get(digest)).find(refusal => refusal !== undefined);
  await inParallel(digests.filter((_, i) => !questions[i].isExpected), atOnce, async all => {
    for (const digest of new Set(all)) {
      if (verdictOf(all) !== undefined) return;
      if (!known.has(digest)) await judge([digest]);
    }
  });
  return digests.map(verdictOf);
}

async function inParallel<T>(items: readonly T[], atOnce: number, act: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await act(next);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
