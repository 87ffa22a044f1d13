import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PartReport, Report } from './report';
import { PINS } from '../src/envoy/pins';

const root = join(__dirname, '..');
const FILE = 'conformance/last-full.json';

/** What is judged, and what judges, with all that either reads: changes here call for another full run. */
const JUDGED = ['src', 'examples', 'imports', 'conformance', 'test/analysis', 'package-lock.json', 'sources.cjs'];

/** What the last full run was about and found. */
export interface Kept {
  readonly date: string;
  /** The versions of the modules `istio.io/istio` and `istio.io/api`, and of Envoy. */
  readonly istio: string;
  readonly api: string;
  readonly envoy: string;
  /** Which sources it judged. */
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

/** A digest of everything that is judged, and of what judges. */
function digest(): string {
  const hash = createHash('sha256');
  const files = JUDGED.flatMap(path => (path.includes('.') ? [path] : filesAt(path))).filter(file => file !== FILE);
  for (const file of files) hash.update(file).update('\0').update(readFileSync(join(root, file))).update('\0');
  return hash.digest('hex').slice(0, 16);
}

/** A run at full counts; begun before the first part, so that it knows whether its sources stayed what they were. */
export class FullRun {
  private readonly judged = digest();

  /** Keeps what it found, for the next change to be compared with; says what became of it. */
  public keep({ counts, parts }: Report): string {
    if (digest() !== this.judged) return 'the sources changed while they were judged; the run is not kept';
    const date = new Date().toISOString().slice(0, 10);
    const kept: Kept = { date, istio: PINS.istioModule, api: PINS.apiModule, envoy: PINS.envoy, judged: this.judged, ...counts, parts };
    writeFileSync(join(root, FILE), `${JSON.stringify(kept, undefined, 2)}\n`);
    return `kept in ${FILE}, of the sources ${this.judged}; \`npm run fidelity\` writes it into docs/fidelity.md`;
  }
}

/** What the last full run found; undefined where none is kept. */
export function lastFullRun(): Kept | undefined {
  return existsSync(join(root, FILE)) ? JSON.parse(readFileSync(join(root, FILE), 'utf8')) as Kept : undefined;
}

/** What to say of the last full run: when it was, and whether what it judged has changed since. */
export function staleness(): string {
  const kept = lastFullRun();
  if (!kept) return 'warning: no full run is kept; run `npm run conformance -- full`';
  const { date, judged, passed, failed } = kept;
  const last = `the last full run was on ${date} (${passed} passed, ${failed} failed)`;
  return judged === digest() ? last : `warning: ${last}, and what it judged has changed since; run \`npm run conformance -- full\``;
}
