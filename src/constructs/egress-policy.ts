import { Construct } from 'constructs';
import type { EgressTarget } from './egress-target';
import type { PolicyScope } from './policy-scope';
import { AppState } from '../plan/collect/app-state';
import { SidecarPlan } from '../plan/collect/sidecar-plan';
import { acceptedArgument } from '../traffic/accepted';
import type { OutboundTrafficMode } from '../traffic/outbound-traffic-mode';
import { fail, refuse } from '../traffic/problem';

/**
 * Properties of an EgressPolicy.
 */
export interface EgressPolicyProps {
  /** The workloads that the policy applies to. */
  readonly scope: PolicyScope;
  /**
   * What happens to calls to hosts outside the registry.
   * @default - the value of the wider scope, else that in MeshConfig
   */
  readonly mode?: OutboundTrafficMode;
  /**
   * The services that the workloads can see, in addition to those in their own and the root namespace. All other services are unknown.
   * @default - the list of the wider scope, else every service
   */
  readonly allow?: EgressTarget[];
  /**
   * The root namespace of the mesh.
   * @default - the root namespace in the facts of the MeshEnvironment, else istio-system
   */
  readonly rootNamespace?: string;
  /**
   * The name of the Sidecar.
   * @default - `default`; for workloads the path of the construct below the chart in kebab-case
   */
  readonly name?: string;
}

/**
 * Sets what workloads may call. All EgressPolicy constructs of one scope become one Sidecar: their modes must be equal, and their lists are
 * joined. A policy for a namespace or workload repeats what the wider scopes set, which Istio would otherwise drop. Istio applies one
 * Sidecar to a pod, so two workload scopes must not select the same pod. It does not apply to gateways.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/sidecar/
 */
export class EgressPolicy extends Construct {
  constructor(scope: Construct, id: string, props: EgressPolicyProps) {
    super(scope, id);
    props = acceptedArgument('EgressPolicy', props, this);
    const rootNamespace = props.rootNamespace ?? AppState.of(this).rootNamespace;
    const resolved = props.scope._resolve(this, rootNamespace);
    for (const target of props.allow ?? []) target._refuseOtherApp(this);
    refuse(this, ...(props.allow ?? []).map(target => target._problem()));
    if (props.mode === undefined && props.allow === undefined) fail(this, 'mode and allow are both missing; set at least one');
    if (props.allow?.length === 0) {
      fail(this, 'allow is an empty list, which has no effect; omit it to allow every service, or add the namespace of the workloads');
    }
    const plan = SidecarPlan.of(this, resolved, rootNamespace);
    plan.add(this.node.path, props.mode, props.allow?.flatMap(target => target._hosts()));
    plan.object.contribute(this, props.name);
  }
}
