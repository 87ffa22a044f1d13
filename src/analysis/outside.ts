import type { Absent } from './absence';
import type { Told } from './findings';
import type { Need } from './subject';

const REPAIR = 'add the manifests, state what the cluster has as cluster facts, or state that the input is complete';

/** What was not judged, since it may lie outside the input. */
export class Outside {
  private readonly needs = new Map<Need, number>();
  private readonly absent = new Map<Absent['kind'], number>();

  /** Takes what a rule needs to run, and what the input lacks altogether. */
  public needed(need: Need): void {
    this.needs.set(need, (this.needs.get(need) ?? 0) + 1);
  }

  /** Takes what a rule missed at a place that the input does not show. */
  public add({ kind }: Absent): void {
    this.absent.set(kind, (this.absent.get(kind) ?? 0) + 1);
  }

  /** The same as the one finding about the whole input; undefined where everything was judged. */
  public told(): Told | undefined {
    const rules = [...this.needs.values()].reduce((sum, count) => sum + count, 0);
    const parts = [
      ...(rules === 0 ? [] : [`the input has no ${listed([...this.needs.keys()].sort())}, so ${rules === 1 ? '1 rule' : `${rules} rules`} did not run`]),
      ...(this.absent.size === 0 ? [] : [`what may lie outside the input is not judged: ${
        listed([...this.absent].sort().map(([kind, count]) => `${count} × ${kind}`))}`]),
    ];
    return parts.length === 0 ? undefined : { cause: parts.join('; '), repair: REPAIR };
  }
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}
