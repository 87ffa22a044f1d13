import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IstioRelease } from './istio-release';

/** Go's modules that are built on Istio, each with the dependencies that Istio's own go.mod chooses. */
export const GO_MODULES = ['conformance/istiod', 'bench/analyze/istioctl'] as const;

/** Writes go.mod and go.sum of a module anew: from the pinned versions alone, so that nothing of another Istio stays. */
export function writeGoModule(root: string, folder: typeof GO_MODULES[number], { istioModule, apiModule, go }: IstioRelease): void {
  const at = join(root, folder);
  const name = /^module (\S+)/m.exec(readFileSync(join(at, 'go.mod'), 'utf8'))![1];
  writeFileSync(join(at, 'go.mod'), `module ${name}

go ${go}

// The versions in src/envoy/pins.ts; \`npm run bump\` writes both.
require istio.io/istio ${istioModule}

require istio.io/api ${apiModule}
`);
  rmSync(join(at, 'go.sum'), { force: true });
  execFileSync('go', ['mod', 'tidy'], { cwd: at, stdio: ['ignore', 'inherit', 'inherit'] });
}
