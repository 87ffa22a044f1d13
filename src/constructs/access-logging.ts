import { Construct } from 'constructs';
import type { PolicyScope } from './policy-scope';
import { TelemetryPlan } from '../plan/collect/telemetry-plan';
import { fail } from '../traffic/problem';

/** The side of a call. */
export enum WorkloadMode {
  /** Calls that the workload makes, and all that a gateway passes on. */
  CLIENT = 'CLIENT',
  /** Calls that the workload gets. */
  SERVER = 'SERVER',
  /** Both. */
  CLIENT_AND_SERVER = 'CLIENT_AND_SERVER',
}

/**
 * Which requests are logged, and where.
 */
export interface AccessLoggingProps {
  /** Whose requests. */
  readonly scope: PolicyScope;
  /**
   * The providers that get the log lines, by their names in the mesh config; `envoy` writes to the proxy's standard output. Those of a wider
   * scope that are not named here get none of the sides that this is about.
   * @default - envoy
   */
  readonly providers?: string[];
  /**
   * Switches logging off, for all providers, where a wider scope switches it on.
   * @default false
   */
  readonly disabled?: boolean;
  /**
   * A CEL expression: only requests that meet it are logged, such as `response.code >= 400`.
   * @default - every request
   */
  readonly filter?: string;
  /**
   * The side of a call that this is about. The other keeps what the wider scope says.
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
   * @default - `default`; for workloads the construct id in kebab-case
   */
  readonly name?: string;
}

/**
 * Access logs of the mesh, a namespace or a workload. With Tracing of the same scope it becomes one Telemetry.
 *
 * @see https://istio.io/latest/docs/tasks/observability/logs/telemetry-api/
 */
export class AccessLogging extends Construct {
  constructor(scope: Construct, id: string, props: AccessLoggingProps) {
    super(scope, id);
    const resolved = props.scope._resolve(this, props.rootNamespace ?? 'istio-system');
    // Named always: where the mesh config switches logging on, `disabled` and `filter` without providers do nothing.
    const providers = props.providers ?? ['envoy'];
    if (providers.length === 0 || providers.includes('')) fail(this, `providers is [${providers.map(p => `'${p}'`).join(', ')}]; name providers of the mesh config, such as 'envoy'`);
    if (props.filter !== undefined && props.filter.trim() === '') fail(this, 'filter is empty; state a CEL expression, or leave it out');
    if (props.disabled && props.filter !== undefined) fail(this, `filter '${props.filter}' is stated beside disabled, which logs nothing; leave one out`);
    const plan = TelemetryPlan.of(this, resolved);
    plan.add(this.node.path, 'accessLogging', {
      match: props.mode && { mode: props.mode },
      providers: providers.map(name => ({ name })),
      disabled: props.disabled,
      filter: props.filter === undefined ? undefined : { expression: props.filter },
    });
    plan.object.contribute(this, id, props.name);
  }
}
