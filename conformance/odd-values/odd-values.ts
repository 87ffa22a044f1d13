import type { OddCase } from './cases';
import { MESH_CONFIG, oddCase, PROXIES } from './cases';
import { analyze } from '../../src/analysis';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { envoyVerdicts } from '../envoy/validation';
import { translate } from '../istiod/client';
import type { Report } from '../report';

const OURS = 'refused-by-envoy';
/** Rules about objects that never reach Envoy. */
const BEFORE = ['schema-violation', 'rejected-by-admission'];

interface Opinion {
  readonly isRejected: boolean;
  readonly refusals: readonly string[];
}

function opinionOf({ object }: OddCase): Opinion {
  const findings = analyze([object], { rules: [OURS, ...BEFORE] });
  const causes = (rules: readonly string[]) =>
    findings.filter(({ rule, severity }) => rules.includes(rule) && severity === 'error').map(({ cause }) => cause);
  return { isRejected: causes(BEFORE).length > 0, refusals: causes([OURS]) };
}

/** An object as YAML, in which some control characters must be escaped. */
function yamlOf(object: KubernetesObject): string {
  return JSON.stringify(object).replace(/[\u007F-\u009F]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Compares the analysis of meshes with one odd value each with the verdict of a real Envoy on istiod's configuration. */
export async function judgeOddValues(report: Report, count: number, seed = 1): Promise<void> {
  const cases = Array.from({ length: count }, (_, i) => oddCase(seed + i));
  const opinions = cases.map(opinionOf);
  // Values that the API server or istiod rejects are compared elsewhere.
  const sent = cases.map((one, i) => ({ one, opinion: opinions[i] })).filter(({ opinion }) => !opinion.isRejected);
  const answers = await translate(sent.map(({ one: { id, object, rest } }) => (
    { id, manifests: [...rest, object].map(yamlOf).join('\n---\n'), proxies: PROXIES, meshConfig: MESH_CONFIG })));
  const made = answers.flatMap((answer, i) => (answer.error === undefined ? [{ ...sent[i], configs: answer.proxies }] : []));
  const rejected = answers.flatMap(({ id, error }) =>
    error === undefined ? [] : [`${id}: istiod rejects it, but we do not: ${error.slice(0, 300)}`],
  );
  const verdicts = await envoyVerdicts(made.map(({ configs, opinion }) => ({ configs, isExpected: opinion.refusals.length === 0 })));
  const wrong = made.flatMap(({ one, opinion: { refusals } }, i) => {
    const verdict = verdicts[i];
    if ((verdict === undefined) === (refusals.length === 0)) return [];
    return [
      verdict === undefined
        ? `${one.id}: Envoy accepts it, but we report: ${refusals[0]}`
        : `${one.id}: Envoy rejects it, but we report nothing: ${verdict}`,
    ];
  });
  const refused = verdicts.filter(verdict => verdict !== undefined).length;
  report.add('every odd value that istiod accepts and Envoy rejects has an error, and no value that Envoy accepts has one', [...rejected, ...wrong],
    `${count} values, ${count - made.length} rejected before Envoy, ${refused} rejected by it, ${made.length - refused} accepted`);
}
