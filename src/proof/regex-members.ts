import type { Arrival } from './arrival';
import { Budget } from './budget';
import type { Field } from './condition';
import { requestSpace } from './fields';
import type { Domain } from './member';
import { memberOf } from './member';
import type { StringSet } from './string-set';
import { matching } from './string-set';

/** Steps for one regex. */
const STEPS = 100_000;

const SPACE: Arrival = { domains: [], ignorePort: false, others: [], authority: '', schemes: ['http', 'https'] };
const KNOWN = new WeakMap<StringSet, Map<Domain, boolean | undefined>>();

/** Whether some request has a value of a field that a regex matches; undefined where that is not decided. */
export function isEverMatched(field: Field, regex: string): boolean | undefined {
  const set = matching(regex);
  if (set === undefined) return undefined;
  const { kindOf, budget } = requestSpace(SPACE, false, new Budget(STEPS));
  const { domain } = kindOf(field);
  let known = KNOWN.get(set);
  if (known === undefined) KNOWN.set(set, known = new Map());
  if (known.has(domain)) return known.get(domain);
  const member = memberOf(domain, [set], [], budget);
  const isMatched = member === 'not decided' ? undefined : member !== 'none';
  known.set(domain, isMatched);
  return isMatched;
}
