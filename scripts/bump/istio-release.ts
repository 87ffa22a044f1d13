import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The pinned versions of an Istio. */
export interface IstioRelease {
  /** The release, such as `1.29`. */
  readonly istio: string;
  readonly istioModule: string;
  readonly apiModule: string;
  /** The folder of the module. */
  readonly folder: string;
  /** The Go version that the module requires. */
  readonly go: string;
  /** The version of Envoy's API that this Istio writes. */
  readonly envoyApi: string;
}

interface Module {
  readonly Version: string;
  readonly Dir: string;
}

/** Fetches a module, and returns the version for a query such as `1.29.2`. */
function download(module: string, version: string, cwd: string): Module {
  try {
    return JSON.parse(
      execFileSync('go', ['mod', 'download', '-json', `${module}@${version}`], {
        cwd,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    ) as Module;
  } catch (error) {
    const { code, message, stdout } = error as NodeJS.ErrnoException & { readonly stdout?: string };
    if (code === 'ENOENT') throw new Error('Go is required to fetch Istio\'s modules; install Go');
    const why = stdout ? (JSON.parse(stdout) as { Error?: string }).Error : undefined;
    throw new Error(`${module}@${version} cannot be fetched: ${why ?? message}; use a version that the Go module proxy has`);
  }
}

function required(goMod: string, module: string): string {
  const found = new RegExp(`^\\s*(?:require )?${module.replace(/[./]/g, '\\$&')} (\\S+)`, 'm').exec(goMod);
  if (!found) throw new Error(`istio.io/istio does not require ${module}`);
  return found[1];
}

/** Resolves a version of the module `istio.io/istio` and the versions that belong to it. It fetches the module, and changes no file. */
export function istioRelease(version: string, api: string | undefined, cwd: string): IstioRelease {
  const { Version: istioModule, Dir: folder } = download('istio.io/istio', version, cwd);
  const goMod = readFileSync(join(folder, 'go.mod'), 'utf8');
  const istio = readFileSync(join(folder, 'VERSION'), 'utf8').trim();
  if (!/^\d+\.\d+$/.test(istio)) {
    throw new Error(`the file VERSION of istio.io/istio@${istioModule} is '${istio}'; a release such as 1.29 was expected`);
  }
  const { Version: apiModule } = download('istio.io/api', api ?? required(goMod, 'istio.io/api'), cwd);
  return {
    istio,
    istioModule,
    apiModule,
    folder,
    go: required(goMod, 'go'),
    envoyApi: required(goMod, 'github.com/envoyproxy/go-control-plane/envoy'),
  };
}
