import { sorted } from './sorted';

/** A set of proxies: all of the mesh, those of a namespace, those of the workloads with some labels, or those of a waypoint. */
export interface Scope {
  readonly kind: 'mesh' | 'namespace' | 'workload' | 'waypoint';
  readonly namespace: string;
  readonly labels?: { readonly [key: string]: string };
  /** The name of the waypoint. */
  readonly name?: string;
}

export function scopeKey(scope: Scope): string {
  if (scope.kind === 'waypoint') return `${scope.kind}/${scope.namespace}/${scope.name}`;
  return `${scope.kind}/${scope.namespace}/${JSON.stringify(sorted(scope.labels ?? {}))}`;
}

/** The name of a scope in messages. */
export function scopeName(scope: Scope): string {
  if (scope.kind === 'mesh') return 'the mesh';
  if (scope.kind === 'waypoint') return `the waypoint '${scope.name}' in namespace '${scope.namespace}'`;
  const labels = Object.entries(sorted(scope.labels ?? {})).map(([k, v]) => `${k}=${v}`).join(', ');
  return scope.kind === 'namespace' ? `namespace '${scope.namespace}'` : `workload ${labels} in namespace '${scope.namespace}'`;
}

/** Whether a selector may be about some pods: no label differs, and outside of their own namespace, a label is the same. */
export function maySelect({ namespace, labels = {} }: Scope, pods: Scope): boolean {
  const own = pods.labels ?? {};
  const shared = Object.keys(labels).filter(key => Object.hasOwn(own, key));
  return shared.every(key => labels[key] === own[key]) && (shared.length > 0 || namespace === pods.namespace);
}

export function selectorOf(scope: Scope): { [key: string]: string } | undefined {
  return scope.labels && sorted(scope.labels);
}

/** The fields of a policy that name its scope: a selector of pods, or a reference to the Gateway of a waypoint. */
export function scopeFields(scope: Scope): object {
  if (scope.kind === 'waypoint') return { targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: scope.name }] };
  const matchLabels = selectorOf(scope);
  return matchLabels ? { selector: { matchLabels } } : {};
}
