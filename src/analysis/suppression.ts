import type { Finding } from './finding';
import { RULES } from './rules';
import type { TrafficRule } from './traffic-rule';
import type { KubernetesObject } from '../manifest/kubernetes-object';

/** Findings that are known and meant. */
export interface Suppression {
  /** Our name of a rule, or a code of istioctl or Kiali. */
  readonly rule: string;
  /** The resources, as `Kind namespace/name` or, as istioctl writes it, `Kind name.namespace`; `*` stands for any text. Default: all. */
  readonly resource?: string;
  /** Why it is no mistake. */
  readonly reason: string;
}

/** The annotation that Istio's own analyzers obey: codes divided by commas, or `*`. */
const ANNOTATION = 'galley.istio.io/analyze-suppress';

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

/** What is wrong with a suppression, if anything. */
export function suppressionProblem(what: string, suppression: unknown): string | undefined {
  if (typeof suppression !== 'object' || suppression === null) return `${what} is ${JSON.stringify(suppression)}; state rule, resource and reason`;
  const { rule, resource, reason, ...others } = suppression as { [field: string]: unknown };
  const other = Object.keys(others)[0];
  if (other !== undefined) return `${what}.${other} is no field of it; use rule, resource and reason`;
  if (!isText(rule)) return `${what}.rule is ${JSON.stringify(rule)}; name a rule, such as unknown-gateway, or a code, such as IST0101`;
  if (!isText(reason)) return `${what} (${rule}) has no reason; add why it is not a mistake`;
  return resource === undefined || isText(resource) ? undefined : `${what}.resource is ${JSON.stringify(resource)}; write 'Kind namespace/name', with '*' for any text`;
}

/** Whether a text has the parts of a pattern between its `*` in their order; in linear time, whatever the pattern. */
function matches(pattern: string, text: string): boolean {
  const [first, ...others] = pattern.split('*');
  const last = others.pop();
  if (last === undefined) return text === pattern;
  const end = text.length - last.length;
  if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of others) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

/** A suppression that nothing needs, and where it stands if in an annotation. */
export interface Unused {
  readonly rule: string;
  /** Whether there is no such rule at all. */
  readonly unknown: boolean;
  readonly resource?: string;
  readonly object?: KubernetesObject;
  readonly path?: string;
}

function concerns(rule: string, finding: { readonly rule: string; readonly codes: readonly string[] }): boolean {
  return rule === finding.rule || finding.codes.includes(rule);
}

/** Findings that are no rule's. */
const OWN = new Set(['kinds-missing', 'rule-failed', 'unused-suppression']);
/** Other tools have codes for what manifests do not tell, and obey them in the same annotation. */
const CODE = /^(IST|KIA|SCHEMA)\d+$/;

function isUnknown(rule: string): boolean {
  return rule !== '*' && !CODE.test(rule) && !OWN.has(rule) && !RULES.some(({ id }) => id === rule);
}

function isJudged(rule: string, ran: readonly TrafficRule[]): boolean {
  return ran.some(({ id, codes }) => concerns(rule, { rule: id, codes }));
}

/** Sorts out what is suppressed, and tells which suppressions had nothing to do. */
export class Suppressions {
  private readonly stated: readonly Suppression[];
  private readonly used = new Set<Suppression>();
  private readonly ran = new Set<TrafficRule>();
  private readonly usedAnnotations = new Map<KubernetesObject, Set<string>>();

  public constructor(suppressions: readonly Suppression[]) {
    suppressions.forEach((suppression, i) => {
      const problem = suppressionProblem(`suppressions[${i}]`, suppression);
      if (problem !== undefined) throw new Error(problem);
    });
    this.stated = suppressions;
  }

  public covers(finding: Finding): boolean {
    const annotated = this.annotation(finding);
    const stated = this.stated.filter(({ rule, resource }) => (
      concerns(rule, finding) && (resource === undefined || names(finding).some(name => matches(resource, name)))));
    for (const suppression of stated) this.used.add(suppression);
    return annotated || stated.length > 0;
  }

  /** Takes note of the rules that ran on an environment. */
  public judge(ran: readonly TrafficRule[]): void {
    for (const rule of ran) this.ran.add(rule);
  }

  /** Suppressions of rules that ran and found nothing that they cover, in whatever environment. */
  public unused(): Unused[] {
    const ran = [...this.ran];
    return this.stated.flatMap(suppression => {
      const unknown = isUnknown(suppression.rule);
      return !this.used.has(suppression) && (unknown || isJudged(suppression.rule, ran)) ? [{ ...suppression, unknown }] : [];
    });
  }

  /** The same for annotations, which are those of one environment. */
  public unusedAnnotations(objects: readonly KubernetesObject[], ran: readonly TrafficRule[]): Unused[] {
    return objects.flatMap(object => annotationCodes(object)
      .map(rule => ({ object, rule, unknown: isUnknown(rule), path: `metadata.annotations["${ANNOTATION}"]` }))
      .filter(({ rule, unknown }) => unknown || (rule !== '*' && !this.usedAnnotations.get(object)?.has(rule) && isJudged(rule, ran))));
  }

  private annotation({ object, rule, codes }: Finding): boolean {
    if (!object) return false;
    const matching = annotationCodes(object).filter(code => code === '*' || concerns(code, { rule, codes }));
    if (matching.length === 0) return false;
    const used = this.usedAnnotations.get(object) ?? new Set();
    this.usedAnnotations.set(object, new Set([...used, ...matching]));
    return true;
  }
}

function annotationCodes(object: KubernetesObject): string[] {
  const text = object.metadata.annotations?.[ANNOTATION];
  return text === undefined || text === '' ? [] : text.split(',');
}

function names({ resource }: Finding): string[] {
  if (!resource) return [];
  const { kind, name, namespace } = resource;
  return namespace === undefined ? [`${kind} ${name}`] : [`${kind} ${namespace}/${name}`, `${kind} ${name}.${namespace}`];
}
