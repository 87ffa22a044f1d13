import type { Severity } from './finding';
import type { TrafficIndex } from './traffic-index';
import type { KubernetesObject } from '../manifest/kubernetes-object';

/** Tells of a mistake: where, a cause in one line, and the repair. */
export type Report = (object: KubernetesObject, path: string, cause: string, repair: string) => void;

/** A mistake that can be made about traffic, and how it is found. */
export interface TrafficRule {
  /** Our own name, which stays as it is. */
  readonly id: string;
  /** What istioctl (`IST…`) and Kiali (`KIA…`) call the same. */
  readonly codes: readonly string[];
  /** How bad it is. */
  readonly severity: Severity;
  /** Kinds without which nothing can be said: the rule is silent if the manifests have none of them. */
  readonly needs?: readonly string[];
  /** The mistake in a sentence. */
  readonly title: string;
  /** Reports every place where the mistake is made. */
  check(index: TrafficIndex, report: Report): void;
}
