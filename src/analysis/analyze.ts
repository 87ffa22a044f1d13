import type { Absent } from './absence';
import { certaintyOf } from './absence';
import type { ConstructPaths } from './construct-paths';
import type { Finding } from './finding';
import type { FindingKind } from './findings';
import { Findings } from './findings';
import { readInput } from './input';
import type { ListedRule } from './listed-rule';
import { isNamed } from './listed-rule';
import type { Target } from './migration';
import { TARGETS } from './migration';
import { Outside } from './outside';
import type { AnyRule, Report } from './rule';
import { RULES } from './rules.generated';
import { ISTIO_OBJECT } from './subject';
import type { Suppression, Unused } from './suppression';
import { Suppressions } from './suppression';
import type { TrafficIndexOptions } from './traffic-index';
import { DEFAULT_NAMESPACE, TrafficIndex } from './traffic-index';
import { isUnreadable } from './unreadable-fields';
import { factsBeside } from '../cluster/cluster-facts';
import { istioVersion, KNOWN_VERSIONS } from '../envoy/istio-versions';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import type { Manifest } from '../manifest/manifest';

/** Options of one environment of several. */
export interface EnvironmentOptions extends TrafficIndexOptions {
  /** The rules to apply, by name or code; default: all. */
  readonly rules?: readonly string[];
  /** Where the pods move to: then only rules about the move apply; default: nowhere, and only the other rules apply. */
  readonly target?: Target;
  /** Gives the constructs behind an object; default: those in its annotation. */
  readonly originOf?: (object: KubernetesObject) => ConstructPaths | undefined;
}

export interface AnalyzeOptions extends EnvironmentOptions {
  /** Findings that are intended, with the reason. */
  readonly suppressions?: readonly Suppression[];
}

/** Findings of the analysis itself. */
const KINDS_MISSING: FindingKind = { id: 'kinds-missing', codes: [], severity: 'info' };
const UNREADABLE: FindingKind = { id: 'unreadable-manifest', codes: [], severity: 'error' };
const RULE_FAILED: FindingKind = { id: 'rule-failed', codes: ['IST0001'], severity: 'error' };
const UNUSED_SUPPRESSION: FindingKind = { id: 'unused-suppression', codes: [], severity: 'warning' };

const REPORT_FAULT = 'this is a fault of the analysis; report it with the manifests';

/** Rules about what can be read at all. */
function isAboutShape({ subjects }: ListedRule): boolean {
  return subjects.includes(ISTIO_OBJECT);
}

/** Runs a rule on each of its objects. Where it fails on one, that is a finding, and says nothing about the others. */
function run(rule: ListedRule, index: TrafficIndex, findings: Findings, outside: Outside): void {
  const [first, ...others] = rule.subjects;
  const judged = others.length === 0 ? index.of(first) : rule.subjects.flatMap(subject => index.of(subject));
  const objects = index.hasFacts ? judged.filter(object => !index.isFact(object)) : judged;
  if (objects.length === 0) return;
  const { check } = rule.load();
  const isOfShape = isAboutShape(rule);
  const mistakesIn = mistakesOf(check);
  for (const object of objects) {
    try {
      for (const told of index.isolated(mistakesIn, object)) {
        if (told.isFact || (!isOfShape && isUnreadable(told.object, told.path, index))) continue;
        const certainty = told.absent ? certaintyOf(told.absent, index) : 'certain';
        if (certainty === 'certain') findings.add(rule, told);
        else if (certainty === 'likely') findings.add(milder(rule), { ...told, cause: `${told.cause}, unless it lies outside the input` });
        else outside.add(told.absent!);
      }
    } catch (error) {
      findings.add(RULE_FAILED, {
        cause: `the rule ${rule.id} failed: ${messageOf(error)}`,
        repair: REPORT_FAULT,
        object: index.sourceOf(object),
      });
    }
  }
}

/** A rule of which a mistake is none if what it misses lies outside the input. */
function milder({ id, codes, severity, step }: ListedRule): FindingKind {
  return { id, codes, step, severity: severity === 'error' ? 'warning' : severity };
}

/** A mistake as a rule reports it. */
interface Mistake {
  readonly path: string;
  readonly cause: string;
  readonly repair: string;
  readonly object: KubernetesObject;
  /** Whether it is a mistake of a fact of the cluster, which the manifests cannot repair. */
  readonly isFact: boolean;
  readonly absent?: Absent;
}

const NO_MISTAKE: readonly Mistake[] = [];

/** What a rule reports of an object: of most, nothing. One function takes the reports on all objects, since a rule may judge thousands. */
function mistakesOf(check: AnyRule['check']): (index: TrafficIndex, object: Manifest) => readonly Mistake[] {
  let told: Mistake[] | undefined;
  let judged: Manifest;
  let index: TrafficIndex;
  const report: Report = (path, cause, repair, { at = judged, absent } = {}) => {
    told ??= [];
    told.push({ path, cause, repair, object: index.sourceOf(at), isFact: index.isFact(at), ...(absent && { absent }) });
  };
  return (all, object) => {
    told = undefined;
    judged = object;
    index = all;
    check(object, report, all);
    return told ?? NO_MISTAKE;
  };
}

function messageOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault);
}

function chosen(names: readonly string[] | undefined, target: Target | undefined): readonly ListedRule[] {
  if (target !== undefined && !TARGETS.includes(target)) throw new Error(`target is '${target}'; use one of ${TARGETS.join(', ')}`);
  const rules = RULES.filter(({ step }) => (step === undefined) === (target === undefined));
  if (!names) return rules;
  const unknown = names.find(name => !RULES.some(rule => isNamed(rule, name)));
  if (unknown !== undefined) {
    throw new Error(`rules names '${unknown}', which is neither a rule nor a code of a rule; use one such as ${RULES[0].id}`);
  }
  const idle = names.find(name => !rules.some(rule => isNamed(rule, name)));
  if (idle !== undefined) {
    throw new Error(`rules names '${idle}', ${target === undefined ? 'which applies only with a target; set target to ambient'
      : `which does not apply with target ${target}; omit the target`}`);
  }
  return rules.filter(rule => names.some(name => isNamed(rule, name)));
}

/** Applies the rules to one environment. */
function examine(objects: readonly KubernetesObject[], options: EnvironmentOptions, suppressions: Suppressions): Findings {
  const { upgradesFrom } = options;
  if (upgradesFrom !== undefined && !istioVersion(upgradesFrom)) {
    throw new Error(`upgradesFrom is '${upgradesFrom}', which is not a known Istio version; use one from ${KNOWN_VERSIONS}`);
  }
  const input = readInput(objects, options.defaultNamespace ?? DEFAULT_NAMESPACE, factsBeside(objects, options.facts));
  const index = new TrafficIndex(input, options);
  const findings = new Findings(suppressions, options.originOf ?? (() => undefined));
  const outside = new Outside();
  const ran: ListedRule[] = [];
  for (const rule of chosen(options.rules, options.target)) {
    const missing = rule.needs?.find(need => !index.has(need));
    if (missing !== undefined) {
      outside.needed(missing);
      continue;
    }
    ran.push(rule);
    run(rule, index, findings, outside);
  }
  for (const object of input.unreadable) {
    findings.add(UNREADABLE, { cause: 'it has no metadata', repair: 'write metadata with a name', object });
  }
  for (const { object, error } of [...input.failures, ...index.failures]) {
    findings.add(RULE_FAILED, { cause: `the analysis failed on this object: ${messageOf(error)}`, repair: REPORT_FAULT, object });
  }
  suppressions.judge(ran);
  addUnused(suppressions.unusedAnnotations(objects, ran), findings);
  const unjudged = outside.told();
  if (unjudged) findings.add(KINDS_MISSING, unjudged);
  return findings;
}

function addUnused(unused: readonly Unused[], findings: Findings): void {
  for (const { rule, unknown, resource, object, path } of unused) {
    if (unknown) {
      const meant = RULES.some(one => isNamed(one, rule.trim()));
      findings.add(UNUSED_SUPPRESSION, {
        cause: `the suppression of '${rule}' names no rule and no code`,
        repair: meant ? `write '${rule.trim()}' without blanks, which count as part of the name` : 'correct the name, or remove it',
        object,
        path,
      });
      continue;
    }
    const of = `${rule}${resource === undefined ? '' : ` for '${resource}'`}`;
    findings.add(UNUSED_SUPPRESSION, { cause: `the suppression of ${of} covers no finding`, repair: 'remove it', object, path });
  }
}

/**
 * Finds the traffic mistakes in the objects of an environment. Rules that need a kind which the input lacks altogether do not run, and one
 * finding says so: a part of an environment gives no false alarms.
 */
export function analyze(objects: readonly KubernetesObject[], options: AnalyzeOptions = {}): Finding[] {
  const suppressions = new Suppressions(options.suppressions ?? []);
  const findings = examine(objects, options, suppressions);
  addUnused(suppressions.unused(), findings);
  return findings.located(objects);
}

/** The analysis of several environments with the same suppressions. A suppression is used if any of them uses it. */
export class AnalysisRun {
  private readonly suppressions: Suppressions;

  public constructor(suppressions: readonly Suppression[] = []) {
    this.suppressions = new Suppressions(suppressions);
  }

  /** As `analyze`, for one of the environments. */
  public analyze(objects: readonly KubernetesObject[], options: EnvironmentOptions = {}): Finding[] {
    return examine(objects, options, this.suppressions).located(objects);
  }

  /** Suppressions that none of the environments so far has used. */
  public unused(): Finding[] {
    const findings = new Findings(this.suppressions, () => undefined);
    addUnused(this.suppressions.unused(), findings);
    return findings.all;
  }
}
