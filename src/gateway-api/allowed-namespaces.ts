import type { Referents } from './referents';
import { matchesSelector } from './referents';
import type { AllowedListeners, AllowedRoutes } from '../manifest/gateway-api-specs.generated';

/** The namespaces whose routes a listener takes: `*` for all. */
export function routeNamespaces({ namespaces: { from, selector } = {} }: AllowedRoutes = {}, own: string, referents: Referents): string[] {
  if (from === undefined || from === 'Same') return [own];
  return from === 'All' || selector === undefined ? ['*'] : referents.namespacesOf(selector);
}

/** Whether a Gateway takes the ListenerSets of a namespace. */
export function takesListeners(
  { namespaces }: AllowedListeners = {}, { own, namespace }: { own: string; namespace: string }, referents: Referents,
): boolean {
  if (namespaces === undefined) return false;
  const { from, selector } = namespaces;
  if (from === 'All') return true;
  if (from === 'Same') return namespace === own;
  if (from === 'None' || selector === undefined) return false;
  const labels = referents.namespaceLabels(namespace);
  return labels !== undefined && matchesSelector(selector, labels);
}
