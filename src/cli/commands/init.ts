import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Arguments } from '../arguments';
import { requireEmpty, textOf, writeAll } from '../init/project-folder';
import { projectManifest } from '../init/project-manifest';
import { packageFile } from '../package-file';
import type { Terminal } from '../terminal';
import { UsageError } from '../usage-error';

/** The files of a project, and their sources in `templates/project`. npm would not pack a `.gitignore`. */
const FILES: readonly (readonly [file: string, template: string])[] = [
  ['.github/workflows/traffic.yml', 'github/workflows/traffic.yml'],
  ['.gitignore', 'gitignore'],
  ['catalog-traffic.test.ts', 'catalog-traffic.test.ts'],
  ['catalog-traffic.ts', 'catalog-traffic.ts'],
  ['cdk8s.yaml', 'cdk8s.yaml'],
  ['jest.config.json', 'jest.config.json'],
  ['main.ts', 'main.ts'],
  ['tsconfig.json', 'tsconfig.json'],
];

const NEEDS = {
  scripts: { test: 'tsc && jest', synth: 'cdk8s synth' },
  tools: ['@swc/core', '@swc/jest', '@types/jest', '@types/node', 'cdk8s-cli', 'jest', 'ts-node', 'typescript'],
} as const;

export async function initCommand(given: Arguments, terminal: Terminal): Promise<number> {
  const [folder = '.'] = given.operands;
  const own = packageFile();
  requireEmpty(folder);
  const manifest = projectManifest(folder, textOf(join(folder, 'package.json')), own, NEEDS);
  const texts = FILES.map(([file, template]) => [file, readFileSync(join(own.folder, 'templates/project', template), 'utf8')] as const);
  writeAll(folder, new Map([...texts, ['package.json', manifest]]));
  terminal.print([...FILES.map(([file]) => file), 'package.json'].sort());
  const isInstalled = !given.is('no-install');
  if (isInstalled) install(folder, terminal);
  const first = [...resolve(folder) === process.cwd() ? [] : [`cd ${folder}`], ...isInstalled ? [] : ['npm install']];
  terminal.say(`next: ${[...first, 'npm test', 'npx cdk8s synth', 'npx cdk8s-istio analyze dist'].join(', ')}`);
  return 0;
}

function install(folder: string, terminal: Terminal): void {
  terminal.say('npm installs what the project needs ...');
  const { status, error } = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32',
  });
  if (status !== 0) {
    throw new UsageError(
      `the project is written, but npm install failed (${error?.message ?? `exit code ${status}`}); repair its cause, and run npm install`,
    );
  }
}
