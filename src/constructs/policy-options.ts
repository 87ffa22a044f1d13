import type { IConstruct } from 'constructs';
import { ownTargetOf } from './statement';
import type { ITrafficService, ITrafficTarget } from './traffic-target';
import type { PolicyLevel } from '../plan/policy-plan';
import type { ServicePlan } from '../plan/service-plan';

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
  return { subset: subset && ownTargetOf(at, plan, 'subset', subset).subset, port };
}
