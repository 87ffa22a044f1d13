import type { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import type { Audience } from './audience';
import type { ITrafficRoute } from './route-reference';
import { routeOf } from './route-reference';
import { audiencesOf, ownTargetOf } from './statement';
import type { IOwnedService, ITrafficTarget } from './traffic-target';
import { defaultName } from '../plan/collect/default-name';
import { ServicePlan } from '../plan/collect/service-plan';
import type { Share } from '../plan/model/target';
import { sameTarget } from '../plan/model/target';
import { acceptedArgument } from '../traffic/accepted';
import { wholeSecondsProblem } from '../traffic/duration';
import { cookieNameProblem } from '../traffic/name';
import { percentProblem } from '../traffic/number';
import { fail, refuse } from '../traffic/problem';

/**
 * A cookie that stores the name of the subset that serves a client.
 */
export interface StickyCookie {
  /**
   * The name of the cookie. Two canaries of one host need different names.
   * @default - the name of the service and the construct id, such as `catalog-canary`
   */
  readonly name?: string;
  /** The lifetime of the cookie, in whole seconds. The client stays on its version for this time. */
  readonly ttl: Duration;
}

/**
 * Properties of a CanaryRelease.
 */
export interface CanaryReleaseProps {
  /** The service whose traffic is split. */
  readonly service: IOwnedService;
  /** The version that serves all other requests. */
  readonly stable: ITrafficTarget;
  /** The version that serves the canary percentage. */
  readonly canary: ITrafficTarget;
  /** The share of the canary, in percent from 0 to 100. Fractions are allowed: 0.5 becomes the weights 995 and 5. */
  readonly canaryPercent: number;
  /**
   * The only route that is split.
   * @default - every route of the service that has no target or canary itself
   */
  readonly route?: ITrafficRoute;
  /**
   * A cookie that keeps a client on the version that served it first, also if the percentage rises. At 0 and 100 % the cookie has no
   * effect, so a rollback moves every client.
   * @default - no cookie, one client reaches both versions
   */
  readonly stickyCookie?: StickyCookie;
  /**
   * The audiences that it applies to.
   * @default - all audiences of the service
   */
  readonly audiences?: Audience[];
}

/**
 * Splits all requests outside dark launches between two versions. Envoy picks a version for each request independently, so one client
 * reaches both versions, unless `stickyCookie` is set. On TCP and TLS ports, connections are split by the same weights, without a cookie. A
 * canary for one `route` does not apply to connections.
 *
 * @see https://istio.io/latest/docs/tasks/traffic-management/traffic-shifting/
 */
export class CanaryRelease extends Construct {
  constructor(scope: Construct, id: string, props: CanaryReleaseProps) {
    super(scope, id);
    props = acceptedArgument('CanaryRelease', props, this);
    const plan = ServicePlan.of(props.service, this);
    refuse(this, percentProblem('canaryPercent', props.canaryPercent));
    const stable = ownTargetOf(this, plan, 'stable', props.stable);
    const canary = ownTargetOf(this, plan, 'canary', props.canary);
    if (sameTarget(stable, canary)) fail(this, `stable and canary are both '${stable.subset ?? stable.host}'; use two different versions`);
    plan.addSplit(this, {
      kind: 'canary',
      route: routeOf(this, plan, props.route),
      shares: sharesOf(stable, canary, props.canaryPercent),
      sticky: props.stickyCookie && this.sticky(`${plan.facts.name}-${defaultName(this)}`, props.stickyCookie, [stable, canary]),
      audiences: audiencesOf(this, props.audiences),
    });
  }

  private sticky(
    ownName: string,
    { name = ownName, ttl }: StickyCookie,
    targets: readonly Share['target'][],
  ): { name: string; ttl: number } {
    refuse(this, cookieNameProblem('stickyCookie.name', name), wholeSecondsProblem('stickyCookie.ttl', ttl));
    if (targets.some(target => target.subset === undefined)) {
      fail(this, 'stickyCookie stores the name of a subset, so stable and canary must be subsets; use subsets for both');
    }
    return { name, ttl: ttl.toSeconds() };
  }
}

/** Integer weights for a fraction: Istio's weights are relative, so 0.5 % is 5 of 1,000. */
function sharesOf(stable: Share['target'], canary: Share['target'], percent: number): Share[] {
  const decimals = (String(percent).split('.')[1] ?? '').length;
  const scale = 10 ** decimals;
  const weight = Math.round(percent * scale);
  return [{ target: stable, weight: 100 * scale - weight }, { target: canary, weight }];
}
