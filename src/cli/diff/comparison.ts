import type { TrafficChange } from '../../diff/change';
import type { FindingChanges } from '../../diff/compare-findings';
import type { RolloutProblem } from '../../diff/rollout';
import type { FindingRecord } from '../findings/finding-record';

/** Everything that two sets of manifests differ in. */
export interface Comparison {
  /** The sub-folder, with `--each`. */
  readonly environment?: string;
  readonly changes: readonly TrafficChange[];
  readonly rollout: readonly RolloutProblem[];
  readonly findings: FindingChanges<FindingRecord>;
}
