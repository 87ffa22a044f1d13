import { celFilterObjection } from './cel-runtime';
import { objectionProblem } from './objection';
import type { Problem } from './problem';

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
 * What is logged about requests and connections.
 *
 * @see https://istio.io/latest/docs/reference/config/telemetry/#AccessLogging
 */
export interface AccessLogs {
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
}

/** The providers that are always rendered: if MeshConfig enables logs, `disabled` and `filter` without providers have no effect. */
const PROVIDERS = ['envoy'];

/** The problem of access logs. */
export function accessLogsProblem({ providers = PROVIDERS, disabled, filter }: AccessLogs): Problem {
  if (providers.length === 0 || providers.includes('')) {
    return `providers is [${providers.map(p => `'${p}'`).join(', ')}]; use names of providers in MeshConfig, such as 'envoy'`;
  }
  const problem = filter === undefined ? undefined : objectionProblem('filter', celFilterObjection(filter));
  if (problem !== undefined) return problem;
  return disabled === true && filter !== undefined
    ? `filter '${filter}' is set together with disabled, which logs nothing; omit one of them` : undefined;
}

/** Access logs in Istio's form. */
export function istioAccessLogs({ providers = PROVIDERS, disabled, filter, mode }: AccessLogs): object {
  return {
    match: mode && { mode },
    providers: providers.map(name => ({ name })),
    disabled,
    filter: filter === undefined ? undefined : { expression: filter },
  };
}
