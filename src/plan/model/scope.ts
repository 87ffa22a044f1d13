import { sorted } from './sorted';

/** A set of proxies: all of the mesh, those of a namespace, or those of the workloads with some labels. */
export interface Scope {
  readonly kind: 'mesh' | 'namespace' | 'workload';
  readonly namespace: string;
  readonly labels?: { readonly [key: string]: string };
}

export function scopeKey(scope: Scope): string {
  return `${scope.kind}/${scope.namespace}/${JSON.stringify(sorted(scope.labels ?? {}))}`;
}

/** The name of a scope in messages. */
export function scopeName(scope: Scope): string {
  if (scope.kind === 'mesh') return 'the mesh';
  const labels = Object.entries(sorted(scope.labels ?? {})).map(([k, v]) => `${k}=${v}`).join(', ');
  return scope.kind === 'namespace' ? `namespace '${scope.namespace}'` : `workload ${labels} in namespace '${scope.namespace}'`;
}

export function selectorOf(scope: Scope): { [key: string]: string } | undefined {
  return scope.labels && sorted(scope.labels);
}
