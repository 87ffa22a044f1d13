import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutant } from './mutations';
import { mutants } from './mutations';
import { analyze } from '../../src/analysis';
import { loadManifests } from '../../src/manifest/loader';
import type { Answer, Verdict } from '../istiod/client';
import { admit } from '../istiod/client';

const SEEDS = join(__dirname, 'seeds');
/** The kept verdicts of istiod on a share of the documents, so tests need no Go. */
const KEPT = join(__dirname, '../admission.json');
const KEPT_SHARE = 0.05;
const RULES = ['schema-violation', 'rejected-by-admission', 'warned-by-admission'];

/** Known differences, by the mutant and both verdicts, with the reason. */
export const EXPLAINED: readonly { readonly of: RegExp; readonly reason: string }[] = [
  {
    of: /istiod: taken\n.*we: warned: .*fault\.abort has no status/,
    reason: 'istiod creates this warning but does not return it; the fault still has no effect',
  },
  { of: /body\.bytes@3 = #\d+ \[.*istiod: taken\n/s, reason: 'the API server accepts a list as bytes, which Istio reads as empty' },
  {
    of: /@type@\d+ = .*\n.*istiod: warned: .*istio\.networking\.v1alpha3\.Gateway\n.*we: taken/,
    reason: 'Envoy does not know the messages of Istio\'s API, so the table does not hold their fields',
  },
  {
    of: /jwks@0 = .*\n.*istiod: warned: jwks key.*\n.*we: taken/,
    reason: 'if a key set has the field keys twice, istiod reads both lists, and we read the last one',
  },
];

/** Warnings of admission about unreachable routes, which separate rules report, and the one that every EnvoyFilter has. */
const ELSEWHERE = /^virtualService rule .* not used|^EnvoyFilter exposes internal implementation details/;

/** Whether a document is accepted, accepted with a warning, or rejected, and why. */
export interface Reception {
  readonly verdict: 'taken' | 'warned' | 'refused';
  readonly why: readonly string[];
}

function reception(errors: readonly string[], warnings: readonly string[]): Reception {
  // A rejection hides warnings.
  if (errors.length > 0) return { verdict: 'refused', why: errors };
  return warnings.length > 0 ? { verdict: 'warned', why: warnings } : { verdict: 'taken', why: [] };
}

function ofIstiod(answer: Answer<{ admission: Verdict; crd: Verdict }>): Reception {
  if (answer.error !== undefined) return { verdict: 'refused', why: [answer.error] };
  const { admission, crd } = answer;
  return reception([...admission.errors, ...crd.errors], (admission.warnings ?? []).filter(text => !ELSEWHERE.test(text)));
}

/** The verdict of the analysis on a document. */
export function ofOurs({ object }: Mutant): Reception {
  const findings = analyze([object], { rules: RULES });
  const causes = (severity: string) => findings.filter(finding => finding.severity === severity).map(({ cause }) => cause);
  return reception(causes('error'), causes('warning'));
}

/** A share of the documents, evenly spread. */
export function documents(share: number): Mutant[] {
  const step = Math.max(1, Math.round(1 / share));
  return mutants(loadManifests([SEEDS]).objects).filter((_, i) => i % step === 0);
}

/** The difference between two verdicts, as text for the explanations; undefined if there is none. */
export function differenceOf(id: string, istiod: Reception, ours: Reception): string | undefined {
  if (istiod.verdict === ours.verdict) return undefined;
  const line = ({ verdict, why }: Reception) => `${verdict}${why.length === 0 ? '' : `: ${why.join('; ')}`}`;
  return `${id}\n      istiod: ${line(istiod)}\n      we: ${line(ours)}`;
}

export function explanationOf(difference: string): string | undefined {
  return EXPLAINED.find(({ of }) => of.test(difference))?.reason;
}

/** The verdicts of istiod on documents. */
export async function ask(chosen: readonly Mutant[]): Promise<Reception[]> {
  return (await admit(chosen.map(({ id, object }) => ({ id, document: JSON.stringify(object), namespace: 'shop' })))).map(ofIstiod);
}

export interface AdmissionComparison {
  readonly wrong: readonly string[];
  readonly figure: string;
}

/** How many documents there are of each kind. */
function byKind(chosen: readonly Mutant[]): string {
  const counts = new Map<string, number>();
  for (const { object } of chosen) {
    const { kind } = object as { readonly kind: string };
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => `${kind} ${count}`).join(', ');
}

/** Compares the verdicts of the analysis and of istiod on documents with one broken field. */
export async function compareAdmission(share: number): Promise<AdmissionComparison> {
  const chosen = documents(share);
  const answers = await ask(chosen);
  const differences = chosen.flatMap((mutant, i) => differenceOf(mutant.id, answers[i], ofOurs(mutant)) ?? []);
  const idle = share === 1 ? EXPLAINED.filter(({ of }) => !differences.some(text => of.test(text))) : [];
  return {
    figure: `${chosen.length} documents, ${answers.filter(
      ({ verdict }) => verdict === 'refused',
    ).length} of them refused: ${byKind(chosen)}`,
    wrong: [...differences.filter(text => explanationOf(text) === undefined),
      ...idle.map(({ of, reason }) => `the explanation ${of.source} (${reason}) is unneeded; remove it`)],
  };
}

/** The verdicts of istiod by document. */
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

/** Writes the verdicts of istiod, for review. */
export async function keepAdmission(): Promise<void> {
  writeFileSync(KEPT, `${JSON.stringify(await answersToKeep(), undefined, 1)}\n`);
}

/** The verdicts of istiod that differ from the kept ones. */
export async function admissionDrift(): Promise<string[]> {
  const [now, before] = [await answersToKeep(), kept()];
  return [...new Set([...Object.keys(now), ...Object.keys(before)])].filter(id => now[id] !== before[id])
    .map(id => `${id}: istiod says ${now[id]}, ${before[id]} is kept`);
}
