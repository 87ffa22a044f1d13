import type { IConstruct } from 'constructs';
import { ownTargetOf } from './statement';
import type { ITrafficService, ITrafficTarget } from './traffic-target';
import type { ServicePlan } from '../plan/collect/service-plan';
import type { PolicyLevel } from '../plan/model/policy';
import { fail } from '../traffic/problem';

/**
 * What a policy is about.
 */
export interface PolicyOptions {
  /** The service. */
  readonly service: ITrafficService;
  /**
   * The only subset it holds for. What it does not state, the subset inherits.
   * @default - the service and all its subsets
   */
  readonly subset?: ITrafficTarget;
  /**
   * The only port it holds for. What it does not state, the port inherits.
   * @default - every port
   */
  readonly port?: number;
}

/** The level that a policy is stated on. */
export function levelOf(at: IConstruct, plan: ServicePlan, { subset, port }: Pick<PolicyOptions, 'subset' | 'port'>): PolicyLevel {
  const name = subset && ownTargetOf(at, plan, 'subset', subset).subset;
  if (subset && name === undefined) fail(at, `subset is the whole service '${plan.facts.host}'; pass one of its subsets, or leave it out`);
  return { subset: name, port };
}
