import { Construct } from 'constructs';
import type { PolicyOptions } from './policy-options';
import { levelOf } from './policy-options';
import { ServicePlan } from '../plan/collect/service-plan';
import { acceptedArgument } from '../traffic/accepted';
import type { ConnectionPool } from '../traffic/connection-pool';
import { connectionPoolFields, connectionPoolProblem } from '../traffic/connection-pool';
import type { OutlierDetection } from '../traffic/outlier-detection';
import { outlierDetectionFields, outlierDetectionProblem } from '../traffic/outlier-detection';
import { fail, refuse } from '../traffic/problem';
import type { RetryBudget } from '../traffic/retry-budget';
import { retryBudgetFields, retryBudgetProblem } from '../traffic/retry-budget';

/**
 * Properties of a CircuitBreakerPolicy.
 */
export interface CircuitBreakerPolicyProps extends PolicyOptions {
  /**
   * Limits on connections and requests.
   * @default - none
   */
  readonly connectionPool?: ConnectionPool;
  /**
   * When an endpoint is ejected.
   * @default - never
   */
  readonly outlierDetection?: OutlierDetection;
  /**
   * The maximum number of active retries, as a share of the active requests. Cannot be set for a port, and cannot be combined with policies
   * for a port, because Istio has no retry budget there.
   * @default - no budget, `connectionPool.maxRetries` applies
   */
  readonly retryBudget?: RetryBudget;
}

/**
 * A circuit breaker: limits that make requests fail fast, and outlier detection that ejects failing endpoints. Limits apply per calling
 * proxy and per cluster, and each port and subset of a service is a cluster. A subset or port inherits each field that it does not set.
 *
 * @see https://istio.io/latest/docs/tasks/traffic-management/circuit-breaking/
 * @see https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/circuit_breaking
 */
export class CircuitBreakerPolicy extends Construct {
  constructor(scope: Construct, id: string, props: CircuitBreakerPolicyProps) {
    super(scope, id);
    props = acceptedArgument('CircuitBreakerPolicy', props, this);
    const plan = ServicePlan.of(props.service, this);
    const { connectionPool, outlierDetection, retryBudget } = props;
    if (!connectionPool && !outlierDetection && !retryBudget) {
      fail(this, 'connectionPool, outlierDetection and retryBudget are all missing; set at least one');
    }
    if (retryBudget && props.port !== undefined) {
      fail(this, `retryBudget is set for port ${props.port}, and Istio has no retry budget for a port; set it for the service or a subset`);
    }
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
