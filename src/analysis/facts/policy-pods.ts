import type { Workload } from './workloads';
import type { AuthorizationPolicy } from '../../envoy/access/authorization-policies';
import { addToGroup, groupBy } from '../../manifest/group-by';
import type { Labels } from '../../manifest/labels';
import type { ManifestOf } from '../../manifest/manifest';
import type { TrafficIndex } from '../traffic-index';

/** A policy that selects pods by labels, or names what it is for. */
export type PodPolicy = AuthorizationPolicy | ManifestOf<'RequestAuthentication'> | ManifestOf<'PeerAuthentication'>;

/** The labels that a policy selects. An empty object selects all pods of its scope. */
export function selectorOf({ spec }: PodPolicy): Labels {
  return spec?.selector?.matchLabels ?? {};
}

/** Whether a policy names what it is for, such as a Gateway or a Service, so that it applies to no pod by labels. */
export function namesTarget({ spec = {} }: PodPolicy): boolean {
  return ('targetRef' in spec && spec.targetRef !== undefined) || ('targetRefs' in spec && (spec.targetRefs ?? []).length > 0);
}

/** The namespace whose pods a policy applies to; undefined for one of the root namespace, which applies to all. */
export function scopeOf(policy: PodPolicy, index: TrafficIndex): string | undefined {
  const namespace = index.namespaceOf(policy);
  return namespace === index.meshConfig.rootNamespace ? undefined : namespace;
}

/** The pods that a policy selects. Policies without a selector share one list per namespace. */
export function podsOfPolicy(policy: PodPolicy, index: TrafficIndex): readonly Workload[] {
  return index.memoOf(policy, findPods);
}

function findPods(policy: PodPolicy, index: TrafficIndex): readonly Workload[] {
  if (namesTarget(policy)) return [];
  const [selector, scope] = [selectorOf(policy), scopeOf(policy, index)];
  if (Object.keys(selector).length > 0) return index.workloads.selectedBy(selector, scope);
  return scope === undefined ? index.workloads.all : index.workloads.in(scope);
}

/** The AuthorizationPolicies that apply to the pods of a sidecar. */
export function policiesOf(pod: Workload, index: TrafficIndex): readonly AuthorizationPolicy[] {
  const { wide, selecting } = index.memo(policiesByReach);
  const namespaces = new Set([index.meshConfig.rootNamespace, pod.namespace]);
  return [...[...namespaces].flatMap(namespace => wide.get(namespace) ?? []), ...selecting.get(pod) ?? []];
}

/** Policies for all pods of a namespace or of the mesh, and those that select pods. */
function policiesByReach(index: TrafficIndex) {
  const attached = index.of('AuthorizationPolicy').filter(policy => !namesTarget(policy));
  const isWide = (policy: AuthorizationPolicy) => Object.keys(selectorOf(policy)).length === 0;
  const selecting = new Map<Workload, AuthorizationPolicy[]>();
  for (const policy of attached) {
    if (!isWide(policy)) for (const pod of podsOfPolicy(policy, index)) addToGroup(selecting, pod, policy);
  }
  return { wide: groupBy(attached.filter(isWide), policy => index.namespaceOf(policy)), selecting };
}
