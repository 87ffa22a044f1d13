import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..');

/** The record of the last full run, which judges nothing. */
export const RECORD = 'conformance/last-full.json';

/** The sources of the product and of the referee, with everything that they read. A change here requires another full run. */
const JUDGED = ['src', 'examples', 'imports', 'conformance', 'test/analysis', 'package-lock.json', 'sources.cjs'];

function filesAt(path: string): string[] {
  const entries = readdirSync(join(root, path), { withFileTypes: true }).filter(({ name }) => !name.startsWith('.'));
  return entries.flatMap(entry => (entry.isDirectory() ? filesAt(`${path}/${entry.name}`) : [`${path}/${entry.name}`])).sort();
}

/** A digest of the sources of the product and of the referee, without those in some folders of `conformance`. */
export function digestWithout(folders: readonly string[] = []): string {
  const hash = createHash('sha256');
  const left = folders.map(folder => `conformance/${folder}/`);
  const files = JUDGED.flatMap(path => (path.includes('.') ? [path] : filesAt(path)))
    .filter(file => file !== RECORD && !left.some(folder => file.startsWith(folder)));
  for (const file of files) hash.update(file).update('\0').update(readFileSync(join(root, file))).update('\0');
  return hash.digest('hex').slice(0, 16);
}
