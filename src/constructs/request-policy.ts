import type { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import type { CellOptions } from './cells';
import { cellsOf } from './cells';
import type { ITrafficService } from './traffic-target';
import { ServicePlan } from '../plan/service-plan';
import { durationProblem, istioDuration } from '../traffic/duration';
import { fail, refuse } from '../traffic/problem';
import type { Retries } from '../traffic/retry';
import { istioRetries, retriesProblem } from '../traffic/retry';

/**
 * How long requests may take, and when they are sent again.
 */
export interface RequestPolicyProps extends CellOptions {
  /** The service whose requests it is about. */
  readonly service: ITrafficService;
  /**
   * How long a request may take, retries included.
   * @default - without limit
   */
  readonly timeout?: Duration;
  /**
   * When and how often a failed request is sent again.
   * @default - two retries of failures to connect (istiod's own default)
   */
  readonly retries?: Retries;
}

/**
 * Timeout and retries of requests. By default of every request that is forwarded; a policy that names a route or a dark launch wins over one
 * that names none.
 *
 * @see https://istio.io/latest/docs/concepts/traffic-management/#network-resilience-and-testing
 */
export class RequestPolicy extends Construct {
  constructor(scope: Construct, id: string, props: RequestPolicyProps) {
    super(scope, id);
    const plan = ServicePlan.of(props.service, this);
    const cells = { ...cellsOf(this, plan, props), cells: 'forwarding' as const };
    refuse(this, durationProblem('timeout', props.timeout), props.retries && retriesProblem(props.retries));
    if (!props.timeout && !props.retries) fail(this, 'neither timeout nor retries is stated; state one of them');
    if (props.timeout) plan.addDecoration({ ...cells, slot: 'timeout', value: { timeout: istioDuration(props.timeout) } });
    if (props.retries) plan.addDecoration({ ...cells, slot: 'retries', value: { retries: istioRetries(props.retries) } });
  }
}
