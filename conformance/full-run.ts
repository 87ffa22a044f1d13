import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PartReport, Report } from './report';
import { PINS } from '../src/envoy/pins';

const root = join(__dirname, '..');
const FILE = 'conformance/last-full.json';

/** The sources of the product and of the referee, with everything that they read. A change here requires another full run. */
const JUDGED = ['src', 'examples', 'imports', 'conformance', 'test/analysis', 'package-lock.json', 'sources.cjs'];

/** The record of the last full run. */
export interface Kept {
  readonly date: string;
  /** The versions of the modules `istio.io/istio` and `istio.io/api`, and of Envoy. */
  readonly istio: string;
  readonly api: string;
  readonly envoy: string;
  /** The digest of the sources that it judged. */
  readonly judged: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly parts: readonly PartReport[];
}

function filesAt(path: string): string[] {
  const entries = readdirSync(join(root, path), { withFileTypes: true }).filter(({ name }) => !name.startsWith('.'));
  return entries.flatMap(entry => (entry.isDirectory() ? filesAt(`${path}/${entry.name}`) : [`${path}/${entry.name}`])).sort();
}

/** A digest of the sources of the product and of the referee. */
function digest(): string {
  const hash = createHash('sha256');
  const files = JUDGED.flatMap(path => (path.includes('.') ? [path] : filesAt(path))).filter(file => file !== FILE);
  for (const file of files) hash.update(file).update('\0').update(readFileSync(join(root, file))).update('\0');
  return hash.digest('hex').slice(0, 16);
}

/** A run at full amounts. It starts before the first part, so it detects changes of the sources during the run. */
export class FullRun {
  private readonly judged = digest();

  /** Writes the record of the run, and returns a message about it. */
  public keep({ counts, parts }: Report): string {
    if (digest() !== this.judged) return 'the sources changed while they were judged; the run is not kept';
    const date = new Date().toISOString().slice(0, 10);
    const kept: Kept = { date, istio: PINS.istioModule, api: PINS.apiModule, envoy: PINS.envoy, judged: this.judged, ...counts, parts };
    writeFileSync(join(root, FILE), `${JSON.stringify(kept, undefined, 2)}\n`);
    return `kept in ${FILE}, of the sources ${this.judged}; \`npm run fidelity\` writes it into docs/fidelity.md`;
  }
}

/** The record of the last full run; undefined if there is none. */
export function lastFullRun(): Kept | undefined {
  return existsSync(join(root, FILE)) ? JSON.parse(readFileSync(join(root, FILE), 'utf8')) as Kept : undefined;
}

/** A message about the last full run: its date, and whether the sources changed since. */
export function staleness(): string {
  const kept = lastFullRun();
  if (!kept) return 'warning: no full run is kept; run `npm run conformance -- full`';
  const { date, judged, passed, failed } = kept;
  const last = `the last full run was on ${date} (${passed} passed, ${failed} failed)`;
  return judged === digest() ? last : `warning: ${last}, and what it judged has changed since; run \`npm run conformance -- full\``;
}
