import type { IConstruct } from 'constructs';
import type { Audience } from './audience';
import type { ITrafficTarget } from './traffic-target';
import type { ServicePlan } from '../plan/collect/service-plan';
import type { Audience as AudienceModel } from '../plan/model/audience';
import { neverMet } from '../plan/model/audience';
import { ownTarget } from '../plan/model/service-model';
import type { RouteStatement } from '../plan/model/statements';
import type { Target } from '../plan/model/target';
import { fail } from '../traffic/problem';

/** The audiences of a statement. Throws if a public host among them cannot meet a condition of the statement. */
export function audiencesOf(
  at: IConstruct, audiences: readonly Audience[] | undefined, terms: RouteStatement['terms'] = [],
): readonly AudienceModel[] | undefined {
  if (audiences === undefined) return undefined;
  if (audiences.length === 0) fail(at, 'audiences is an empty list; add an audience, or omit it to include all');
  for (const audience of audiences) audience._refuseOtherApp(at);
  const named = audiences.map(audience => audience._key());
  for (const audience of named) {
    if (audience === 'mesh') continue;
    for (const term of terms) {
      const fields = neverMet(audience, term);
      if (fields.length === 0) continue;
      fail(at, `${fields.join(', ')} cannot apply at the gateway of ${audience.host}, which does not know the calling workload; `
        + 'omit the condition, or set audiences to Audience.mesh()');
    }
  }
  return named;
}

/** A target in the plan. For the service itself, the plan knows the ports better than the reference. */
export function targetOf(plan: ServicePlan, target: ITrafficTarget): Target {
  return target.host === plan.facts.host ? ownTarget(plan.model, target.subsetName)
    : { host: target.host, subset: target.subsetName, ports: target.httpPorts };
}

/** A target that must be a subset of this service, or the service itself. */
export function ownTargetOf(at: IConstruct, plan: ServicePlan, what: string, target: ITrafficTarget): Target {
  if (target.host !== plan.facts.host) {
    fail(at, `${what} belongs to '${target.host}', not to '${plan.facts.host}'; use a subset of that service`);
  }
  return targetOf(plan, target);
}
