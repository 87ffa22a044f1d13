import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Ran } from '../../scripts/tour';
import { runCommandLine } from '../../src/cli/command-line';
import { Terminal } from '../../src/cli/terminal';

export const ROOT = join(__dirname, '../..');

/** The command line as a separate process, from the sources: the part before its arguments. */
export const PROCESS = [
  process.execPath,
  require.resolve('ts-node/dist/bin'),
  '--project',
  join(ROOT, 'test/tsconfig.json'),
  join(ROOT, 'src/cli/main.ts'),
] as const;

/** Runs the command line in this process, with pipes for stdout and stderr. */
export async function run(args: readonly string[], cwd = ROOT): Promise<Ran> {
  const [stdout, stderr] = [new PassThrough({ highWaterMark: 2 ** 28 }), new PassThrough({ highWaterMark: 2 ** 28 })];
  const before = process.cwd();
  process.chdir(cwd);
  try {
    const code = await runCommandLine(args, new Terminal(stdout, stderr, {}));
    return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
  } finally {
    process.chdir(before);
  }
}

/** Runs the command line as a separate process, with pipes. */
export function runProcess(
  args: readonly string[],
  options: { readonly input?: string | Buffer; readonly env?: NodeJS.ProcessEnv } = {},
): Ran {
  const [node, ...program] = PROCESS;
  const { status, stdout, stderr } = spawnSync(node, [...program, ...args], {
    cwd: ROOT, input: options.input ?? '', encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '', ...options.env },
  });
  return { code: status, stdout, stderr };
}
