import type { Condition } from './condition';
import { opposite } from './condition';
import type { RequestSpace } from './fields';
import type { Failure, Requests } from './requests';

/** Conditions that all hold of a sample and that must not hold together; undefined where the sample is right. */
export type Objection = (requests: Requests) => readonly Condition[] | undefined;

/** How many samples one search may try. */
const MOST_SAMPLES = 4_000;

/**
 * A request among some without an objection. Each objection is a set of conditions that hold together of the sample: one of them has to
 * fail, and so each of them is made to fail in turn. Sets of requests are thereby looked into only where a sample lands, and not listed.
 */
export function search(space: RequestSpace, start: Requests, objection: Objection): Requests | Failure {
  const open = [start];
  let isOpen = false;
  for (let tried = 0; open.length > 0; tried++) {
    if (tried >= MOST_SAMPLES || !space.budget.take()) return 'not decided';
    const requests = open.pop()!;
    const objected = objection(requests);
    if (objected === undefined) return requests;
    // The first condition fails; or it holds and the second fails; and so on. The first is looked into first, from the end of the list.
    const branches: Requests[] = [];
    let holding: Requests | Failure = requests;
    for (const condition of objected) {
      const branch: Requests | Failure = holding.and([opposite(condition)]);
      if (branch === 'not decided') isOpen = true;
      else if (branch !== 'none') branches.push(branch);
      holding = holding.and([condition]);
      // The sample meets the condition, so that only a budget can fail.
      if (typeof holding === 'string') return 'not decided';
    }
    open.push(...branches.reverse());
  }
  return isOpen ? 'not decided' : 'none';
}
