import { Construct } from 'constructs';
import type { PolicyScope } from './policy-scope';
import { ScopedAccessPlan } from '../plan/collect/scoped-access-plan';
import type { MutualTlsMode } from '../traffic/mutual-tls-mode';
import { fail } from '../traffic/problem';

/**
 * What holds where no WorkloadAccess of a service says otherwise.
 */
export interface AccessPolicyProps {
  /** Whose pods: those of the mesh or of a namespace. For single workloads use WorkloadAccess. */
  readonly scope: PolicyScope;
  /**
   * Whether callers have to use mutual TLS.
   * @default - what the wider scope says, else PERMISSIVE
   */
  readonly mode?: MutualTlsMode;
  /**
   * Let nobody call, except whom a WorkloadAccess of the called service names. Holds for gateways in the scope too.
   * @default false
   */
  readonly denyByDefault?: boolean;
  /**
   * The root namespace of the mesh.
   * @default 'istio-system'
   */
  readonly rootNamespace?: string;
  /**
   * The name of the PeerAuthentication and the AuthorizationPolicy.
   * @default 'default'
   */
  readonly name?: string;
}

/**
 * Mutual TLS and deny-by-default for the mesh or a namespace. All AccessPolicies of one scope become one PeerAuthentication and one
 * AuthorizationPolicy; their modes have to agree.
 *
 * @see https://istio.io/latest/docs/reference/config/security/peer_authentication/
 * @see https://istio.io/latest/docs/ops/best-practices/security/#use-default-deny-patterns
 */
export class AccessPolicy extends Construct {
  constructor(scope: Construct, id: string, props: AccessPolicyProps) {
    super(scope, id);
    const resolved = props.scope._resolve(this, props.rootNamespace ?? 'istio-system');
    if (resolved.kind === 'workload') fail(this, 'the scope is a workload; state who may call it by a WorkloadAccess of its service');
    if (props.mode === undefined && !props.denyByDefault) fail(this, 'neither mode nor denyByDefault is stated; state one of them');
    const plan = ScopedAccessPlan.of(this, resolved);
    if (props.mode !== undefined) {
      plan.addMode(this.node.path, props.mode);
      plan.peers.contribute(this, id, props.name);
    }
    if (props.denyByDefault) {
      plan.deny(this.node.path);
      plan.authorization.contribute(this, id, props.name);
    }
  }
}
