import { Construct } from 'constructs';
import type { EgressTarget } from './egress-target';
import type { PolicyScope } from './policy-scope';
import { SidecarPlan } from '../plan/collect/sidecar-plan';
import type { OutboundTrafficMode } from '../traffic/outbound-traffic-mode';
import { fail, refuse } from '../traffic/problem';

/**
 * What workloads may call.
 */
export interface EgressPolicyProps {
  /** Whose calls. */
  readonly scope: PolicyScope;
  /**
   * What happens to calls to hosts that the registry does not know.
   * @default - what the wider scope says, else the mesh config
   */
  readonly mode?: OutboundTrafficMode;
  /**
   * The only services that the workloads know, beside those of their own and of the root namespace. All others count as unknown.
   * @default - what the wider scope says, else every service
   */
  readonly allow?: EgressTarget[];
  /**
   * The root namespace of the mesh.
   * @default 'istio-system'
   */
  readonly rootNamespace?: string;
  /**
   * The name of the Sidecar.
   * @default - `default`; for workloads the construct id in kebab-case
   */
  readonly name?: string;
}

/**
 * What workloads may call. All policies of one scope become one Sidecar: their modes have to agree, their lists are joined. A policy of a namespace
 * or workload keeps what the wider scopes state, which Istio itself would drop. Istio applies one Sidecar to a pod, so no pod may carry the
 * labels of two workload scopes. Gateways ignore it.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/sidecar/
 */
export class EgressPolicy extends Construct {
  constructor(scope: Construct, id: string, props: EgressPolicyProps) {
    super(scope, id);
    const rootNamespace = props.rootNamespace ?? 'istio-system';
    const resolved = props.scope._resolve(this, rootNamespace);
    refuse(this, ...(props.allow ?? []).map(target => target._problem()));
    if (props.mode === undefined && props.allow === undefined) fail(this, 'neither mode nor allow is stated; state one of them');
    if (props.allow?.length === 0) fail(this, 'allow is an empty list, which would say nothing; leave it out to allow every service, or name the own namespace');
    const plan = SidecarPlan.of(this, resolved, rootNamespace);
    plan.add(this.node.path, props.mode, props.allow?.flatMap(target => target._hosts()));
    plan.object.contribute(this, id, props.name);
  }
}
