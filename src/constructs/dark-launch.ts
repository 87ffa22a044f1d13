import { Construct } from 'constructs';
import type { Audience } from './audience';
import { audiencesOf, targetOf } from './statement';
import type { ITrafficService, ITrafficTarget } from './traffic-target';
import { termsOf } from '../plan/collect/match-terms';
import { ServicePlan } from '../plan/collect/service-plan';
import type { CohortStatement } from '../plan/model/statements';
import { takeEverything } from '../plan/model/statements';
import type { HttpMatch } from '../traffic/http-match';
import { kebab, objectNameProblem } from '../traffic/name';
import { fail, refuse } from '../traffic/problem';

/**
 * Requests that a version of its own serves.
 */
export interface DarkLaunchProps {
  /** The service whose requests it is about. */
  readonly service: ITrafficService;
  /** The version that serves them. */
  readonly target: ITrafficTarget;
  /** Which requests: alternatives, of which one has to hold. */
  readonly matches: HttpMatch[];
  /**
   * Decides between two dark launches that can both match one request where neither is the narrower: the lower is tried first.
   * @default - none; needed only for such a pair
   */
  readonly priority?: number;
  /**
   * Whose requests it is about.
   * @default - all audiences of the service
   */
  readonly audiences?: Audience[];
  /**
   * The name of the cohort, the second part of Istio's route names.
   * @default - the construct id in kebab-case
   */
  readonly name?: string;
}

/**
 * A version that only some requests reach, such as those of staff who send a header. It applies inside of every route of the service and
 * keeps the route's rewrite, timeout and retries. All other requests have to go to named subsets, or the launch would not be dark.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPMatchRequest
 */
export class DarkLaunch extends Construct {
  /** @internal */
  public readonly _cohort: CohortStatement;

  constructor(scope: Construct, id: string, props: DarkLaunchProps) {
    super(scope, id);
    const plan = ServicePlan.of(props.service, this);
    const name = props.name ?? kebab(id);
    refuse(this, objectNameProblem('name', name));
    const terms = termsOf(this, plan, props.matches);
    if (takeEverything(terms)) {
      fail(this, 'matches holds an alternative without conditions, which every request meets; state a condition, or call routeDefaultTo()');
    }
    if (props.priority !== undefined && !Number.isInteger(props.priority)) fail(this, `priority is ${props.priority}; use a whole number, the lower is tried first`);
    this._cohort = plan.addCohort(this, {
      id: name,
      terms,
      target: targetOf(plan, props.target),
      priority: props.priority,
      audiences: audiencesOf(this, props.audiences, terms),
    });
  }
}
