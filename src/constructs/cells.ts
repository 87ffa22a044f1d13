import type { IConstruct } from 'constructs';
import type { Audience } from './audience';
import type { DarkLaunch } from './dark-launch';
import type { ITrafficRoute } from './route-reference';
import { routeOf } from './route-reference';
import { audiencesOf } from './statement';
import type { ServicePlan } from '../plan/collect/service-plan';
import type { Decoration } from '../plan/model/statements';
import { fail } from '../traffic/problem';

/**
 * The requests of a service that a construct applies to.
 */
export interface CellOptions {
  /**
   * Limits it to the requests of this route.
   * @default - every route
   */
  readonly route?: ITrafficRoute;
  /**
   * Limits it to the requests of this dark launch.
   * @default - see the construct
   */
  readonly cohort?: DarkLaunch;
  /**
   * The proxies that the policy applies to.
   * @default - all audiences of the service
   */
  readonly audiences?: Audience[];
}

/** The part of a decoration that selects cells. */
export function cellsOf(at: IConstruct, plan: ServicePlan, options: CellOptions): Pick<Decoration, 'route' | 'cohort' | 'audiences'> {
  const route = routeOf(at, plan, options.route);
  const cohort = options.cohort?._cohort;
  if (cohort && !plan.knows(cohort)) {
    fail(at, `the dark launch ${cohort.path} is not one of '${plan.facts.host}'; use a dark launch of that service`);
  }
  return { route, cohort, audiences: audiencesOf(at, options.audiences) };
}
