import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** The one place that pins OpenTofu. */
export const TOFU_VERSION = '1.12.6';

const cache = join(__dirname, '../.cache');
const binary = join(cache, `tofu-${TOFU_VERSION}${process.platform === 'win32' ? '.exe' : ''}`);

/**
 * OpenTofu's binary. On first use, it is built from a copy of its module, because the module has replacements, which `go install` rejects.
 * Undefined if the build fails; see its messages.
 */
export function tofuBinary(): string | undefined {
  if (existsSync(binary)) return binary;
  console.error(`building OpenTofu ${TOFU_VERSION} (some minutes the first time)`);
  mkdirSync(cache, { recursive: true });
  const { status, stdout } = spawnSync('go', ['mod', 'download', '-json', `github.com/opentofu/opentofu@v${TOFU_VERSION}`], {
    cwd: cache, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) return undefined;
  const source = join(cache, 'tofu-source');
  try {
    cpSync((JSON.parse(stdout) as { Dir: string }).Dir, source, { recursive: true });
    const made = `${binary}.new`;
    // Files from Go's cache are read-only, which does not affect a build.
    const { status: built } = spawnSync('go', ['build', '-mod=readonly', '-ldflags', '-s -w', '-o', made, './cmd/tofu'], {
      cwd: source, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, CGO_ENABLED: '0' },
    });
    if (built !== 0) return undefined;
    renameSync(made, binary);
    return binary;
  } finally {
    spawnSync('chmod', ['-R', 'u+w', source]);
    rmSync(source, { recursive: true, force: true });
  }
}
