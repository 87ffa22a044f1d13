import { sorted } from './sorted';

/** Proxies: of the mesh, of a namespace, or of the workloads with some labels. */
export interface Scope {
  readonly kind: 'mesh' | 'namespace' | 'workload';
  readonly namespace: string;
  readonly labels?: { readonly [key: string]: string };
}

export function scopeKey(scope: Scope): string {
  return `${scope.kind}/${scope.namespace}/${JSON.stringify(sorted(scope.labels ?? {}))}`;
}

/** How messages name a scope. */
export function scopeName(scope: Scope): string {
  if (scope.kind === 'mesh') return 'the mesh';
  const labels = Object.entries(sorted(scope.labels ?? {})).map(([k, v]) => `${k}=${v}`).join(', ');
  return scope.kind === 'namespace' ? `namespace '${scope.namespace}'` : `workload ${labels} in namespace '${scope.namespace}'`;
}

export function selectorOf(scope: Scope): { [key: string]: string } | undefined {
  return scope.labels && sorted(scope.labels);
}
