import type { Finding } from './finding';
import { SEVERITIES } from './finding';
import type { Origin } from './origin';
import { constructsBehind } from './origin';
import { RULES } from './rules';
import { ADMISSION_RULES } from './rules/admission';
import type { Suppression, Unused } from './suppression';
import { Suppressions } from './suppression';
import type { TrafficIndexOptions } from './traffic-index';
import { TrafficIndex } from './traffic-index';
import type { TrafficRule } from './traffic-rule';
import { isUnreadable } from './unreadable-fields';
import { WORKLOAD_KINDS } from './workloads';
import { istioVersion, KNOWN_VERSIONS } from '../envoy/istio-versions';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import { lineOf, parsePath, provenanceOf } from '../manifest/provenance';

/** Options of one environment of several. */
export interface EnvironmentOptions extends TrafficIndexOptions {
  /** The rules to apply, by name or code; default: all. */
  readonly rules?: readonly string[];
  /** Says where an object comes from; default: as its annotation does. */
  readonly originOf?: (object: KubernetesObject) => Origin | undefined;
}

export interface AnalyzeOptions extends EnvironmentOptions {
  /** Findings that are known and meant, with the reason. */
  readonly suppressions?: readonly Suppression[];
}

const MESH_CONFIG = 'MeshConfig';

/** What rules need beyond Istio's own kinds, under one name for several. */
const GROUPS: { readonly [name: string]: readonly string[] } = { Workload: WORKLOAD_KINDS };

/** How to give what is needed, where it is no kind. */
const REPAIRS: { readonly [need: string]: string } = {
  Workload: 'give the manifests of the workloads too: Deployment, StatefulSet, Pod or other kinds',
  [MESH_CONFIG]: 'give it too: with --mesh-config on the command line, as meshConfig in options',
};

/** So many rules that were not checked are named. */
const MOST_NAMED = 5;

type Kind = Pick<TrafficRule, 'id' | 'codes' | 'severity'>;

/** Findings of the analysis itself. */
const KINDS_MISSING: Kind = { id: 'kinds-missing', codes: [], severity: 'info' };
const RULE_FAILED: Kind = { id: 'rule-failed', codes: ['IST0001'], severity: 'error' };
const UNUSED_SUPPRESSION: Kind = { id: 'unused-suppression', codes: [], severity: 'warning' };

function resourceOf({ kind, metadata: { name, generateName, namespace } }: KubernetesObject): NonNullable<Finding['resource']> {
  return { kind, name: name ?? `${String(generateName)}*`, ...(typeof namespace === 'string' && { namespace }) };
}

function isThere(need: string, index: TrafficIndex, { meshConfig }: EnvironmentOptions): boolean {
  if (need === MESH_CONFIG) return meshConfig !== undefined;
  return (GROUPS[need] ?? [need]).some(kind => index.of(kind).length > 0);
}

/** Makes findings of what rules report. Their lines are looked for at the end, and only for those that stay. */
class Findings {
  public readonly all: Finding[] = [];

  public constructor(private readonly suppressions: Suppressions, private readonly originOf: NonNullable<EnvironmentOptions['originOf']>) {}

  public add({ id, codes, severity }: Kind, cause: string, repair: string, object?: KubernetesObject, path?: string): void {
    const finding: Finding = {
      rule: id, codes, severity, ...(object && { resource: resourceOf(object) }), ...(path !== undefined && path !== '' && { path }), cause, repair, ...(object && { object }),
    };
    if (!this.suppressions.covers(finding)) this.all.push(finding);
  }

