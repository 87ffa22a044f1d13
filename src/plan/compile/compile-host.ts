import { hostCookieErrors } from './cookie-checks';
import { loopErrors } from './redirect-checks';
import { sizeErrors } from './service-checks';
import type { MatchTerm } from '../../manifest/condition';
import type { ConnectionEntry, Entry } from '../model/compiled-service';
import type { Handover } from '../model/exposure';
import { segmentOf } from '../model/exposure';
import type { Block, CompiledHost, ExposedService, HostModel } from '../model/host-model';
import type { Statement } from '../model/statements';

/** A part of a host by its path segment: an exposed service or a delegation. */
type Part = { readonly segment: string } & ({ readonly exposed: ExposedService } | { readonly handover: Handover });

/** Compiles a public host: the entries of its services in order, and all errors of the host as a whole. */
export function compileHost(model: HostModel): CompiledHost {
  const { audience: { host, path }, exposures, handovers, connections } = model;
  const errors: string[] = [];
  if (exposures.length + handovers.length + connections.length === 0) {
    errors.push(
      `${path}: no service is exposed via ${host}, so it would respond with 404; call exposeVia() on a service, or remove the host`,
    );
  }
  errors.push(
    ...sizeErrors(
      `${path}: the VirtualService of ${host}`,
      exposures.reduce((sum, exposed) => sum + entriesOf(exposed).length, 0),
    ),
  );
  const entries = exposures.flatMap(entriesOf);
  errors.push(...hostCookieErrors(host, entries, exposures.map(({ service }) => service)));
  const parts = inOrderOfPaths(model);
  if (exposures.every(({ service }) => service.errors.length === 0)) errors.push(...lostErrors(model, parts));
  // What other namespaces do with the paths that they get is not known.
  if (handovers.length === 0) errors.push(...loopErrors(host, parts.flatMap(part => ('exposed' in part ? entriesOf(part.exposed) : []))));
  return { host, blocks: blocksOf(parts), connections: connectionsOf(model), errors };
}

/** The parts of a host, the narrower path first. */
function inOrderOfPaths({ exposures, handovers }: HostModel): readonly Part[] {
  const parts: Part[] = [
    ...exposures.map(exposed => ({ segment: segmentOf(exposed.exposure), exposed })),
    ...handovers.map(handover => ({ segment: segmentOf(handover), handover })),
  ];
  return parts.sort((a, b) => b.segment.length - a.segment.length || (a.segment < b.segment ? -1 : 1));
}

/** The entries of a service for the requests of an exposure. */
export function entriesOf({ exposure, service }: ExposedService): readonly Entry[] {
  return service.exposed.get(exposure)!.entries;
}

function connectionsOf({ connections }: HostModel): readonly ConnectionEntry[] {
  return [...connections].sort((a, b) => a.exposure.listener! - b.exposure.listener!)
    .flatMap(({ exposure, service }) => service.exposedConnections.get(exposure)!);
}

/** The parts as blocks of routes, each route prefixed with the name of its service. */
function blocksOf(parts: readonly Part[]): readonly Block[] {
  const names = namesOf(parts);
  return parts.map((part): Block => {
    if ('handover' in part) return part;
    const { exposure, service } = part.exposed;
    return {
      port: exposure.port ?? service.httpPorts[0],
      entries: entriesOf(part.exposed).map(entry => ({ ...entry, name: `${names.get(part)}.${entry.name}` })),
    };
  });
}

/**
 * The prefix of each service: its name, plus its path if the host has several services with that name, plus a number if two are still
 * equal.
 */
function namesOf(parts: readonly Part[]): ReadonlyMap<Part, string> {
  const services = parts.flatMap(part => ('exposed' in part ? [{ part, service: part.exposed.service.host.split('.')[0] }] : []));
  const count = new Map<string, number>();
  for (const { service } of services) count.set(service, (count.get(service) ?? 0) + 1);
  const names = new Map<Part, string>();
  const taken = new Set<string>();
  for (const { part, service } of services) {
    const path = part.segment.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '');
    const base = count.get(service) === 1 || path === '' ? service : `${service}-${path}`;
    let name = base;
    for (let n = 2; taken.has(name); n++) name = `${base}-${n}`;
    taken.add(name);
    names.set(part, name);
  }
  return names;
}

/** Statements with this host in `audiences` whose path is routed to another service. */
function lostErrors({ audience }: HostModel, parts: readonly Part[]): string[] {
  const bySegment = new Map(parts.map(part => [part.segment, part]));
  const found = new Map<Statement, string | undefined>();
  for (const part of parts) {
    if ('handover' in part) continue;
    for (const { route, cohort, terms } of entriesOf(part.exposed)) {
      const naming = [route, cohort].filter(statement => statement?.audiences?.includes(audience)) as Statement[];
      if (naming.length === 0) continue;
      const takers = terms.map(term => takerOf(term, part, bySegment));
      const error = takers.includes(undefined) ? undefined : takers[0];
      for (const statement of naming) if (!found.has(statement) || found.get(statement)) found.set(statement, error);
    }
  }
  return [...found].flatMap(([statement, error]) => (error === undefined ? []
    : [`${statement.path} gets no request of ${audience.host}: ${error}; change its match, or its audiences`]));
}

/** The narrower path of the host that matches all requests of a term first, in words. */
function takerOf({ uri }: MatchTerm, { segment }: Part, bySegment: ReadonlyMap<string, Part>): string | undefined {
  const text = uri?.exact ?? uri?.prefix;
  if (text === undefined || uri?.ignoreCase) return undefined;
  // A prefix matches more than its segment, unless it continues below it.
  for (let end = uri!.exact === undefined ? text.lastIndexOf('/') : text.length; end > segment.length; end = text.lastIndexOf('/', end - 1)) {
    const taker = bySegment.get(text.slice(0, end));
    if (taker) {
      return `its path '${text}' belongs to '${taker.segment}', which ${leadsTo('handover' in taker ? taker.handover : taker.exposed)}`;
    }
  }
  return undefined;
}

/** The target of a part, in words. */
export function leadsTo(part: Handover | {
  readonly exposure: { readonly path: string };
  readonly service: { readonly host: string };
}): string {
  return 'delegate' in part ? `is delegated to '${part.delegate.namespace}/${part.delegate.name}' (${part.path})`
    : `routes to '${part.service.host}' (${part.exposure.path})`;
}
