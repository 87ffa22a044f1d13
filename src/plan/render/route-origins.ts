import { meshEntries } from './virtual-service';
import type { CompiledService, ConnectionEntry, Entry } from '../model/compiled-service';
import type { CompiledHost } from '../model/host-model';
import type { ObjectOrigin } from '../model/object-origin';

/** The constructs that each route of the mesh VirtualService comes from. */
export function meshOrigin(service: CompiledService): ObjectOrigin {
  const { connections } = service.mesh;
  const named = !connections || connections.besideRequests ? meshEntries(service).map(({ entry, name }) => [name, pathsOf(entry)]) : [];
  return { routes: { ...Object.fromEntries(named), ...connectionPaths(connections?.entries ?? []) } };
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
