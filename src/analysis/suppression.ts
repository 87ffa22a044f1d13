import type { Finding } from './finding';
import { isNamed } from './listed-rule';
import type { TrafficRule } from './rule';
import { RULES } from './rules.generated';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import { resourceText } from '../manifest/kubernetes-object';

/** Findings that are intended. */
export interface Suppression {
  /** The name of a rule, or a code of istioctl or Kiali. */
  readonly rule: string;
  /**
   * The resources, as `Kind namespace/name` or, as istioctl writes it, `Kind name.namespace`; `*` stands for any characters. Default: all.
   */
  readonly resource?: string;
  /** Why it is not a mistake. */
  readonly reason: string;
}

/** The annotation that Istio's own analyzers obey: codes divided by commas, or `*`. */
const ANNOTATION = 'galley.istio.io/analyze-suppress';

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

/** What is wrong with a suppression, if anything. */
export function suppressionProblem(what: string, suppression: unknown): string | undefined {
  if (typeof suppression !== 'object' || suppression === null) {
    return `${what} is ${JSON.stringify(suppression)}; write an object with rule, resource and reason`;
  }
  const { rule, resource, reason, ...others } = suppression as { [field: string]: unknown };
  const other = Object.keys(others)[0];
  if (other !== undefined) return `${what}.${other} is an unknown field; expected one of rule, resource, reason`;
  if (!isFilled(rule) || rule === '*') return `${what}.rule is ${JSON.stringify(rule)}; name a rule, such as unknown-gateway, or a code, such as IST0101`;
  if (!isFilled(reason)) return `${what} (${rule}) has no reason; add why it is not a mistake`;
  return resource === undefined || isFilled(resource)
    ? undefined
    : `${what}.resource is ${JSON.stringify(resource)}; write 'Kind namespace/name', with '*' for any characters`;
}

/** Whether a string matches a pattern in which `*` stands for any characters. Each part is looked for once, from left to right. */
function matchesPattern(pattern: string, text: string): boolean {
  const [first, ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return text === pattern;
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > text.length - last.length) return false;
    at = found + part.length;
  }
  return true;
}

/** A suppression that matches no finding, and its place if it is in an annotation. */
export interface Unused {
  readonly rule: string;
  /** Whether there is no such rule at all. */
  readonly unknown: boolean;
  readonly resource?: string;
  readonly object?: KubernetesObject;
  readonly path?: string;
}

/** Findings of the analysis itself. */
const OWN = new Set(['kinds-missing', 'rule-failed', 'unreadable-manifest', 'unused-suppression']);
/** Other tools have codes for what manifests do not show, and obey them in the same annotation. */
const CODE = /^(IST|KIA|SCHEMA)\d+$/;

function isUnknown(rule: string): boolean {
  return rule !== '*' && !CODE.test(rule) && !OWN.has(rule) && !RULES.some(({ id }) => id === rule);
}

function isFor({ rule, codes }: Finding, name: string): boolean {
  return name === rule || codes.includes(name);
}

/** Decides which findings are suppressed, and knows which suppressions covered none. */
export class Suppressions {
  private readonly used = new Set<Suppression>();
  private readonly ran = new Set<TrafficRule>();
  private readonly usedAnnotations = new Map<KubernetesObject, Set<string>>();

  public constructor(private readonly suppressions: readonly Suppression[]) {
    suppressions.forEach((suppression, i) => {
      const problem = suppressionProblem(`suppressions[${i}]`, suppression);
      if (problem !== undefined) throw new Error(problem);
    });
  }

  public covers(finding: Finding): boolean {
    const annotated = this.annotation(finding);
    const covering = this.suppressions.filter(({ rule, resource }) => (
      isFor(finding, rule) && (resource === undefined || namesOf(finding).some(name => matchesPattern(resource, name)))));
    for (const suppression of covering) this.used.add(suppression);
    return annotated || covering.length > 0;
  }

  /** Takes note of the rules that ran on an environment. */
  public judge(ran: readonly TrafficRule[]): void {
    for (const rule of ran) this.ran.add(rule);
  }

  /** Suppressions of rules that ran and found nothing that they cover, in any environment. */
  public unused(): Unused[] {
    const ran = [...this.ran];
    return this.suppressions.flatMap(suppression => {
      const unknown = isUnknown(suppression.rule);
      const isJudged = unknown || ran.some(rule => isNamed(rule, suppression.rule));
      return !this.used.has(suppression) && isJudged ? [{ ...suppression, unknown }] : [];
    });
  }

  /** The same for annotations, which are those of one environment. */
  public unusedAnnotations(objects: readonly KubernetesObject[], ran: readonly TrafficRule[]): Unused[] {
    return objects.flatMap(object => annotatedCodes(object)
      .map(rule => ({ object, rule, unknown: isUnknown(rule), path: `metadata.annotations["${ANNOTATION}"]` }))
      .filter(({ rule, unknown }) => unknown || (rule !== '*' && !this.usedAnnotations.get(object)?.has(rule)
        && ran.some(one => isNamed(one, rule)))));
  }

  private annotation(finding: Finding): boolean {
    const { object } = finding;
    const matching = object ? annotatedCodes(object).filter(code => code === '*' || isFor(finding, code)) : [];
    if (!object || matching.length === 0) return false;
    const used = this.usedAnnotations.get(object) ?? new Set();
    this.usedAnnotations.set(object, new Set([...used, ...matching]));
    return true;
  }
}

function annotatedCodes({ metadata }: KubernetesObject): string[] {
  const text: unknown = metadata?.annotations?.[ANNOTATION];
  return typeof text === 'string' && text !== '' ? text.split(',') : [];
}

/** The names by which a suppression may call a finding's resource. */
function namesOf({ resource }: Finding): string[] {
  if (!resource) return [];
  const { kind, name, namespace } = resource;
  return [resourceText(resource), ...namespace === undefined ? [] : [`${kind} ${name}.${namespace}`]];
}
