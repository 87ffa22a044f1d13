import type { TrafficChange } from '../../diff/change';
import type { FindingChanges } from '../../diff/compare-findings';
import type { RolloutProblem } from '../../diff/rollout';
import type { UnreadDifference } from '../../edge/unread-differences';
import type { FindingRecord } from '../findings/finding-record';

/** Everything that two sets of manifests differ in. */
export interface Comparison {
  /** The sub-folder, with `--each`. */
  readonly environment?: string;
  readonly changes: readonly TrafficChange[];
  readonly rollout: readonly RolloutProblem[];
  /** What differs and is not judged. */
  readonly notJudged: readonly UnreadDifference[];
  readonly findings: FindingChanges<FindingRecord>;
}
