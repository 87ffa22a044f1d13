import type { Condition } from './condition';
import { opposite } from './condition';
import type { RequestSpace } from './fields';
import { Requests } from './requests';

/** Whether all requests that meet some conditions are known to meet others. */
export function isWithin(space: RequestSpace, conditions: readonly Condition[], others: readonly Condition[]): boolean {
  if (others.length === 0) return true;
  const requests = new Requests(space).and(conditions);
  return requests === 'none' || (typeof requests !== 'string' && others.every(condition => requests.and([opposite(condition)]) === 'none'));
}

/** Whether a request may meet both. */
export function overlap(space: RequestSpace, conditions: readonly Condition[], others: readonly Condition[]): boolean {
  return new Requests(space).and([...conditions, ...others]) !== 'none';
}
