import { Construct } from 'constructs';
import type { ConditionedCellOptions } from './conditions';
import { conditionedCellsOf } from './conditions';
import type { IOwnedService } from './traffic-target';
import { ServicePlan } from '../plan/collect/service-plan';
import { acceptedArgument } from '../traffic/accepted';
import type { FaultAbort, FaultDelay } from '../traffic/fault';
import { abortProblem, delayProblem, istioAbort, istioDelay } from '../traffic/fault';
import { fail, refuse } from '../traffic/problem';

/**
 * Properties of a FaultInjection.
 */
export interface FaultInjectionProps extends ConditionedCellOptions {
  /** The service whose callers get the faults. */
  readonly service: IOwnedService;
  /**
   * Delays requests.
   * @default - none
   */
  readonly delay?: FaultDelay;
  /**
   * Responds to requests with an error.
   * @default - none
   */
  readonly abort?: FaultAbort;
}

/**
 * Delays or aborts requests in the proxy of the caller, to test how callers handle it. The service does not receive an aborted request. A
 * delay does not count toward the timeout of the request. Envoy does not retry an abort, so it does not test the retries of the route.
 *
 * @see https://istio.io/latest/docs/tasks/traffic-management/fault-injection/
 * @see https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/fault_filter
 */
export class FaultInjection extends Construct {
  constructor(scope: Construct, id: string, props: FaultInjectionProps) {
    super(scope, id);
    props = acceptedArgument('FaultInjection', props, this);
    const plan = ServicePlan.of(props.service, this);
    const { delay, abort } = props;
    if (!delay && !abort) fail(this, 'delay and abort are both missing; set at least one');
    refuse(this, delay && delayProblem(delay), abort && abortProblem(abort));
    const cells = conditionedCellsOf(this, plan, props);
    if (delay) plan.addDecoration(this, { ...cells, slot: 'fault.delay', value: { fault: { delay: istioDelay(delay) } } });
    if (abort) plan.addDecoration(this, { ...cells, slot: 'fault.abort', value: { fault: { abort: istioAbort(abort) } } });
  }
}
