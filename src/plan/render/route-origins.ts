import { meshEntries } from './virtual-service';
import type { CompiledService, ConnectionEntry, Entry } from '../model/compiled-service';
import type { CompiledDefault } from '../model/defaults';
import type { CompiledHost } from '../model/host-model';
import type { DefaultOrigin, ObjectOrigin } from '../model/object-origin';

/** The constructs that each route of the mesh VirtualService comes from. */
export function meshOrigin(service: CompiledService): ObjectOrigin {
  const { connections } = service.mesh;
  const named = !connections || connections.besideRequests ? meshEntries(service).map(({ entry, name }) => [name, pathsOf(entry)]) : [];
  return {
    routes: { ...Object.fromEntries(named), ...connectionPaths(connections?.entries ?? []) },
    defaults: defaultOrigins(service.defaults.filter(d => d.isOfRoutes)),
  };
}

/** The constructs behind a DestinationRule. */
export function ruleOrigin(service: CompiledService): ObjectOrigin {
  return { policies: service.policies.paths, defaults: defaultOrigins(service.defaults.filter(d => !d.isOfRoutes)) };
}

/** Defaults with the constructs that set and replace them. */
export function defaultOrigins(defaults: readonly CompiledDefault[]): DefaultOrigin[] {
  return defaults.map(({ field, path, replacedBy }) => ({ field, by: path, replacedBy: replacedBy.map(by => by.path + by.part) }));
}

/** The constructs that each route of a public host comes from. */
export function publicOrigin({ blocks, connections }: CompiledHost): ObjectOrigin {
  const named = blocks.flatMap(block => ('entries' in block ? block.entries.map(entry => [entry.name, pathsOf(entry)]) : []));
  return { routes: { ...Object.fromEntries(named), ...connectionPaths(connections) } };
}

function pathsOf({ route, cohort, split, decorations }: Entry): string[] {
  return [route.path, ...(cohort ? [cohort.path] : []), ...split, ...decorations.map(({ path }) => path)];
}

/** Routes of connections have no names in Istio, so their place identifies them. */
function connectionPaths(entries: readonly ConnectionEntry[]): NonNullable<ObjectOrigin['routes']> {
  const places = { tcp: 0, tls: 0 };
  return Object.fromEntries(entries.map(({ protocol, paths }) => [`${protocol}[${places[protocol]++}]`, paths]));
}
