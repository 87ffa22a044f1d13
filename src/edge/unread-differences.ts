import { isDeepStrictEqual } from 'node:util';
import type { Edge } from './edge';
import type { Population } from './population';
import type { UnreadItem } from './unread-item';
import { groupBy } from '../manifest/group-by';

/** What two inputs differ in that is not judged. */
export interface UnreadDifference {
  /** What is not read, such as a kind. */
  readonly what: string;
  /** What it may change. */
  readonly changes: string;
  /** The objects of the new input alone, such as `AuthorizationPolicy shop/cart`. */
  readonly added: readonly string[];
  /** The objects of the old input alone. */
  readonly removed: readonly string[];
  /** The objects whose unread content differs, or that select other pods. */
  readonly changed: readonly string[];
}

/**
 * Compares what is not read of two inputs by content, and by the workloads that it selects. Status, formatting and what a cluster writes
 * into metadata make no difference, nor does what the comparison judges by other means.
 */
export function unreadDifferences(
  old: Edge, now: Edge, isJudged: (item: UnreadItem) => boolean = () => false,
): readonly UnreadDifference[] {
  const isCompared = (item: UnreadItem) => item.part !== undefined && !isJudged(item);
  const [before, after] = [old, now].map(edge => groupBy(edge.items.filter(isCompared), kindOf));
  const kinds = [...new Set([...before.keys(), ...after.keys()])];
  const isOfBoth = (workload: string) => old.population.workloads.has(workload) && now.population.workloads.has(workload);
  const selection = ({ population }: Edge): Selection => items => selectedBy(items, population, isOfBoth);
  const selections = [selection(old), selection(now)] as const;
  return kinds.flatMap(kind => {
    const difference = compared(before.get(kind) ?? [], after.get(kind) ?? [], selections);
    return difference ? [difference] : [];
  });
}

/** Which of the workloads that both inputs have some items select. */
type Selection = (items: readonly UnreadItem[]) => ReadonlySet<string>;

function selectedBy(
  items: readonly UnreadItem[], population: Population, isOfBoth: (workload: string) => boolean,
): ReadonlySet<string> {
  const reaches = items.flatMap(item => item.reaches);
  return new Set(reaches.flatMap(({ selector = {}, namespace }) => population.selected(selector, namespace)).filter(isOfBoth));
}

function kindOf({ what, changes }: UnreadItem): string {
  return `${what}: ${changes}`;
}

function compared(
  before: readonly UnreadItem[], after: readonly UnreadItem[], [selectedBefore, selectedAfter]: readonly [Selection, Selection],
): UnreadDifference | undefined {
  const [{ what, changes, changeAlone }] = [...after, ...before];
  const [old, now] = [before, after].map(items => groupBy(items, ({ name }) => name));
  const partsOf = (items: readonly UnreadItem[]) => items.map(({ part }) => part);
  const isChanged = (was: readonly UnreadItem[], is: readonly UnreadItem[]) => (
    !isDeepStrictEqual(partsOf(was), partsOf(is)) || !isDeepStrictEqual(selectedBefore(was), selectedAfter(is)));
  const added = changeAlone ? [] : [...now.keys()].filter(name => !old.has(name));
  const removed = changeAlone ? [] : [...old.keys()].filter(name => !now.has(name));
  const changed = [...now].filter(([name, is]) => old.has(name) && isChanged(old.get(name)!, is)).map(([name]) => name);
  return added.length + removed.length + changed.length === 0 ? undefined : { what, changes, added, removed, changed };
}
