import { join } from 'node:path';
import type { Mutant } from './mutations';
import { mutants } from './mutations';
import { analyze } from '../../src/analysis';
import { loadManifests } from '../../src/manifest/loader';
import { admit } from '../istiod/client';

const SEEDS = join(__dirname, 'seeds');
const RULES = ['schema-violation', 'rejected-by-admission', 'warned-by-admission'];

/** Differences that are known, by what istiod says or by the mutant, with the reason. */
const EXPLAINED: readonly { readonly of: RegExp; readonly reason: string }[] = [
  { of: /istiod: \[\]\n.*fault\.abort names no status/, reason: 'istiod writes this warning and loses it on the way out; the fault does nothing all the same' },
  { of: /body\.bytes@3 = #\d+ \[.*istiod: \[\]/s, reason: 'the API server takes a list for bytes and Istio reads it as none' },
];

/** Admission's words on routes that are never reached, which rules of their own find. */
const ROUTE_ORDER = /^virtualService rule .* not used/;

export interface AdmissionComparison {
  readonly documents: number;
  readonly refused: number;
  readonly wrong: readonly string[];
}

/** Our verdict and istiod's on documents with one field broken; `share` of them, evenly spread. */
export async function compareAdmission(share: number): Promise<AdmissionComparison> {
  const all = mutants(loadManifests([SEEDS]).objects);
  const step = Math.max(1, Math.round(1 / share));
  const chosen = all.filter((_, i) => i % step === 0);
  const answers = await admit(chosen.map(({ id, object }) => ({ id, document: JSON.stringify(object), namespace: 'shop' })));
  let refused = 0;
  const used = new Set<object>();
  const wrong = answers.flatMap((answer, i) => {
    if (answer.error !== undefined) return [`${answer.id}: ${answer.error}`];
    const { admission, crd } = answer;
    const errors = [...admission.errors, ...crd.errors];
    // Who refuses an object does not warn of it.
    const warnings = errors.length > 0 ? [] : (admission.warnings ?? []).filter(text => !ROUTE_ORDER.test(text));
    const ours = verdict(chosen[i]);
    if (errors.length > 0) refused++;
    const same = (errors.length > 0) === (ours.errors.length > 0) && (errors.length > 0 || (warnings.length > 0) === (ours.warnings.length > 0));
    if (same) return [];
    const text = `${answer.id}\n      istiod: ${JSON.stringify(errors.length > 0 ? errors : warnings)}\n      we: ${JSON.stringify(ours.errors.length > 0 ? ours.errors : ours.warnings)}`;
    const explained = EXPLAINED.find(({ of }) => of.test(text));
    if (explained) used.add(explained);
    return explained ? [] : [text];
  });
  const idle = step === 1 ? EXPLAINED.filter(one => !used.has(one)).map(({ of, reason }) => `the explanation of ${of.source} (${reason}) is not needed; remove it`) : [];
  return { documents: chosen.length, refused, wrong: [...wrong, ...idle] };
}

function verdict({ object }: Mutant): { errors: string[]; warnings: string[] } {
  const findings = analyze([object], { rules: RULES });
  const texts = (severity: string) => findings.filter(finding => finding.severity === severity).map(({ cause }) => cause);
  return { errors: texts('error'), warnings: texts('warning') };
}
