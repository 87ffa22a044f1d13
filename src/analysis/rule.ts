import type { Absent } from './absence';
import type { Severity } from './finding';
import type { Step } from './migration';
import type { Need, Subject, SubjectOf } from './subject';
import type { TrafficIndex } from './traffic-index';
import type { MeshConfigFields } from '../envoy/mesh-config';
import type { Manifest } from '../manifest/manifest';

/** What tells a rule from the others. */
export interface TrafficRule {
  /** The rule's name, which never changes. */
  readonly id: string;
  /** The codes of istioctl (`IST…`) and Kiali (`KIA…`) for the same mistake. */
  readonly codes: readonly string[];
  /** How bad the mistake is. */
  readonly severity: Severity;
  /** For a rule about the move to ambient mode: what happens there. All other rules are about the mesh as it is. */
  readonly step?: Step;
  /** What the input must contain for the rule to run. */
  readonly needs?: readonly Need[];
  /** The mistake in one sentence. */
  readonly title: string;
}

/** What is known of a mistake beside its field, cause and repair. */
export interface MistakeDetails {
  /** The object with the mistake; default: the one under check. */
  readonly at?: Manifest;
  /** What the input lacks, for a mistake that is none if the cluster has it beside the input. */
  readonly absent?: Absent;
}

/** Takes a mistake: its field, what is wrong, and the repair, in a line each. */
export type Report = (path: string, cause: string, repair: string, details?: MistakeDetails) => void;

/** What the examples of a rule need beside their manifests. */
export interface ExampleOptions {
  readonly upgradesFrom?: string;
  readonly complete?: boolean;
  readonly meshConfig?: MeshConfigFields;
  /** The same in words, for the page. */
  readonly words: string;
}

/** Everything about one kind of mistake. */
export interface Rule<S extends Subject = Subject> extends TrafficRule {
  readonly subjects: readonly S[];
  /** What Envoy does with the mistake, for the page. */
  readonly effect: string;
  /** The file and the function of Istio or ztunnel that decide it, for the page; default: none is named. */
  readonly source?: string;
  readonly example?: ExampleOptions;
  /** Checks one object. */
  check(object: SubjectOf<S>, report: Report, index: TrafficIndex): void;
}

/** A rule of any subject, as the analysis runs it. */
export type AnyRule = Omit<Rule, 'check'> & { check(object: Manifest, report: Report, index: TrafficIndex): void };

/** Types a rule by its subjects: the analysis hands it objects of its subjects alone. */
export function defineRule<const S extends Subject>(rule: Rule<S>): AnyRule {
  return rule as unknown as AnyRule;
}
