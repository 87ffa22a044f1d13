import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from './case';
import { inputOf } from './case';
import { admit, analyze } from './istiod/client';

/** Documents for which the analyzers must report the code in the file name. */
const PROOFS = join(__dirname, 'analyzers');

/** Findings of Istio's analyzers on our output that are not mistakes, by case and code, with the reason. */
export const EXPLAINED: readonly { readonly cases: RegExp; readonly code: string; readonly message?: RegExp; readonly reason: string }[] = [
  {
    cases: /^coolstore-/,
    code: 'IST0146',
    reason: 'the injection webhook of Istio\'s installation fills in the image of the ingress gateway, and is not in the examples',
  },
  {
    cases: /^coolstore-in-prod$/,
    code: 'IST0101',
    message: /credentialName not found: "coolstore-tls"/,
    reason: 'the certificate is in a Secret, and examples hold no Secrets',
  },
];

/** Warnings of the admission webhook that do not apply, with the reason. */
export const UNFOUNDED: readonly { readonly text: string; readonly of: string; readonly reason: string }[] = [
  {
    text: 'duplicated egress host: istio-system/*',
    of: 'Sidecar default',
    reason: 'in the mesh-wide Sidecar, `./*` is the namespace of each workload, but the webhook reads it as the root namespace',
  },
];

/** The errors and warnings of the admission webhook and the CRDs for the documents of a case. */
export async function admission(cases: readonly Case[]): Promise<string[]> {
  const documents = cases.flatMap(c => inputOf(c).split(/^---$/m).map((document, i) => ({ id: `${c.name} #${i + 1}`, document })));
  const answers = await admit(documents);
  return answers.flatMap(answer => {
    if (answer.error !== undefined) return [`${answer.id}: ${answer.error}`];
    const { kind, name, admission: webhook, crd } = answer;
    const warnings = (webhook.warnings ?? []).filter(text => !UNFOUNDED.some(u => u.text === text && u.of === `${kind} ${name}`));
    return [...webhook.errors, ...warnings, ...crd.errors].map(text => `${answer.id} (${kind} ${name}): ${text}`);
  });
}

/** First checks the analyzers: every code fires on a document with the mistake. */
export async function analyzerProofs(): Promise<{ codes: number; wrong: string[] }> {
  const files = readdirSync(PROOFS);
  const answers = await analyze(files.map(file => ({ id: file, files: { [file]: readFileSync(join(PROOFS, file), 'utf8') } })));
  const wrong = answers.flatMap(answer => {
    const code = answer.id.slice(0, 'IST0000'.length);
    if (answer.error !== undefined) return [`${answer.id}: ${answer.error}`];
    return answer.messages.some(m => m.code === code)
      ? []
      : [`${answer.id}: the analyzers do not report ${code}, so their silence proves nothing`];
  });
  return { codes: new Set(files.map(file => file.slice(0, 'IST0000'.length))).size, wrong };
}

/** The findings of Istio's analyzers on the cases, except explained ones. Unneeded explanations are reported too. */
export async function analyzerFindings(cases: readonly Case[]): Promise<string[]> {
  const answers = await analyze(cases.map(c => ({ id: c.name, files: { [`${c.name}.yaml`]: inputOf(c) }, meshConfig: c.meshConfig })));
  const used = new Set<object>();
  const wrong = answers.flatMap(answer => {
    if (answer.error !== undefined) return [`${answer.id}: ${answer.error}`];
    return answer.messages.flatMap(({ code, resource, message }) => {
      const explained = EXPLAINED.find(e => e.code === code && e.cases.test(answer.id) && (e.message?.test(message) ?? true));
      if (explained) used.add(explained);
      return explained ? [] : [`${answer.id}: ${code} on ${resource} ${message}`];
    });
  });
  return [...wrong, ...EXPLAINED.filter(e => !used.has(e)).map(e => `the explanation of ${e.code} (${e.reason}) is unneeded; remove it`)];
}
