import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What is pinned of a version of Istio. */
export interface IstioRelease {
  /** The release that the module is of, such as `1.29`. */
  readonly istio: string;
  readonly istioModule: string;
  readonly apiModule: string;
  /** Where the module lies. */
  readonly folder: string;
  /** The version of Go that the module asks for. */
  readonly go: string;
  /** Envoy's API as this Istio writes it. */
  readonly envoyApi: string;
}

interface Module {
  readonly Version: string;
  readonly Dir: string;
}

/** Fetches a module, and gives the version that a query such as `1.29.2` stands for. */
function download(module: string, version: string, cwd: string): Module {
  try {
    return JSON.parse(execFileSync('go', ['mod', 'download', '-json', `${module}@${version}`], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })) as Module;
  } catch (error) {
    const { code, message, stdout } = error as NodeJS.ErrnoException & { readonly stdout?: string };
    if (code === 'ENOENT') throw new Error('Go is not installed; it fetches Istio\'s modules');
    const why = stdout ? (JSON.parse(stdout) as { Error?: string }).Error : undefined;
    throw new Error(`${module}@${version} cannot be fetched: ${why ?? message}; give a version that the Go module proxy has`);
  }
}

function required(goMod: string, module: string): string {
  const found = new RegExp(`^\\s*(?:require )?${module.replace(/[./]/g, '\\$&')} (\\S+)`, 'm').exec(goMod);
  if (!found) throw new Error(`istio.io/istio requires no ${module}`);
  return found[1];
}

/** What a version of the module `istio.io/istio` is, and what it goes with. Fetches it, and changes nothing here. */
export function istioRelease(version: string, api: string | undefined, cwd: string): IstioRelease {
  const { Version: istioModule, Dir: folder } = download('istio.io/istio', version, cwd);
  const goMod = readFileSync(join(folder, 'go.mod'), 'utf8');
  const istio = readFileSync(join(folder, 'VERSION'), 'utf8').trim();
  if (!/^\d+\.\d+$/.test(istio)) throw new Error(`the file VERSION of istio.io/istio@${istioModule} is '${istio}'; a release such as 1.29 was expected`);
  const { Version: apiModule } = download('istio.io/api', api ?? required(goMod, 'istio.io/api'), cwd);
  return { istio, istioModule, apiModule, folder, go: required(goMod, 'go'), envoyApi: required(goMod, 'github.com/envoyproxy/go-control-plane/envoy') };
}
