import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as ts from 'typescript';

export const ROOT = join(__dirname, '../..');
const CACHE = join(ROOT, 'node_modules/.cache/cdk8s-istio');

let built: string | undefined;

/** The bin, made from the sources as they are now, so that `npm test` needs no compiled library. */
export function builtBin(): string {
  if (built) return built;
  for (const name of readdirSync(join(ROOT, 'src'), { recursive: true }) as string[]) if (name.endsWith('.ts')) build(join('src', name));
  copyFileSync(join(ROOT, 'package.json'), join(CACHE, 'package.json'));
  built = join(CACHE, 'src/cli/main.js');
  return built;
}

function build(file: string): void {
  const [source, target] = [join(ROOT, file), join(CACHE, file.replace(/ts$/, 'js'))];
  if (existsSync(target) && statSync(target).mtimeMs > statSync(source).mtimeMs) return;
  const { outputText } = ts.transpileModule(readFileSync(source, 'utf8'), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true, experimentalDecorators: true },
  });
  mkdirSync(dirname(target), { recursive: true });
  // Several test files may build at once: a file is there as a whole or not at all.
  writeFileSync(`${target}.${process.pid}`, outputText);
  renameSync(`${target}.${process.pid}`, target);
}

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the bin as a process, in pipes. */
export function run(args: readonly string[], options: { readonly input?: string; readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {}): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [builtBin(), ...args], {
    cwd: options.cwd ?? ROOT, input: options.input ?? '', encoding: 'utf8', maxBuffer: 2 ** 28, env: { ...process.env, NODE_OPTIONS: '', ...options.env },
  });
  return { code: status, stdout, stderr };
}
