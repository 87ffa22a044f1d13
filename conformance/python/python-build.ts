import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../report';

const root = join(__dirname, '../..');
const folder = join(__dirname, '../.cache/python');
const python = process.platform === 'win32' ? join(folder, 'venv/Scripts/python.exe') : join(folder, 'venv/bin/python');

/** A Python program, and the TypeScript output that it must equal byte for byte. */
interface Program {
  readonly program: string;
  readonly expected: string;
  readonly files: readonly string[];
}

const PROGRAMS: readonly Program[] = [
  { program: 'composed.py', expected: 'examples/coolstore/expected/20-composed', files: ['traffic.k8s.yaml'] },
  {
    program: 'environments.py',
    expected: 'examples/environments/expected',
    files: ['dev/traffic.k8s.yaml', 'staging/traffic.k8s.yaml', 'prod/traffic.k8s.yaml'],
  },
];

/** jsii reports old Node versions as errors; the version does not matter here. */
const env = {
  ...process.env,
  JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: process.versions.node.split('.')[0],
  PIP_DISABLE_PIP_VERSION_CHECK: '1',
};

function run(command: string, args: readonly string[], more: { readonly [name: string]: string } = {}): string | undefined {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    timeout: 600_000,
    env: { ...env, ...more },
  });
  return status === 0 ? undefined : `${[command, ...args].join(' ')}: ${error?.message ?? `${stdout}${stderr}`.trim().slice(-2000)}`;
}

/** Builds the Python package and installs it into a separate environment. Returns the errors. */
function install(): string | undefined {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return run(process.execPath, ['node_modules/jsii/bin/jsii', '--silence-warnings=reserved-word'])
    ?? run(process.execPath, ['node_modules/jsii-pacmak/bin/jsii-pacmak', '--target', 'python', '-o', join(folder, 'dist')])
    ?? run('python3', ['-m', 'venv', join(folder, 'venv')])
    ?? run(python, ['-m', 'pip', 'install', '--quiet', ...wheels()]);
}

function wheels(): string[] {
  const dist = join(folder, 'dist/python');
  return readdirSync(dist).filter(file => file.endsWith('.whl')).map(file => join(dist, file));
}

/** Compares the output of Python programs with that of the same TypeScript programs. */
export function judgePythonBuild(report: Report): void {
  const broken = install();
  const wrong = broken !== undefined ? [broken] : PROGRAMS.flatMap(({ program, expected, files }) => {
    const out = join(folder, program.replace('.py', ''));
    const failed = run(python, [join(__dirname, program)], { CDK8S_OUTDIR: out });
    if (failed !== undefined) return [failed];
    return files.filter(file => readFileSync(join(out, file), 'utf8') !== readFileSync(join(root, expected, file), 'utf8'))
      .map(file => `${program} writes a ${file} that differs from ${expected}`);
  });
  report.add(
    'programs in Python write the same files as those in TypeScript',
    wrong,
    `${PROGRAMS.flatMap(({ files }) => files).length} files`,
  );
}