  /** The findings in the order of the objects that they are about, the worst first. */
  public located(objects: readonly KubernetesObject[]): Finding[] {
    const positions = new Map(this.all.some(({ object }) => object) ? objects.map((object, i) => [object, i]) : []);
    const position = ({ object }: Finding) => (object ? positions.get(object) ?? -1 : objects.length);
    const inOrder = this.all.sort((a, b) => position(a) - position(b) || SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
    return inOrder.map(finding => located(finding, this.originOf));
  }
}

function located(finding: Finding, originOf: NonNullable<EnvironmentOptions['originOf']>): Finding {
  const { object, path = '' } = finding;
  if (!object) return finding;
  const provenance = provenanceOf(object);
  const constructs = constructsBehind(object, path, originOf(object));
  return { ...finding, ...(provenance && { file: provenance.file, line: lineOf(object, parsePath(path)) }), ...(constructs && { constructs }) };
}

/** Rules about what can be read at all. */
const SHAPE_RULES: ReadonlySet<TrafficRule> = new Set(ADMISSION_RULES);

function run(rule: TrafficRule, index: TrafficIndex, findings: Findings): void {
  try {
    rule.check(index, (object, path, cause, repair) => {
      if (SHAPE_RULES.has(rule) || !isUnreadable(object, path)) findings.add(rule, cause, repair, object, path);
    });
  } catch (e) {
    findings.add(RULE_FAILED, `the rule ${rule.id} failed: ${(e as Error).message}`, 'this is a mistake of the analysis; report it with the manifests');
  }
}

function chosen(names: readonly string[] | undefined): readonly TrafficRule[] {
  if (!names) return RULES;
  const unknown = names.find(name => !RULES.some(({ id, codes }) => name === id || codes.includes(name)));
  if (unknown !== undefined) throw new Error(`rules names '${unknown}', which is no rule and no code of one; use such as ${RULES[0].id}`);
  return RULES.filter(({ id, codes }) => names.some(name => name === id || codes.includes(name)));
}

/** Applies the rules to one environment. */
function examine(objects: readonly KubernetesObject[], options: EnvironmentOptions, suppressions: Suppressions): Findings {
  const { upgradesFrom } = options;
  if (upgradesFrom !== undefined && !istioVersion(upgradesFrom)) {
    throw new Error(`upgradesFrom is '${upgradesFrom}', which is not a known Istio version; use one from ${KNOWN_VERSIONS}`);
  }
  const index = new TrafficIndex(objects, options);
  const findings = new Findings(suppressions, options.originOf ?? (() => undefined));
  const silent = new Map<string, string[]>();
  const ran: TrafficRule[] = [];
  for (const rule of chosen(options.rules)) {
    const missing = rule.needs?.find(need => !isThere(need, index, options));
    if (missing !== undefined) {
      silent.set(missing, [...silent.get(missing) ?? [], rule.id]);
      continue;
    }
    ran.push(rule);
    run(rule, index, findings);
  }
  suppressions.judge(ran);
  addUnused(suppressions.unusedAnnotations(objects, ran), findings);
  for (const [need, rules] of silent) {
    const repair = REPAIRS[need] ?? `give the manifests of kind ${need} too`;
    findings.add(KINDS_MISSING, `there is no ${need} in the input, so that ${inShort(rules)} ${rules.length === 1 ? 'was' : 'were'} not checked`, repair);
  }
  return findings;
}

function inShort(rules: readonly string[]): string {
  return rules.length <= MOST_NAMED ? rules.join(', ') : `${rules.slice(0, MOST_NAMED).join(', ')} and ${rules.length - MOST_NAMED} more`;
}

function addUnused(unused: readonly Unused[], findings: Findings): void {
  for (const { rule, unknown, resource, object, path } of unused) {
    if (unknown) {
      const meant = RULES.some(({ id, codes }) => id === rule.trim() || codes.includes(rule.trim()));
      findings.add(UNUSED_SUPPRESSION, `the suppression of '${rule}' names no rule and no code`,
        meant ? `write '${rule.trim()}' without blanks, which count as part of the name` : 'correct the name, or remove it', object, path);
      continue;
    }
    const of = `${rule}${resource === undefined ? '' : ` for '${resource}'`}`;
    findings.add(UNUSED_SUPPRESSION, `nothing is found that the suppression of ${of} covers`, 'remove it', object, path);
  }
}

/**
 * Finds the traffic mistakes of all the objects of an environment. Rules that need a kind which the objects lack altogether are silent, and one
 * finding says so: a part of an environment gives no false alarms.
 */
export function analyze(objects: readonly KubernetesObject[], options: AnalyzeOptions = {}): Finding[] {
  const suppressions = new Suppressions(options.suppressions ?? []);
  const findings = examine(objects, options, suppressions);
  addUnused(suppressions.unused(), findings);
  return findings.located(objects);
}

/** The analysis of several environments with the same suppressions, of which one is used if it is in any of them. */
export class AnalysisRun {
  private readonly suppressions: Suppressions;

  public constructor(suppressions: readonly Suppression[] = []) {
    this.suppressions = new Suppressions(suppressions);
  }

  /** As `analyze`, for one of the environments. */
  public analyze(objects: readonly KubernetesObject[], options: EnvironmentOptions = {}): Finding[] {
    return examine(objects, options, this.suppressions).located(objects);
  }

  /** Suppressions that were used in none of the environments so far. */
  public unused(): Finding[] {
    const findings = new Findings(this.suppressions, () => undefined);
    addUnused(this.suppressions.unused(), findings);
    return findings.all;
  }
}
