import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutant } from './mutations';
import { mutants } from './mutations';
import { analyze } from '../../src/analysis';
import { loadManifests } from '../../src/manifest/loader';
import type { Answer, Verdict } from '../istiod/client';
import { admit } from '../istiod/client';

const SEEDS = join(__dirname, 'seeds');
/** What istiod answered on a share of the documents, so that tests need no Go. */
const KEPT = join(__dirname, '../admission.json');
const KEPT_SHARE = 0.05;
const RULES = ['schema-violation', 'rejected-by-admission', 'warned-by-admission'];

/** Differences that are known, by the mutant and both verdicts, with the reason. */
export const EXPLAINED: readonly { readonly of: RegExp; readonly reason: string }[] = [
  {
    of: /istiod: taken\n.*we: warned: .*fault\.abort has no status/,
    reason: 'istiod writes this warning and loses it on the way out; the fault does nothing all the same',
  },
  { of: /body\.bytes@3 = #\d+ \[.*istiod: taken\n/s, reason: 'the API server takes a list for bytes, which Istio reads as none' },
];

/** Admission's words on routes that are never reached, which rules of their own find. */
const ROUTE_ORDER = /^virtualService rule .* not used/;

/** Whether a document is taken, taken with a warning, or refused, and why. */
interface Reception {
  readonly verdict: 'taken' | 'warned' | 'refused';
  readonly why: readonly string[];
}

function reception(errors: readonly string[], warnings: readonly string[]): Reception {
  // Who refuses a document does not warn of it.
  if (errors.length > 0) return { verdict: 'refused', why: errors };
  return warnings.length > 0 ? { verdict: 'warned', why: warnings } : { verdict: 'taken', why: [] };
}

function ofIstiod(answer: Answer<{ admission: Verdict; crd: Verdict }>): Reception {
  if (answer.error !== undefined) return { verdict: 'refused', why: [answer.error] };
  const { admission, crd } = answer;
  return reception([...admission.errors, ...crd.errors], (admission.warnings ?? []).filter(text => !ROUTE_ORDER.test(text)));
}

/** Our own verdict on a document. */
export function ofOurs({ object }: Mutant): Reception {
  const findings = analyze([object], { rules: RULES });
  const causes = (severity: string) => findings.filter(finding => finding.severity === severity).map(({ cause }) => cause);
  return reception(causes('error'), causes('warning'));
}

/** The documents: a share of all, evenly spread. */
export function documents(share: number): Mutant[] {
  const step = Math.max(1, Math.round(1 / share));
  return mutants(loadManifests([SEEDS]).objects).filter((_, i) => i % step === 0);
}

/** The difference of two verdicts as a text that explanations look at; undefined where there is none. */
export function differenceOf(id: string, istiod: Reception, ours: Reception): string | undefined {
  if (istiod.verdict === ours.verdict) return undefined;
  const line = ({ verdict, why }: Reception) => `${verdict}${why.length === 0 ? '' : `: ${why.join('; ')}`}`;
  return `${id}\n      istiod: ${line(istiod)}\n      we: ${line(ours)}`;
}

export function explanationOf(difference: string): string | undefined {
  return EXPLAINED.find(({ of }) => of.test(difference))?.reason;
}

async function ask(chosen: readonly Mutant[]): Promise<Reception[]> {
  return (await admit(chosen.map(({ id, object }) => ({ id, document: JSON.stringify(object), namespace: 'shop' })))).map(ofIstiod);
}

export interface AdmissionComparison {
  readonly documents: number;
  readonly refused: number;
  readonly wrong: readonly string[];
}

/** Our verdict and istiod's on documents with one field broken. */
export async function compareAdmission(share: number): Promise<AdmissionComparison> {
  const chosen = documents(share);
  const answers = await ask(chosen);
  const differences = chosen.flatMap((mutant, i) => differenceOf(mutant.id, answers[i], ofOurs(mutant)) ?? []);
  const idle = share === 1 ? EXPLAINED.filter(({ of }) => !differences.some(text => of.test(text))) : [];
  return {
    documents: chosen.length,
    refused: answers.filter(({ verdict }) => verdict === 'refused').length,
    wrong: [...differences.filter(text => explanationOf(text) === undefined),
      ...idle.map(({ of, reason }) => `the explanation ${of.source} (${reason}) is not needed; remove it`)],
  };
}

/** What istiod answered, by document. */
export type Kept = { readonly [id: string]: Reception['verdict'] };

export function kept(): Kept {
  return JSON.parse(readFileSync(KEPT, 'utf8')) as Kept;
}

export function keptDocuments(): Mutant[] {
  return documents(KEPT_SHARE);
}

async function answersToKeep(): Promise<Kept> {
  const chosen = keptDocuments();
  const answers = await ask(chosen);
  return Object.fromEntries(chosen.map(({ id }, i) => [id, answers[i].verdict]));
}

/** Writes what istiod answers, for review. */
export async function keepAdmission(): Promise<void> {
  writeFileSync(KEPT, `${JSON.stringify(await answersToKeep(), undefined, 1)}\n`);
}

/** Where istiod answers something else than what is kept. */
export async function admissionDrift(): Promise<string[]> {
  const [now, before] = [await answersToKeep(), kept()];
  return [...new Set([...Object.keys(now), ...Object.keys(before)])].filter(id => now[id] !== before[id])
    .map(id => `${id}: istiod says ${now[id]}, ${before[id]} is kept`);
}
