import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the package says of itself. */
export interface PackageFile {
  readonly version: string;
  /** The page of its repository. @default none is known */
  readonly repository?: string;
}

/** The package's package.json, which lies above `lib/src/cli`, and above `src/cli`. */
export function packageFile(): PackageFile {
  for (const up of ['../..', '../../..']) {
    try {
      const { name, version, repository } = JSON.parse(readFileSync(join(__dirname, up, 'package.json'), 'utf8'));
      if (name === 'cdk8s-istio') return { version, repository: repository?.url?.replace(/^git\+|\.git$/g, '') };
    } catch { /* not there */ }
  }
  return { version: 'unknown' };
}
