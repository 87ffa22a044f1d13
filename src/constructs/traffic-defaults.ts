import type { Duration } from 'cdk8s';
import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import type { PolicyScope } from './policy-scope';
import { AppState } from '../plan/collect/app-state';
import { DefaultsRegistry } from '../plan/collect/defaults-registry';
import type { DefaultsScope } from '../plan/model/defaults';
import { nearness } from '../plan/model/defaults';
import { acceptedArgument } from '../traffic/accepted';
import type { AccessLogs } from '../traffic/access-logs';
import { accessLogsProblem, istioAccessLogs } from '../traffic/access-logs';
import type { ConnectionPool } from '../traffic/connection-pool';
import { connectionPoolFields, connectionPoolProblem } from '../traffic/connection-pool';
import { DefaultPart } from '../traffic/default-part';
import { durationProblem, istioDuration } from '../traffic/duration';
import type { LoadBalancing } from '../traffic/load-balancer';
import { istioLoadBalancer, loadBalancerProblem } from '../traffic/load-balancer';
import type { OutlierDetection } from '../traffic/outlier-detection';
import { outlierDetectionFields, outlierDetectionProblem } from '../traffic/outlier-detection';
import { fail, refuse } from '../traffic/problem';
import type { Retries } from '../traffic/retry';
import { attemptProblem, istioRetries, retriesProblem } from '../traffic/retry';
import type { RetryBudget } from '../traffic/retry-budget';
import { retryBudgetFields, retryBudgetProblem } from '../traffic/retry-budget';

/**
 * Properties of TrafficDefaults.
 */
export interface TrafficDefaultsProps {
  /**
   * The services that take the defaults: `PolicyScope.mesh()`, all MeshServices of the App, or `PolicyScope.namespace()`, those in a
   * namespace.
   * @default - the MeshServices at or below the parent of this construct
   */
  readonly scope?: PolicyScope;
  /**
   * The timeout of a request, including retries. A RequestPolicy replaces it for the requests that it applies to.
   * @default - that of the wider scope, else no limit
   */
  readonly timeout?: Duration;
  /**
   * When and how often Envoy retries a failed request. The retries of a RequestPolicy replace it as a whole.
   * @default - those of the wider scope, else two retries of connection failures (istiod's default)
   */
  readonly retries?: Retries;
  /**
   * Limits on connections and requests. A CircuitBreakerPolicy replaces each field that it sets.
   * @default - those of the wider scope, else none
   */
  readonly connectionPool?: ConnectionPool;
  /**
   * When an endpoint is ejected. A CircuitBreakerPolicy replaces each field that it sets.
   * @default - that of the wider scope, else never
   */
  readonly outlierDetection?: OutlierDetection;
  /**
   * The maximum number of active retries. A CircuitBreakerPolicy replaces each field that it sets.
   * @default - that of the wider scope, else none
   */
  readonly retryBudget?: RetryBudget;
  /**
   * How callers distribute requests over the endpoints. A LoadBalancerPolicy replaces it as a whole.
   * @default - that of the wider scope, else LeastRequest
   */
  readonly loadBalancer?: LoadBalancing;
  /**
   * What is logged. An AccessLogging of the same mesh, namespace or pods replaces it as a whole. Without `scope`, it applies to the pods of
   * each service, whose selector is then required.
   * @default - that of the wider scope, else none
   */
  readonly accessLogging?: AccessLogs;
  /**
   * The parts of defaults of wider scopes that do not apply here.
   * @default - none
   */
  readonly without?: DefaultPart[];
  /**
   * The root namespace of the mesh. Requires `scope`.
   * @default - the root namespace in the facts of the MeshEnvironment, else istio-system
   */
  readonly rootNamespace?: string;
}

