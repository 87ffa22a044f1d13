import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The parts of package.json that commands print. */
export interface PackageFile {
  readonly version: string;
  /** The URL of its repository. @default - unknown */
  readonly repository?: string;
}

/** Reads package.json, which is above `lib/src/cli` and above `src/cli`. */
export function packageFile(): PackageFile {
  for (const up of ['../..', '../../..']) {
    try {
      const { name, version, repository } = JSON.parse(readFileSync(join(__dirname, up, 'package.json'), 'utf8'));
      if (name === 'cdk8s-istio') return { version, repository: repository?.url?.replace(/^git\+|\.git$/g, '') };
    } catch { /* not in this folder */ }
  }
  return { version: 'unknown' };
}
