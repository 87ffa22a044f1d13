import type { Arrival } from './arrival';
import { Budget } from './budget';
import { requestSpace } from './fields';
import { Requests } from './requests';
import type { Row, RouteTable } from './route-table';
import { search } from './search';

/** Steps for one row. */
const STEPS = 100_000;

/** Whether a request reaches a row, as far as that is decided: a row of which it is not counts as reached. */
export function isReached(table: RouteTable, row: Row, arrival: Arrival): boolean {
  if (table.byKey.get(row.key) !== row) return false;
  const space = requestSpace(arrival, true, new Budget(STEPS));
  const requests = new Requests(space).and(row.conditions);
  if (typeof requests === 'string') return requests !== 'none';
  return search(space, requests, sample => {
    const taking = table.first(sample);
    return taking.index < row.index ? taking.conditions : undefined;
  }) !== 'none';
}
