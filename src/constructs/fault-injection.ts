import { Construct } from 'constructs';
import type { ConditionedCellOptions } from './conditions';
import { conditionedCellsOf } from './conditions';
import type { ITrafficService } from './traffic-target';
import { ServicePlan } from '../plan/collect/service-plan';
import type { FaultAbort, FaultDelay } from '../traffic/fault';
import { abortProblem, delayProblem, istioAbort, istioDelay } from '../traffic/fault';
import { fail, refuse } from '../traffic/problem';

/**
 * Faults that callers meet.
 */
export interface FaultInjectionProps extends ConditionedCellOptions {
  /** The service whose callers meet them. */
  readonly service: ITrafficService;
  /**
   * Requests that are held up.
   * @default - none
   */
  readonly delay?: FaultDelay;
  /**
   * Requests that are answered with an error.
   * @default - none
   */
  readonly abort?: FaultAbort;
}

/**
 * Faults that the caller's proxy makes up, to see how callers bear them: the service sees nothing of an abort. A delay does not count against the
 * timeout of the request, and an abort is not retried: retries of the route are not exercised by it.
 *
 * @see https://istio.io/latest/docs/tasks/traffic-management/fault-injection/
 * @see https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/fault_filter
 */
export class FaultInjection extends Construct {
  constructor(scope: Construct, id: string, props: FaultInjectionProps) {
    super(scope, id);
    const plan = ServicePlan.of(props.service, this);
    const { delay, abort } = props;
    if (!delay && !abort) fail(this, 'neither delay nor abort is stated; state one of them');
    refuse(this, delay && delayProblem(delay), abort && abortProblem(abort));
    const cells = conditionedCellsOf(this, plan, props);
    if (delay) plan.addDecoration(this, { ...cells, slot: 'fault.delay', value: { fault: { delay: istioDelay(delay) } } });
    if (abort) plan.addDecoration(this, { ...cells, slot: 'fault.abort', value: { fault: { abort: istioAbort(abort) } } });
  }
}
