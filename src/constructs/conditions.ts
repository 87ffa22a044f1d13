import type { IConstruct } from 'constructs';
import type { CellOptions } from './cells';
import { cellsOf } from './cells';
import { audiencesOf } from './statement';
import { defaultName } from '../plan/collect/default-name';
import { termsOf } from '../plan/collect/match-terms';
import type { ServicePlan } from '../plan/collect/service-plan';
import type { Decoration } from '../plan/model/statements';
import { takeEverything } from '../plan/model/statements';
import type { HttpMatch } from '../traffic/http-match';
import { fail } from '../traffic/problem';

/**
 * The requests of a service that a construct applies to, with conditions on the request.
 */
export interface ConditionedCellOptions extends CellOptions {
  /**
   * Limits it to requests that match one of these. Each entry that it applies to is rendered twice: first for these requests, then for all
   * others. At most three such policies may apply to one entry.
   * @default - every request of the route or dark launch
   */
  readonly matches?: HttpMatch[];
  /**
   * The order of two policies that set the same field and can match the same request, if neither match is narrower. The lower number wins.
   * @default - none, required only for such a pair
   */
  readonly priority?: number;
}

/** The part of a decoration that selects cells and requests in them. */
export function conditionedCellsOf(
  at: IConstruct, plan: ServicePlan, options: ConditionedCellOptions,
): Omit<Decoration, 'path' | 'slot' | 'value'> {
  const cells = { ...cellsOf(at, plan, options), cells: 'forwarding' as const };
  if (options.matches === undefined) {
    if (options.priority !== undefined) fail(at, 'priority has no effect without matches; omit it');
    return cells;
  }
  const terms = termsOf(at, plan, options.matches);
  if (takeEverything(terms)) {
    fail(at, 'matches contains an alternative without conditions, which matches every request; add a condition, or omit matches');
  }
  if (options.priority !== undefined && !Number.isInteger(options.priority)) {
    fail(at, `priority is ${options.priority}; use an integer, the lower number wins`);
  }
  audiencesOf(at, options.audiences, terms);
  return { ...cells, condition: { id: defaultName(at), terms, priority: options.priority } };
}
