import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENVOY_VERSION } from './envoy/installation';
import type { Report } from './report';

const root = join(__dirname, '..');
const FILE = join(__dirname, 'last-full.json');

/** What is judged, and what judges: changes here call for another full run. */
const JUDGED = ['src', 'examples', 'conformance'];

/** What the last full run was about and found. */
interface Record {
  readonly date: string;
  readonly istio: string;
  readonly envoy: string;
  readonly judged: string;
  readonly passed: number;
  readonly failed: number;
  readonly figures: readonly string[];
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap(entry => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name.startsWith('.') ? [] : filesBelow(path);
    return /\.(ts|go|mod|py)$/.test(entry.name) ? [path] : [];
  }).sort();
}

/** A digest of the judged sources. */
function digest(): string {
  const hash = createHash('sha256');
  for (const file of JUDGED.flatMap(filesBelow)) hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest('hex').slice(0, 16);
}

function istioVersion(): string {
  return /istio\.io\/istio (\S+)/.exec(readFileSync(join(__dirname, 'istiod/go.mod'), 'utf8'))![1];
}

/** Keeps what a full run found, for the next change to be compared with. */
export function record(report: Report): void {
  const date = new Date().toISOString().slice(0, 10);
  const found: Record = { date, istio: istioVersion(), envoy: ENVOY_VERSION, judged: digest(), ...report.counts, figures: report.figures };
  writeFileSync(FILE, `${JSON.stringify(found, undefined, 2)}\n`);
}

/** What to say of the last full run: when it was, and whether what it judged has changed since. */
export function staleness(): string {
  if (!existsSync(FILE)) return 'warning: no full run is kept; run `npm run conformance -- full`';
  const { date, judged, passed, failed } = JSON.parse(readFileSync(FILE, 'utf8')) as Record;
  const last = `the last full run was on ${date} (${passed} passed, ${failed} failed)`;
  return judged === digest() ? last : `warning: ${last}, and what it judged has changed since; run \`npm run conformance -- full\``;
}
