import { Construct } from 'constructs';
import type { PolicyOptions } from './policy-options';
import { levelOf } from './policy-options';
import { ServicePlan } from '../plan/collect/service-plan';
import type { ConnectionPool } from '../traffic/connection-pool';
import { connectionPoolFields, connectionPoolProblem } from '../traffic/connection-pool';
import type { OutlierDetection } from '../traffic/outlier-detection';
import { outlierDetectionFields, outlierDetectionProblem } from '../traffic/outlier-detection';
import { fail, refuse } from '../traffic/problem';
import type { RetryBudget } from '../traffic/retry-budget';
import { retryBudgetFields, retryBudgetProblem } from '../traffic/retry-budget';

/**
 * Limits of what callers may ask of a service, and when an endpoint is left alone.
 */
export interface CircuitBreakerPolicyProps extends PolicyOptions {
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
  /**
   * Retries under way at once as a share of the requests. Not for one port, where Istio keeps none, and not beside policies of one.
   * @default - no share; `connectionPool.maxRetries` holds
   */
  readonly retryBudget?: RetryBudget;
}

/**
 * A circuit breaker: limits that fail fast, and endpoints that are left alone while they fail. All limits hold for each calling proxy and each
 * cluster by itself: for the service's port, and for every subset with the full number. A subset or port inherits field by field what it does not
 * state.
 *
 * @see https://istio.io/latest/docs/tasks/traffic-management/circuit-breaking/
 * @see https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/circuit_breaking
 */
export class CircuitBreakerPolicy extends Construct {
  constructor(scope: Construct, id: string, props: CircuitBreakerPolicyProps) {
    super(scope, id);
    const plan = ServicePlan.of(props.service, this);
    const { connectionPool, outlierDetection, retryBudget } = props;
    if (!connectionPool && !outlierDetection && !retryBudget) fail(this, 'neither connectionPool nor outlierDetection nor retryBudget is stated; state one of them');
    if (retryBudget && props.port !== undefined) fail(this, `retryBudget is stated for port ${props.port}, and Istio keeps none for a port; state it for the service or a subset`);
    refuse(this, connectionPool && connectionPoolProblem(connectionPool),
      outlierDetection && (plan.facts.unejectable ?? outlierDetectionProblem(outlierDetection)),
      retryBudget && retryBudgetProblem(retryBudget));
    plan.addPolicy(this, levelOf(this, plan, props), {
      ...connectionPool && connectionPoolFields(connectionPool),
      ...outlierDetection && outlierDetectionFields(outlierDetection),
      ...retryBudget && retryBudgetFields(retryBudget),
    });
  }
}
