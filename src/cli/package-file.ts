import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The parts of package.json that commands use. */
export interface PackageFile {
  /** The folder of the package. */
  readonly folder: string;
  readonly version: string;
  /** The URL of its repository. @default - unknown */
  readonly repository?: string;
  readonly peerDependencies: { readonly [name: string]: string };
  readonly devDependencies: { readonly [name: string]: string };
}

/** Reads package.json, which is above `lib/src/cli` and above `src/cli`. */
export function packageFile(): PackageFile {
  for (const up of ['../..', '../../..']) {
    const folder = join(__dirname, up);
    try {
      const { name, version, repository, peerDependencies, devDependencies } = JSON.parse(
        readFileSync(join(folder, 'package.json'), 'utf8'),
      );
      if (name === 'cdk8s-istio') {
        return { folder, version, repository: repository?.url?.replace(/^git\+|\.git$/g, ''), peerDependencies, devDependencies };
      }
    } catch { /* not in this folder */ }
  }
  return { folder: __dirname, version: 'unknown', peerDependencies: {}, devDependencies: {} };
}
