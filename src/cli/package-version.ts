import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The package's version: its package.json lies above `lib/src/cli`, and above `src/cli`. */
export function packageVersion(): string {
  for (const up of ['../..', '../../..']) {
    try {
      const { name, version } = JSON.parse(readFileSync(join(__dirname, up, 'package.json'), 'utf8'));
      if (name === 'cdk8s-istio') return version;
    } catch { /* not there */ }
  }
  return 'unknown';
}
