import type { IConstruct } from 'constructs';
import { ownTargetOf } from './statement';
import type { IOwnedService, ITrafficTarget } from './traffic-target';
import type { ServicePlan } from '../plan/collect/service-plan';
import type { PolicyLevel } from '../plan/model/policy';
import { fail } from '../traffic/problem';

/**
 * The level that a policy applies to.
 */
export interface PolicyOptions {
  /** The service. */
  readonly service: IOwnedService;
  /**
   * Limits the policy to this subset, which inherits the fields that the policy does not set.
   * @default - the service and all its subsets
   */
  readonly subset?: ITrafficTarget;
  /**
   * Limits the policy to this port, which inherits the fields that the policy does not set.
   * @default - every port
   */
  readonly port?: number;
}

/** The level of a policy. */
export function levelOf(at: IConstruct, plan: ServicePlan, { subset, port }: Pick<PolicyOptions, 'subset' | 'port'>): PolicyLevel {
  const name = subset && ownTargetOf(at, plan, 'subset', subset).subset;
  if (subset && name === undefined) fail(at, `subset is the whole service '${plan.facts.host}'; use one of its subsets, or omit it`);
  return { subset: name, port };
}
