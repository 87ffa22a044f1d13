import type { AnyRule, TrafficRule } from './rule';
import type { Subject } from './subject';

/** A rule in the list of all rules. Its check is loaded when the input has an object for it. */
export interface ListedRule extends TrafficRule {
  /** The folder of its file. */
  readonly theme: string;
  readonly subjects: readonly Subject[];
  load(): AnyRule;
}

/** Whether a rule has a name or a code. */
export function isNamed({ id, codes }: TrafficRule, name: string): boolean {
  return name === id || codes.includes(name);
}
