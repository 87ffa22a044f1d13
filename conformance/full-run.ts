import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOfAll, RECORD } from './judged-sources';
import type { PartReport, Report } from './report';
import { PINS } from '../src/envoy/pins';

const record = join(__dirname, '..', RECORD);

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

/** A run at full amounts. It starts before the first part, so it detects changes of the sources during the run. */
export class FullRun {
  private readonly judged = digestOfAll();

  /** Writes the record of the run, and returns a message about it. */
  public keep({ counts, parts }: Report): string {
    if (digestOfAll() !== this.judged) return 'the sources changed while they were judged; the run is not kept';
    const date = new Date().toISOString().slice(0, 10);
    const kept: Kept = { date, istio: PINS.istioModule, api: PINS.apiModule, envoy: PINS.envoy, judged: this.judged, ...counts, parts };
    writeFileSync(record, `${JSON.stringify(kept, undefined, 2)}\n`);
    return `kept in ${RECORD}, of the sources ${this.judged}; \`npm run fidelity\` writes it into docs/fidelity.md`;
  }
}

/** The record of the last full run; undefined if there is none. */
export function lastFullRun(): Kept | undefined {
  return existsSync(record) ? JSON.parse(readFileSync(record, 'utf8')) as Kept : undefined;
}

/** A message about the last full run: its date, and whether the sources changed since. */
export function staleness(): string {
  const kept = lastFullRun();
  if (!kept) return 'warning: no full run is kept; run `npm run conformance -- full`';
  const { date, judged, passed, failed } = kept;
  const last = `the last full run was on ${date} (${passed} passed, ${failed} failed)`;
  return judged === digestOfAll() ? last : `warning: ${last}, and what it judged has changed since; run \`npm run conformance -- full\``;
}
