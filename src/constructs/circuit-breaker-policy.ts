import { Construct } from 'constructs';
import { ownTargetOf } from './statement';
import type { ITrafficService, ITrafficTarget } from './traffic-target';
import { ServicePlan } from '../plan/service-plan';
import type { ConnectionPool } from '../traffic/connection-pool';
import { connectionPoolFields, connectionPoolProblem } from '../traffic/connection-pool';
import type { OutlierDetection } from '../traffic/outlier-detection';
import { outlierDetectionFields, outlierDetectionProblem } from '../traffic/outlier-detection';
import { fail, refuse } from '../traffic/problem';

/**
 * Limits of what callers may ask of a service, and when an endpoint is left alone.
 */
export interface CircuitBreakerPolicyProps {
  /** The service. */
  readonly service: ITrafficService;
  /**
   * The only subset it holds for. What it does not state, the subset inherits field by field.
   * @default - the service and all its subsets
   */
  readonly subset?: ITrafficTarget;
  /**
   * The only port it holds for. What it does not state, the port inherits field by field.
   * @default - every port
   */
  readonly port?: number;
  /**
   * Limits of connections and requests.
   * @default - none
   */
  readonly connectionPool?: ConnectionPool;
  /**
   * When an endpoint is taken out of load balancing for a while.
   * @default - never
   */
  readonly outlierDetection?: OutlierDetection;
}

/**
 * A circuit breaker: limits that fail fast, and endpoints that are left alone while they fail. All limits hold for each calling proxy and each
 * cluster by itself: for the service's port, and for every subset with the full number.
 *
 * @see https://istio.io/latest/docs/tasks/traffic-management/circuit-breaking/
 * @see https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/circuit_breaking
 */
export class CircuitBreakerPolicy extends Construct {
  constructor(scope: Construct, id: string, props: CircuitBreakerPolicyProps) {
    super(scope, id);
    const plan = ServicePlan.of(props.service, this);
    const { connectionPool, outlierDetection } = props;
    if (!connectionPool && !outlierDetection) fail(this, 'neither connectionPool nor outlierDetection is stated; state one of them');
    refuse(this, connectionPool && connectionPoolProblem(connectionPool), outlierDetection && outlierDetectionProblem(outlierDetection));
    const subset = props.subset && ownTargetOf(this, plan, 'subset', props.subset).subset;
    if (props.subset && subset === undefined) fail(this, `subset is the whole service '${plan.facts.host}'; pass one of its subsets, or leave it out`);
    plan.addPolicy(this.node.path, { subset, port: props.port }, {
      ...(connectionPool ? connectionPoolFields(connectionPool) : {}),
      ...(outlierDetection ? outlierDetectionFields(outlierDetection) : {}),
    });
  }
}
