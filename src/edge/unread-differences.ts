import { isDeepStrictEqual } from 'node:util';
import type { Edge } from './edge';
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
  /** The objects whose unread content differs. */
  readonly changed: readonly string[];
}

/** Compares what is not read of two inputs by content: status, formatting and what a cluster writes into metadata make no difference. */
export function unreadDifferences(old: Edge, now: Edge): readonly UnreadDifference[] {
  const [before, after] = [old, now].map(edge => groupBy(edge.items.filter(({ part }) => part !== undefined), kindOf));
  const kinds = [...new Set([...before.keys(), ...after.keys()])];
  return kinds.flatMap(kind => {
    const difference = compared(before.get(kind) ?? [], after.get(kind) ?? []);
    return difference ? [difference] : [];
  });
}

function kindOf({ what, changes }: UnreadItem): string {
  return `${what}: ${changes}`;
}

function compared(before: readonly UnreadItem[], after: readonly UnreadItem[]): UnreadDifference | undefined {
  const [{ what, changes }] = [...after, ...before];
  const [old, now] = [before, after].map(items => groupBy(items, ({ name }) => name));
  const partsOf = (items: readonly UnreadItem[] | undefined) => items?.map(({ part }) => part);
  const added = [...now.keys()].filter(name => !old.has(name));
  const removed = [...old.keys()].filter(name => !now.has(name));
  const changed = [...now.keys()].filter(name => old.has(name) && !isDeepStrictEqual(partsOf(old.get(name)), partsOf(now.get(name))));
  return added.length + removed.length + changed.length === 0 ? undefined : { what, changes, added, removed, changed };
}
