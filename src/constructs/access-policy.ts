import { Construct } from 'constructs';
import type { PolicyScope } from './policy-scope';
import { AppState } from '../plan/collect/app-state';
import { ScopedAccessPlan } from '../plan/collect/scoped-access-plan';
import { accepted } from '../traffic/accepted';
import type { MutualTlsMode } from '../traffic/mutual-tls-mode';
import { fail } from '../traffic/problem';

/**
 * Properties of an AccessPolicy.
 */
export interface AccessPolicyProps {
  /** The pods that the policy applies to: those of the mesh or of a namespace. For single workloads, use WorkloadAccess. */
  readonly scope: PolicyScope;
  /**
   * Whether callers must use mutual TLS.
   * @default - the mode of the wider scope, else PERMISSIVE
   */
  readonly mode?: MutualTlsMode;
  /**
   * Deny all callers, except those that a WorkloadAccess of the called service allows. Also applies to gateways in the scope.
   * @default false
   */
  readonly denyByDefault?: boolean;
  /**
   * The root namespace of the mesh.
   * @default - the root namespace in the facts of the MeshEnvironment, else istio-system
   */
  readonly rootNamespace?: string;
  /**
   * The name of the PeerAuthentication and the AuthorizationPolicy.
   * @default 'default'
   */
  readonly name?: string;
}

/**
 * Mutual TLS and deny-by-default for the mesh or a namespace. All AccessPolicy constructs of one scope become one PeerAuthentication and
 * one AuthorizationPolicy. Their modes must be equal.
 *
 * @see https://istio.io/latest/docs/reference/config/security/peer_authentication/
 * @see https://istio.io/latest/docs/ops/best-practices/security/#use-default-deny-patterns
 */
export class AccessPolicy extends Construct {
  constructor(scope: Construct, id: string, props: AccessPolicyProps) {
    super(scope, id);
    [props] = accepted('AccessPolicy', [props], this);
    const resolved = props.scope._resolve(this, props.rootNamespace ?? AppState.of(this).rootNamespace);
    if (resolved.kind === 'workload') fail(this, 'the scope is a workload; use a WorkloadAccess of its service instead');
    if (props.mode === undefined && !props.denyByDefault) fail(this, 'mode and denyByDefault are both missing; set at least one');
    const plan = ScopedAccessPlan.of(this, resolved);
    if (props.mode !== undefined) {
      plan.addMode(this.node.path, props.mode);
      plan.peers.contribute(this, props.name);
    }
    if (props.denyByDefault) {
      plan.deny(this.node.path);
      plan.authorization.contribute(this, props.name);
    }
  }
}
