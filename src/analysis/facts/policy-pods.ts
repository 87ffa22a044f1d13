import type { Workload } from './workloads';
import type { AuthorizationPolicy } from '../../envoy/access/authorization-policies';
import { addToGroup, groupBy } from '../../manifest/group-by';
import type { Labels } from '../../manifest/labels';
import type { ManifestOf } from '../../manifest/manifest';
import type { TrafficIndex } from '../traffic-index';

type RequestAuthentication = ManifestOf<'RequestAuthentication'>;

/** A policy that selects pods by labels, or names what it is for. */
export type PodPolicy = AuthorizationPolicy | RequestAuthentication | ManifestOf<'PeerAuthentication'>;

/** The labels that a policy selects. An empty object selects all pods of its scope. */
export function selectorOf({ spec }: PodPolicy): Labels {
  return spec?.selector?.matchLabels ?? {};
}

/** Whether a policy names its targets, such as a Gateway or a Service, and so selects no pods by labels. */
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

/** The AuthorizationPolicies that apply to the pods of a proxy. */
export function policiesOf(pod: Workload, index: TrafficIndex): readonly AuthorizationPolicy[] {
  return attachedTo(pod, index.memo(authorizationsByReach), index);
}

/** The RequestAuthentications that apply to the pods of a proxy. */
export function tokenPoliciesOf(pod: Workload, index: TrafficIndex): readonly RequestAuthentication[] {
  return attachedTo(pod, index.memo(authenticationsByReach), index);
}

/** Policies for all pods of a namespace or of the mesh, and those that select pods. */
interface ByReach<P> {
  readonly wide: ReadonlyMap<string, readonly P[]>;
  readonly selecting: ReadonlyMap<Workload, readonly P[]>;
}

function authorizationsByReach(index: TrafficIndex): ByReach<AuthorizationPolicy> {
  return byReach(index.of('AuthorizationPolicy'), index);
}

function authenticationsByReach(index: TrafficIndex): ByReach<RequestAuthentication> {
  return byReach(index.of('RequestAuthentication'), index);
}

function byReach<P extends PodPolicy>(policies: readonly P[], index: TrafficIndex): ByReach<P> {
  const attached = policies.filter(policy => !namesTarget(policy));
  const selecting = new Map<Workload, P[]>();
  for (const policy of attached) {
    if (!isWide(policy)) for (const pod of podsOfPolicy(policy, index)) addToGroup(selecting, pod, policy);
  }
  return { wide: groupBy(attached.filter(isWide), policy => index.namespaceOf(policy)), selecting };
}

/** Whether a policy selects all pods of its scope. */
export function isWide(policy: PodPolicy): boolean {
  return Object.keys(selectorOf(policy)).length === 0;
}

function attachedTo<P>(pod: Workload, { wide, selecting }: ByReach<P>, index: TrafficIndex): readonly P[] {
  const namespaces = new Set([index.meshConfig.rootNamespace, pod.namespace]);
  return [...[...namespaces].flatMap(namespace => wide.get(namespace) ?? []), ...selecting.get(pod) ?? []];
}
