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
    const absent = [...this.absent].sort().map(([kind, count]) => counted(kind, count));
    const parts = [
      ...(rules === 0 ? [] : [
        `the input has no ${listed([...this.needs.keys()].sort())}, so ${rules === 1 ? '1 rule' : `${rules} rules`} did not run`,
      ]),
      ...(absent.length === 0 ? [] : [`${listed(absent)} may lie outside the input`]),
    ];
    return parts.length === 0 ? undefined : { cause: parts.join('; '), repair: REPAIR };
  }
}

const PODS: { readonly [kind in Absent['kind']]?: string } = { 'pods': 'selector', 'gateway pods': 'Gateway' };

function counted(kind: Absent['kind'], count: number): string {
  const noun = PODS[kind];
  return noun === undefined ? `${count} ${plural(kind, count)}` : `the pods of ${count} ${plural(noun, count)}`;
}

function plural(noun: string, count: number): string {
  return count === 1 ? noun : `${noun}s`;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}
