import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(__dirname, '..');

/** The record of the last full run, which judges nothing. */
export const RECORD = 'conformance/last-full.json';

/** The sources of the product and of the referee, with everything that they read. A change here requires another full run. */
const JUDGED = ['src', 'examples', 'imports', 'conformance', 'test/analysis', 'package-lock.json', 'sources.cjs'];
const IMPORT = /(?:from|require\(|import\()\s*'(\.[^']*|cdk8s-istio(?:\/[^']*)?)'/g;

function filesAt(path: string): string[] {
  const entries = readdirSync(join(root, path), { withFileTypes: true }).filter(({ name }) => !name.startsWith('.'));
  return entries.flatMap(entry => (entry.isDirectory() ? filesAt(`${path}/${entry.name}`) : [`${path}/${entry.name}`])).sort();
}

function judgedFiles(): string[] {
  return JUDGED.flatMap(path => (path.includes('.') ? [path] : filesAt(path))).filter(file => file !== RECORD);
}

function digestOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update('\0').update(readFileSync(join(root, file))).update('\0');
  return hash.digest('hex').slice(0, 16);
}

/** A digest of all sources of the product and of the referee. */
export function digestOfAll(): string {
  return digestOf(judgedFiles());
}

/** The module that a file imports; undefined for one outside of the sources. */
function imported(file: string, specifier: string): string | undefined {
  const path = specifier.startsWith('.') ? join(dirname(file), specifier) : specifier.replace('cdk8s-istio', 'src');
  return [`${path}.ts`, `${path}/index.ts`].find(each => existsSync(join(root, each)));
}

/** The modules that some modules import, directly or not, and they themselves. */
export function importedBy(modules: readonly string[]): Set<string> {
  const found = new Set<string>();
  const waiting = [...modules];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    for (const [, specifier] of readFileSync(join(root, file), 'utf8').matchAll(IMPORT)) {
      const module = imported(file, specifier);
      if (module !== undefined) waiting.push(module);
    }
  }
  return found;
}

/**
 * A digest of what a part of the suite reads: the modules in its folder, or its file, with all that they import, and every file that is not
 * a module. Examples always count, as programs of their own run them.
 */
export function digestOfPart(source: string): string {
  const folder = dirname(`conformance/${source}`);
  const own = folder === 'conformance' ? [] : filesAt(folder).filter(file => file.endsWith('.ts'));
  const modules = importedBy([`conformance/${source}.ts`, ...own]);
  return digestOf(judgedFiles().filter(file => !file.endsWith('.ts') || file.startsWith('examples/') || modules.has(file)));
}
