import type { IConstruct } from 'constructs';
import type { CellOptions } from './cells';
import { cellsOf } from './cells';
import { audiencesOf } from './statement';
import { termsOf } from '../plan/collect/match-terms';
import type { ServicePlan } from '../plan/collect/service-plan';
import type { Decoration } from '../plan/model/statements';
import { takeEverything } from '../plan/model/statements';
import type { HttpMatch } from '../traffic/http-match';
import { kebab } from '../traffic/name';
import { fail } from '../traffic/problem';

/**
 * Which requests of a service something applies to, down to conditions on the request.
 */
export interface ConditionedCellOptions extends CellOptions {
  /**
   * Only requests that meet one of these. Each entry of the VirtualService that it touches is stated twice: first for these requests, then for
   * the others. At most three such policies may meet on one entry.
   * @default - every request of the route or dark launch
   */
  readonly matches?: HttpMatch[];
  /**
   * Decides between two that set the same and can both match one request where neither is the narrower: the lower wins.
   * @default - none; needed only for such a pair
   */
  readonly priority?: number;
}

/** The part of a decoration that says which requests of which cells it touches. */
export function conditionedCellsOf(
  at: IConstruct, plan: ServicePlan, options: ConditionedCellOptions,
): Omit<Decoration, 'path' | 'slot' | 'value'> {
  const cells = { ...cellsOf(at, plan, options), cells: 'forwarding' as const };
  if (options.matches === undefined) {
    if (options.priority !== undefined) fail(at, 'priority is stated without matches, where there is nothing to decide; leave it out');
    return cells;
  }
  const terms = termsOf(at, plan, options.matches);
  if (takeEverything(terms)) fail(at, 'matches holds an alternative without conditions, which every request meets; state a condition, or leave matches out');
  if (options.priority !== undefined && !Number.isInteger(options.priority)) fail(at, `priority is ${options.priority}; use a whole number, the lower wins`);
  audiencesOf(at, options.audiences, terms);
  return { ...cells, condition: { id: kebab(at.node.id), terms, priority: options.priority } };
}
