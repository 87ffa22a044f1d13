import { Construct } from 'constructs';
import type { Audience } from './audience';
import { audiencesOf, targetOf } from './statement';
import type { IOwnedService, ITrafficTarget } from './traffic-target';
import { defaultName } from '../plan/collect/default-name';
import { termsOf } from '../plan/collect/match-terms';
import { ServicePlan } from '../plan/collect/service-plan';
import type { CohortStatement } from '../plan/model/statements';
import { takeEverything } from '../plan/model/statements';
import { acceptedArgument } from '../traffic/accepted';
import type { HttpMatch } from '../traffic/http-match';
import { objectNameProblem } from '../traffic/name';
import { fail, refuse } from '../traffic/problem';

/**
 * Properties of a DarkLaunch.
 */
export interface DarkLaunchProps {
  /** The service that it applies to. */
  readonly service: IOwnedService;
  /** The version that serves these requests. */
  readonly target: ITrafficTarget;
  /** The requests of the dark launch: a request must match one of these alternatives. */
  readonly matches: HttpMatch[];
  /**
   * The order of two dark launches that can match the same request, if neither match is narrower. The lower number comes first.
   * @default - none, required only for such a pair
   */
  readonly priority?: number;
  /**
   * The audiences that it applies to.
   * @default - all audiences of the service
   */
  readonly audiences?: Audience[];
  /**
   * The name of the cohort, which is the second part of route names in Istio.
   * @default - the path of the construct below the chart in kebab-case
   */
  readonly name?: string;
}

/**
 * Sends selected requests to a version that no other requests reach, for example those of staff, who send a header. It applies within every
 * route of the service and keeps the rewrite, timeout and retries of the route. All other requests must go to named subsets.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPMatchRequest
 */
export class DarkLaunch extends Construct {
  /** @internal */
  public readonly _cohort: CohortStatement;

  constructor(scope: Construct, id: string, props: DarkLaunchProps) {
    super(scope, id);
    props = acceptedArgument('DarkLaunch', props, this);
    const plan = ServicePlan.of(props.service, this);
    const name = props.name ?? defaultName(this);
    refuse(this, objectNameProblem('name', name));
    const terms = termsOf(this, plan, props.matches, 'call routeDefaultTo()');
    if (takeEverything(terms)) {
      fail(this, 'matches contains an alternative without conditions, which matches every request; '
        + 'add a condition, or call routeDefaultTo()');
    }
    if (props.priority !== undefined && !Number.isInteger(props.priority)) {
      fail(this, `priority is ${props.priority}; use an integer, the lower number comes first`);
    }
    this._cohort = plan.addCohort(this, {
      id: name,
      terms,
      target: targetOf(plan, props.target),
      priority: props.priority,
      audiences: audiencesOf(this, props.audiences, terms),
    });
  }
}
