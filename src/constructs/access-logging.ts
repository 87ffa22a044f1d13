import { Construct } from 'constructs';
import type { PolicyScope } from './policy-scope';
import { AppState } from '../plan/collect/app-state';
import { TelemetryPlan } from '../plan/collect/telemetry-plan';
import { acceptedArgument } from '../traffic/accepted';
import type { AccessLogs } from '../traffic/access-logs';
import { accessLogsProblem, istioAccessLogs } from '../traffic/access-logs';
import { refuse } from '../traffic/problem';

/**
 * Properties of AccessLogging.
 */
export interface AccessLoggingProps extends AccessLogs {
  /** The proxies that the policy applies to. */
  readonly scope: PolicyScope;
  /**
   * The root namespace of the mesh.
   * @default - the root namespace in the facts of the MeshEnvironment, else istio-system
   */
  readonly rootNamespace?: string;
  /**
   * The name of the Telemetry.
   * @default - `default`; for workloads the path of the construct below the chart in kebab-case
   */
  readonly name?: string;
}

/**
 * Access logs of the mesh, a namespace or a workload. All AccessLogging and Tracing constructs of one scope become one Telemetry.
 *
 * @see https://istio.io/latest/docs/tasks/observability/logs/telemetry-api/
 */
export class AccessLogging extends Construct {
  constructor(scope: Construct, id: string, props: AccessLoggingProps) {
    super(scope, id);
    props = acceptedArgument('AccessLogging', props, this);
    const resolved = props.scope._resolve(this, props.rootNamespace ?? AppState.of(this).rootNamespace);
    refuse(this, accessLogsProblem(props));
    const plan = TelemetryPlan.of(this, resolved);
    plan.add(this.node.path, 'accessLogging', istioAccessLogs(props));
    plan.object.contribute(this, props.name, 'accessLogging');
  }
}
