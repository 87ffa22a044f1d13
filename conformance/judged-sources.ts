import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Part } from './parts';

const root = join(__dirname, '..');

/** The record of the last full run, which judges nothing. */
export const RECORD = 'conformance/last-full.json';

/** The sources of the product and of the referee, with everything that they read. A change here requires another full run. */
const JUDGED = ['src', 'examples', 'imports', 'conformance', 'test/analysis', 'package-lock.json', 'sources.cjs'];
/** How much a full run judges. */
const AMOUNTS = 'conformance/amounts.ts';
/** Programs of their own, which parts run. */
const EXAMPLES = 'examples';
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
 * What a part of the suite reads: the modules in its folder, or its file, with all that they import, the folders that it names, the
 * examples, the amounts, and every file that is not a module. Of a page only its cases count, by their goldens.
 */
export function filesOfPart({ source, reads = [] }: Pick<Part, 'source' | 'reads'>): string[] {
  const folder = dirname(`conformance/${source}`);
  const own = folder === 'conformance' ? [] : filesAt(folder).filter(file => file.endsWith('.ts'));
  const modules = importedBy([`conformance/${source}.ts`, ...own]);
  const whole = [EXAMPLES, ...reads].map(each => `${each}/`);
  return judgedFiles().filter(file => (
    !file.endsWith('.ts') || file === AMOUNTS || modules.has(file) || whole.some(start => file.startsWith(start))));
}

/** A digest of what a part of the suite reads. */
export function digestOfPart(part: Pick<Part, 'source' | 'reads'>): string {
  return digestOf(filesOfPart(part));
}
