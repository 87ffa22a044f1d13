import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IstioRelease } from './istio-release';

/** The Go modules that are built on Istio, with the dependency versions of Istio's go.mod. */
export const GO_MODULES = ['conformance/istiod', 'bench/analyze/istioctl'] as const;

/** The two files of a Go module. */
interface ModuleFiles {
  readonly folder: string;
  readonly mod: string;
  readonly sum: string;
}

/** Creates go.mod and go.sum in a copy of a module, only from the pinned versions, so that nothing of another Istio stays. */
function made(root: string, folder: string, { istioModule, apiModule, go, folder: istio }: IstioRelease): ModuleFiles {
  const copy = mkdtempSync(join(tmpdir(), 'bump-'));
  try {
    const name = /^module (\S+)/m.exec(readFileSync(join(root, folder, 'go.mod'), 'utf8'))![1];
    for (const file of readdirSync(join(root, folder)).filter(each => each.endsWith('.go'))) {
      copyFileSync(join(root, folder, file), join(copy, file));
    }
    writeFileSync(join(copy, 'go.mod'), `module ${name}

go ${go}

// The versions in src/envoy/pins.ts; \`npm run bump\` writes both.
require istio.io/istio ${istioModule}

require istio.io/api ${apiModule}
`);
    // Uses Istio's own sums, because the checksum database may lack versions that an unreleased Istio depends on.
    writeFileSync(join(copy, 'go.sum'), readFileSync(join(istio, 'go.sum')));
    execFileSync('go', ['mod', 'tidy'], { cwd: copy, stdio: ['ignore', 'inherit', 'inherit'] });
    return { folder, mod: readFileSync(join(copy, 'go.mod'), 'utf8'), sum: readFileSync(join(copy, 'go.sum'), 'utf8') };
  } catch (error) {
    throw new Error(`${folder}: go mod tidy fails for istio.io/istio ${istioModule} (${(error as Error).message}); see its messages above`);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Creates the files of all modules before it writes any. */
export function writeGoModules(root: string, release: IstioRelease): void {
  for (const { folder, mod, sum } of GO_MODULES.map(each => made(root, each, release))) {
    writeFileSync(join(root, folder, 'go.mod'), mod);
    writeFileSync(join(root, folder, 'go.sum'), sum);
  }
}
