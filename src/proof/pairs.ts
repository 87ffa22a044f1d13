import { increasing } from './increasing';
import type { Row, RouteTable } from './route-table';

/** So many rows that have no counterpart, or are in another order, are compared with every row, rather than looked for by path. */
const FEW = 32;

/**
 * The pairs of rows of which the one may take a request before that the other takes after. Rows of the same conditions in the same order
 * take the same requests away from all others, so that only new rows, rows that are gone and rows that moved form pairs with others than
 * their counterparts.
 */
export function* pairsOf(before: RouteTable, after: RouteTable): Generator<readonly [Row, Row]> {
  const common = [...after.byKey.values()].filter(({ key }) => before.byKey.has(key));
  const kept = increasing(common.map(({ key }) => before.byKey.get(key)!.index));
  const inOrder = new Set(common.filter((_, place) => kept.has(place)).map(({ key }) => key));
  const others = [...after.byKey.values()].filter(({ key }) => !inOrder.has(key));
  for (const old of before.byKey.values()) {
    const counterpart = after.byKey.get(old.key);
    const candidates = !inOrder.has(old.key) ? after.near(old)
      : others.length <= FEW ? others : after.near(old).filter(({ key }) => !inOrder.has(key));
    if (counterpart && inOrder.has(old.key)) yield [old, counterpart];
    for (const now of candidates) {
      // A counterpart that comes earlier takes the request.
      if (counterpart && counterpart.index < now.index) break;
      const origin = before.byKey.get(now.key);
      if (origin === undefined || origin.index >= old.index) yield [old, now];
    }
  }
}
