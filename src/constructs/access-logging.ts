import { Construct } from 'constructs';
import type { PolicyScope } from './policy-scope';
import { TelemetryPlan } from '../plan/collect/telemetry-plan';
import { accepted } from '../traffic/accepted';
import { celRuntimeObjection } from '../traffic/cel-runtime';
import { objectionProblem } from '../traffic/objection';
import { fail, refuse } from '../traffic/problem';

/** The side of a call that a policy applies to. */
export enum WorkloadMode {
  /** Outgoing calls of a workload, and all calls through a gateway. */
  CLIENT = 'CLIENT',
  /** Incoming calls of a workload. */
  SERVER = 'SERVER',
  /** Both sides. */
  CLIENT_AND_SERVER = 'CLIENT_AND_SERVER',
}

/**
 * Properties of AccessLogging.
 */
export interface AccessLoggingProps {
  /** The proxies that the policy applies to. */
  readonly scope: PolicyScope;
  /**
   * The providers that receive the log lines, by name in MeshConfig. `envoy` writes to the standard output of the proxy. The list replaces
   * the providers of the wider scope for the sides in `mode`.
   * @default - envoy
   */
  readonly providers?: string[];
  /**
   * Disables the logs that a wider scope enables, for all providers.
   * @default false
   */
  readonly disabled?: boolean;
  /**
   * A CEL expression. Only requests for which it is true are logged, such as `response.code >= 400`.
   * @default - every request
   */
  readonly filter?: string;
  /**
   * The side of a call that is logged. The other side keeps the settings of the wider scope.
   * @default WorkloadMode.CLIENT_AND_SERVER
   */
  readonly mode?: WorkloadMode;
  /**
   * The root namespace of the mesh.
   * @default 'istio-system'
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
    [props] = accepted('AccessLogging', [props], this);
    const resolved = props.scope._resolve(this, props.rootNamespace ?? 'istio-system');
    // Always rendered: if MeshConfig enables logging, `disabled` and `filter` without providers have no effect.
    const providers = props.providers ?? ['envoy'];
    if (providers.length === 0 || providers.includes('')) {
      fail(this, `providers is [${providers.map(p => `'${p}'`).join(', ')}]; use names of providers in MeshConfig, such as 'envoy'`);
    }
    if (props.filter !== undefined) refuse(this, objectionProblem('filter', celRuntimeObjection(props.filter)));
    if (props.disabled && props.filter !== undefined) {
      fail(this, `filter '${props.filter}' is set together with disabled, which logs nothing; omit one of them`);
    }
    const plan = TelemetryPlan.of(this, resolved);
    plan.add(this.node.path, 'accessLogging', {
      match: props.mode && { mode: props.mode },
      providers: providers.map(name => ({ name })),
      disabled: props.disabled,
      filter: props.filter === undefined ? undefined : { expression: props.filter },
    });
    plan.object.contribute(this, props.name);
  }
}
