import { Construct } from 'constructs';
import { isStated, refuseLocalCallers, refuseUnknownPorts, ruleOf } from './access-rule';
import type { AccessStatementProps } from './access-statement';
import type { PolicyScope } from './policy-scope';
import { AppState } from '../plan/collect/app-state';
import { ScopedAccessPlan } from '../plan/collect/scoped-access-plan';
import { scopeName } from '../plan/model/scope';
import { acceptedArgument } from '../traffic/accepted';
import type { MutualTlsMode } from '../traffic/mutual-tls-mode';
import { fail } from '../traffic/problem';

/**
 * Properties of an AccessPolicy.
 */
export interface AccessPolicyProps extends AccessStatementProps {
  /** What the policy applies to: the pods of the mesh or of a namespace, or a waypoint. For single workloads, use WorkloadAccess. */
  readonly scope: PolicyScope;
  /**
   * Whether callers must use mutual TLS. Not for waypoints.
   * @default - the mode of the wider scope, else PERMISSIVE
   */
  readonly mode?: MutualTlsMode;
  /**
   * Deny all callers, except those that a WorkloadAccess of the called service, or an AccessPolicy of the scope, allows. Also applies to
   * gateways in the scope. To allow callers of all pods, such as an ingress gateway or a monitoring system, list them in `callers`. At a
   * waypoint, only an AccessPolicy of the waypoint allows callers.
   * @default false
   */
  readonly denyByDefault?: boolean;
  /**
   * The root namespace of the mesh.
   * @default - the root namespace in the facts of the MeshEnvironment, else istio-system
   */
  readonly rootNamespace?: string;
  /**
   * The name of the PeerAuthentication and the AuthorizationPolicy. An AuthorizationPolicy that denies has the suffix `.deny`, and one that
   * asks an external authorizer has `.custom`.
   * @default 'default', for a waypoint the name of the waypoint
   */
  readonly name?: string;
}

/**
 * Mutual TLS, deny-by-default, and who may call, for the mesh or a namespace; and who may call the services of a waypoint. All AccessPolicy
 * constructs of one scope become one PeerAuthentication, and one AuthorizationPolicy per action. Their modes must be equal.
 *
 * @see https://istio.io/latest/docs/reference/config/security/peer_authentication/
 * @see https://istio.io/latest/docs/ops/best-practices/security/#use-default-deny-patterns
 */
export class AccessPolicy extends Construct {
  constructor(scope: Construct, id: string, props: AccessPolicyProps) {
    super(scope, id);
    props = acceptedArgument('AccessPolicy', props, this);
    const { mode, denyByDefault = false, name } = props;
    const resolved = props.scope._resolveTarget(this, props.rootNamespace ?? AppState.of(this).rootNamespace);
    if (resolved.kind === 'workload') fail(this, 'the scope is a workload; use a WorkloadAccess of its service instead');
    if (resolved.kind === 'waypoint' && mode !== undefined) {
      fail(this, `mode is set for ${scopeName(resolved)}, and no PeerAuthentication applies to waypoints; set the mode of a namespace`);
    }
    const { dryRun = false } = props;
    const states = isStated(props);
    if (mode === undefined && !denyByDefault && !states) fail(this, 'mode and denyByDefault are both missing; set at least one');
    if (dryRun && mode !== undefined) {
      fail(this, 'dryRun is set with mode, and Istio cannot try a mode; set the mode in another AccessPolicy');
    }
    const plan = ScopedAccessPlan.of(this, resolved);
    if (states) {
      refuseUnknownPorts(this, props, resolved.kind === 'waypoint' ? 'the services that the waypoint serves' : undefined);
      if (resolved.kind === 'mesh') refuseLocalCallers(this, props, 'the mesh');
    }
    const rule = states ? ruleOf(this, props, { namespace: resolved.namespace }) : undefined;
    if (mode !== undefined) {
      plan.addMode(this.node.path, mode);
      plan.peers.contribute(this, name);
    }
    if (denyByDefault) plan.deny(this, name, dryRun);
    if (rule) plan.addRule(this, rule, name);
  }
}
