import { Budget } from './budget';
import type { Field } from './condition';
import { requestSpace } from './fields';
import { memberOf } from './member';
import { matching } from './string-set';

/** Steps for one regex. */
const STEPS = 100_000;

/** Whether some request has a value of a field that a regex matches; undefined where that is not decided. */
export function isEverMatched(field: Field, regex: string): boolean | undefined {
  const set = matching(regex);
  if (set === undefined) return undefined;
  const space = requestSpace(
    { domains: [], ignorePort: false, others: [], authority: '', schemes: ['http', 'https'] },
    false,
    new Budget(STEPS),
  );
  const member = memberOf(space.kindOf(field).domain, [set], [], space.budget);
  return member === 'not decided' ? undefined : member !== 'none';
}