/**
 * Defaults that a platform team sets for the MeshServices of the mesh, of a namespace or of a construct tree. A statement about a service
 * replaces the default of the same field. Of two defaults, the nearer one applies: the tree before the namespace, the namespace before the
 * mesh, and of two trees the inner one. It is an error if two defaults of one level set the same field, or if defaults apply to no
 * service. The order of constructs has no effect. Services outside the mesh take no defaults.
 */
export class TrafficDefaults extends Construct {
  constructor(scope: Construct, id: string, props: TrafficDefaultsProps) {
    super(scope, id);
    props = acceptedArgument('TrafficDefaults', props, this);
    const { timeout, retries, connectionPool, outlierDetection, retryBudget, loadBalancer, accessLogging, without = [] } = props;
    const values = { timeout, retries, connectionPool, outlierDetection, retryBudget, loadBalancer, accessLogging };
    const stated = Object.values(DefaultPart).filter(part => values[part] !== undefined);
    if (stated.length === 0 && without.length === 0) {
      fail(this, `${Object.keys(values).join(', ')} and without are all missing; set at least one`);
    }
    refuse(this, durationProblem('timeout', timeout),
      retries && (retriesProblem(retries) ?? attemptProblem(retries, timeout)),
      connectionPool && connectionPoolProblem(connectionPool),
      outlierDetection && outlierDetectionProblem(outlierDetection),
      retryBudget && retryBudgetProblem(retryBudget),
      loadBalancer && loadBalancerProblem(loadBalancer),
      accessLogging && accessLogsProblem(accessLogging));
    const both = without.find(part => stated.includes(part));
    if (both !== undefined) fail(this, `without contains ${both}, which is also set; omit one of them`);
    if (props.scope === undefined && props.rootNamespace !== undefined) {
      fail(this, `rootNamespace '${props.rootNamespace}' has no effect without scope; omit it, or set \`scope\``);
    }
    const place = props.scope?._resolve(this, props.rootNamespace ?? AppState.of(this).rootNamespace);
    if (place?.kind === 'workload') {
      fail(this, 'scope is a workload; use PolicyScope.mesh() or PolicyScope.namespace(), '
        + 'or omit it for the services at or below the parent of this construct');
    }
    const of: DefaultsScope = place === undefined ? { kind: 'tree', path: scope.node.path, depth: scope.node.scopes.length }
      : place.kind === 'mesh' ? { kind: 'mesh' } : { kind: 'namespace', namespace: place.namespace };
    if (of.kind === 'mesh' && without.length > 0) {
      fail(this, 'without removes defaults of wider scopes, and no scope is wider than the mesh; omit it');
    }
    if (of.kind !== 'tree' && without.includes(DefaultPart.ACCESS_LOGGING)) {
      fail(this, `without cannot contain ${DefaultPart.ACCESS_LOGGING} for a namespace, whose pods inherit the logs of the mesh; `
        + 'use accessLogging: { disabled: true }');
    }
    if (place && accessLogging && !this.node.scopes.some(each => Chart.isChart(each))) {
      fail(this, 'accessLogging renders a Telemetry, and no chart contains this construct; create it in a chart');
    }
    const logs = accessLogging && istioAccessLogs(accessLogging);
    const registry = DefaultsRegistry.of(this);
    registry.add(this, {
      path: this.node.path,
      scope: of,
      requests: { ...timeout && { timeout: istioDuration(timeout) }, ...retries && { retries: istioRetries(retries) } },
      policies: {
        ...connectionPool && connectionPoolFields(connectionPool),
        ...outlierDetection && outlierDetectionFields(outlierDetection),
        ...retryBudget && retryBudgetFields(retryBudget),
        ...loadBalancer && { loadBalancer: istioLoadBalancer(loadBalancer) },
      },
      hashesRequests: loadBalancer?.consistentHash !== undefined && loadBalancer.consistentHash.kind !== 'sourceIp',
      logs,
      without,
    });
    if (place && logs) registry.addLogs(this, id, place, { path: this.node.path, nearness: nearness(of), value: logs });
  }
}
