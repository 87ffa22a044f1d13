import type { CallerWords } from '../../diff/caller-words';
import type { TrafficChange } from '../../diff/change';
import type { FindingChanges } from '../../diff/compare-findings';
import type { RolloutProblem } from '../../diff/rollout';
import type { UnreadDifference } from '../../edge/unread-differences';
import type { AccessChange } from '../../simulator/access-changes/access-change';
import type { FindingRecord } from '../findings/finding-record';

/** All differences between two sets of manifests. */
export interface Comparison {
  /** The sub-folder, with `--each`. */
  readonly environment?: string;
  readonly changes: readonly TrafficChange[];
  /** Who may call that could not, or the other way round. */
  readonly access: readonly AccessChange[];
  /** Describes those whose traffic changes. */
  readonly callerWords: CallerWords;
  readonly rollout: readonly RolloutProblem[];
  /** The differences in what is not judged. */
  readonly notJudged: readonly UnreadDifference[];
  readonly findings: FindingChanges<FindingRecord>;
}
