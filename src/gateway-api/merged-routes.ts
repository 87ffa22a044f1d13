import type { GeneratedVirtualService } from './converted';
import { generated } from './converted';
import { sorted } from './route-order';
import type { HttpPart, OnEntry } from './virtual-services';
import { annotationsOf } from './virtual-services';
import { addToGroup } from '../manifest/group-by';
import { byAgeAndNamespace } from '../manifest/kubernetes-object';

/**
 * The VirtualServices of HTTPRoutes and GRPCRoutes: one for each host of a listener, and for each host of a service and namespace of
 * routes. The oldest route comes first, and entries win by precedence.
 */
export function mergedVirtualServices(parts: readonly HttpPart[], onEntry: OnEntry): GeneratedVirtualService[] {
  const byKey = new Map<string, HttpPart[]>();
  for (const part of parts) addToGroup(byKey, part.key, part);
  return [...byKey].map(([key, group]) => merged(key, [...group].sort(byRoute), onEntry));
}

/** istiod keeps one part of each name. A GRPCRoute loses its parts to an HTTPRoute of the same name, whatever their hosts. */
export function withoutNamesakes(parts: readonly HttpPart[]): { readonly kept: readonly HttpPart[]; readonly hidden: readonly HttpPart[] } {
  const first = new Map<string, HttpPart>();
  for (const part of parts) {
    const key = `${part.route.metadata.namespace ?? ''}/${part.name}`;
    if (!first.has(key)) first.set(key, part);
  }
  const kept = new Set(first.values());
  return { kept: [...kept], hidden: parts.filter(part => !kept.has(part)) };
}

/** istiod compares the names that it gives to the parts before it merges them. */
function byRoute(a: HttpPart, b: HttpPart): number {
  return byAgeAndNamespace(named(a), named(b));
}

function named({ route, name }: HttpPart) {
  return { ...route, metadata: { ...route.metadata, name } };
}

function merged(key: string, parts: readonly HttpPart[], onEntry: OnEntry): GeneratedVirtualService {
  const [{ route, host, gatewayName }] = parts;
  // Several VirtualServices may share an entry, so that each has a copy.
  const all = sorted(parts.flatMap(part => part.entries.map(({ entry, path }) => ({ entry: { ...entry }, path, route: part.route }))));
  for (const each of all) onEntry(each.entry, each.route, each);
  return generated('VirtualService', {
    name: key.replaceAll('/', '~'),
    spec: { hosts: [host], gateways: [gatewayName], http: all.map(({ entry }) => entry) },
    from: route,
    annotations: annotationsOf(parts.map(part => part.route)),
  });
}
