import type { Result } from '../../invariants/result';

/** A result of one environment. */
export interface ResultRecord extends Result {
  /** The sub-folder, with `--each`. */
  readonly environment?: string;
}
