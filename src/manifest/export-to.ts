/** The namespaces that see an object: all, or these. */
export type ExportTo = 'all' | ReadonlySet<string>;

/**
 * Reads `exportTo`: `*` includes all others, `.` is the object's own namespace, `~` is none. If it is not set, the mesh's default applies.
 */
export function exportTo(stated: readonly string[] | undefined, namespace: string, byDefault: readonly string[]): ExportTo {
  const scopes = stated === undefined || stated.length === 0 ? byDefault : stated;
  if (scopes.includes('*')) return 'all';
  return new Set(scopes.filter(scope => scope !== '~').map(scope => (scope === '.' ? namespace : scope)));
}

export function isVisible(visibility: ExportTo, namespace: string): boolean {
  return visibility === 'all' || visibility.has(namespace);
}
