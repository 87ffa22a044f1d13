import { Construct } from 'constructs';
import type { Audience } from './audience';
import type { ITrafficRoute } from './route-reference';
import { routeOf } from './route-reference';
import { audiencesOf, ownTargetOf } from './statement';
import type { ITrafficService, ITrafficTarget } from './traffic-target';
import { ServicePlan } from '../plan/service-plan';
import type { Share } from '../plan/statements';
import { sameTarget } from '../plan/statements';
import { percentProblem } from '../traffic/number';
import { fail, refuse } from '../traffic/problem';

/**
 * A share of requests that a new version serves.
 */
export interface CanaryReleaseProps {
  /** The service whose requests are split. */
  readonly service: ITrafficService;
  /** The version that serves the rest. */
  readonly stable: ITrafficTarget;
  /** The version that serves the share. */
  readonly canary: ITrafficTarget;
  /** The share of the canary in percent, from 0 to 100, fractions included: 0.5 becomes the weights 995 and 5. */
  readonly canaryPercent: number;
  /**
   * The only route to split.
   * @default - every route of the service without a target or canary of its own
   */
  readonly route?: ITrafficRoute;
  /**
   * Whose requests it is about.
   * @default - all audiences of the service
   */
  readonly audiences?: Audience[];
}

/**
 * A split of the requests that no dark launch takes, request by request: one client meets both versions.
 *
 * @see https://istio.io/latest/docs/tasks/traffic-management/traffic-shifting/
 */
export class CanaryRelease extends Construct {
  constructor(scope: Construct, id: string, props: CanaryReleaseProps) {
    super(scope, id);
    const plan = ServicePlan.of(props.service, this);
    refuse(this, percentProblem('canaryPercent', props.canaryPercent));
    const stable = ownTargetOf(this, plan, 'stable', props.stable);
    const canary = ownTargetOf(this, plan, 'canary', props.canary);
    if (sameTarget(stable, canary)) fail(this, `stable and canary are both '${stable.subset ?? stable.host}'; name two versions`);
    plan.addSplit({
      path: this.node.path,
      kind: 'canary',
      route: routeOf(this, plan, props.route),
      shares: sharesOf(stable, canary, props.canaryPercent),
      audiences: audiencesOf(this, props.audiences),
    });
  }
}

/** Whole weights that keep the fraction: Istio's weights are relative, so that 0.5 % is 5 of 1,000. */
function sharesOf(stable: Share['target'], canary: Share['target'], percent: number): Share[] {
  const decimals = (String(percent).split('.')[1] ?? '').length;
  const scale = 10 ** decimals;
  const weight = Math.round(percent * scale);
  return [{ target: stable, weight: 100 * scale - weight }, { target: canary, weight }];
}
