import type { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import type { Audience } from './audience';
import type { ITrafficRoute } from './route-reference';
import { routeOf } from './route-reference';
import { audiencesOf, ownTargetOf } from './statement';
import type { ITrafficService, ITrafficTarget } from './traffic-target';
import { ServicePlan } from '../plan/collect/service-plan';
import type { Share } from '../plan/model/target';
import { sameTarget } from '../plan/model/target';
import { durationProblem } from '../traffic/duration';
import { cookieNameProblem } from '../traffic/name';
import { percentProblem } from '../traffic/number';
import { fail, refuse } from '../traffic/problem';

/**
 * A cookie whose value is the name of a version.
 */
export interface StickyCookie {
  /** The name of the cookie. */
  readonly name: string;
  /** How long a client stays with its version; whole seconds. */
  readonly ttl: Duration;
}

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
   * A cookie that keeps a client with the version that served it first. A higher percentage moves nobody who has the cookie before it is over.
   * At 0 and 100 % nobody is kept, so that a rollback rolls back.
   * @default - none: one client meets both versions
   */
  readonly stickyCookie?: StickyCookie;
  /**
   * Whose requests it is about.
   * @default - all audiences of the service
   */
  readonly audiences?: Audience[];
}

/**
 * A split of the requests that no dark launch takes, request by request: one client meets both versions, unless `stickyCookie` keeps it with one.
 * On ports of TCP and TLS connections are split by the same weights, without a cookie; not by a canary of one `route`.
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
    plan.addSplit(this, {
      kind: 'canary',
      route: routeOf(this, plan, props.route),
      shares: sharesOf(stable, canary, props.canaryPercent),
      sticky: props.stickyCookie && this.sticky(props.stickyCookie, [stable, canary]),
      audiences: audiencesOf(this, props.audiences),
    });
  }

  private sticky({ name, ttl }: StickyCookie, targets: readonly Share['target'][]): { name: string; ttl: number } {
    refuse(this, cookieNameProblem('stickyCookie.name', name), durationProblem('stickyCookie.ttl', ttl));
    if (targets.some(target => target.subset === undefined)) fail(this, 'stickyCookie needs two subsets, whose names are its values; name subsets as stable and canary');
    if (ttl.toMilliseconds() % 1000 !== 0) fail(this, `stickyCookie.ttl is ${ttl.toMilliseconds()} ms; cookies count in whole seconds`);
    return { name, ttl: ttl.toSeconds() };
  }
}

/** Whole weights that keep the fraction: Istio's weights are relative, so that 0.5 % is 5 of 1,000. */
function sharesOf(stable: Share['target'], canary: Share['target'], percent: number): Share[] {
  const decimals = (String(percent).split('.')[1] ?? '').length;
  const scale = 10 ** decimals;
  const weight = Math.round(percent * scale);
  return [{ target: stable, weight: 100 * scale - weight }, { target: canary, weight }];
}
