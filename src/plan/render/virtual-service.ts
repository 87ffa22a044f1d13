import { connectionRoutes } from './connection-routes';
import { destination, destinations } from './destinations';
import type { VirtualServiceSpec, VirtualServiceSpecHttp, VirtualServiceSpecHttpRouteDestination } from '../../../imports/networking.istio.io';
import type { MatchTerm } from '../../manifest/condition';
import { istioMatch } from '../../manifest/istio-match';
import { takesEverythingAt } from '../../manifest/match-algebra';
import type { CompiledService, Entry } from '../model/compiled-service';
import type { Decoration, Mirror } from '../model/statements';
import { isMirror } from '../model/statements';

/** The VirtualService of a service for callers in the mesh. */
export function meshVirtualService(service: CompiledService): VirtualServiceSpec {
  const { host, httpPorts, portConditions = true, destinationPorts = true, mesh: { connections } } = service;
  const bound = httpPorts.length > 1 || (httpPorts[0] !== 80 && portConditions);
  const http = () => {
    const routes = meshEntries(service).map(entry => httpRoute(entry, bound));
    return destinationPorts ? routes : routes.map(route => withoutPortsOf(host, route));
  };
  const exportTo = service.exportTo && [...service.exportTo];
  if (!connections) return { hosts: [host], http: http(), exportTo };
  const routes = connectionRoutes(connections.entries);
  const hosts = routes.tls ? [...connections.names] : [host];
  return { hosts, ...(connections.besideRequests ? { http: http() } : {}), ...routes, exportTo };
}

/** A route whose destinations and mirrors of a service are at the only port of it. */
function withoutPortsOf(host: string, route: VirtualServiceSpecHttp): VirtualServiceSpecHttp {
  const at = (to: VirtualServiceSpecHttpRouteDestination) => (to.host === host ? { ...to, port: undefined } : to);
  return {
    ...route,
    ...(route.route ? { route: route.route.map(each => ({ ...each, destination: at(each.destination!) })) } : {}),
    ...(route.mirror ? { mirror: at(route.mirror) } : {}),
    ...(route.mirrors ? { mirrors: route.mirrors.map(each => ({ ...each, destination: at(each.destination!) })) } : {}),
  };
}

/** An entry as the route for a port. */
export interface PortEntry {
  readonly entry: Entry;
  readonly port: number;
  readonly name: string;
}

/** The entries of each port, up to the first one that takes every request there. Istiod warns of routes after it. */
export function meshEntries({ httpPorts, mesh: { requests: { entries } } }: CompiledService): readonly PortEntry[] {
  return httpPorts.flatMap(port => entriesAt(port, entries)
    .map(entry => ({ entry, port, name: httpPorts.length > 1 ? `${entry.name}-${port}` : entry.name })));
}

function entriesAt(port: number, entries: readonly Entry[]): readonly Entry[] {
  const met = entries.filter(({ terms }) => terms.some(term => holdsAt(term, port)));
  const last = met.findIndex(({ terms }) => terms.some(term => takesEverythingAt(port, term)));
  return last < 0 ? met : met.slice(0, last + 1);
}

function holdsAt(term: MatchTerm, port: number): boolean {
  return term.port === undefined || term.port === port;
}

/** An entry at a port; `bound` if its match has the port. */
export function httpRoute({ entry, port, name }: PortEntry, bound: boolean): VirtualServiceSpecHttp {
  const route = {
    name,
    match: matches(entry, port, bound),
    rewrite: nonEmpty(entry.rewrite),
    route: entry.answer ? undefined : destinations(entry.shares, port),
  };
  if (entry.answer) Object.assign(route, entry.answer);
  if (entry.decorations.length > 0) Object.assign(route, decorations(entry.decorations, port));
  return route;
}

/** The match of an entry at a port; empty if it matches every request. */
function matches(entry: Entry, port: number, bound: boolean): VirtualServiceSpecHttp['match'] {
  const terms = entry.terms.filter(term => holdsAt(term, port)).map(term => istioMatch(atPort(term, bound ? port : undefined)));
  const isConditional = terms.every(nonEmpty);
  const { statPrefix } = entry.route;
  if (statPrefix === undefined) return isConditional ? terms : undefined;
  return (isConditional ? terms : [{}]).map(term => ({ ...term, statPrefix }));
}

function atPort(term: MatchTerm, port: number | undefined): MatchTerm {
  return term.port === port ? term : { ...term, port };
}

function nonEmpty<T extends object>(object: T): T | undefined {
  return Object.keys(object).length > 0 ? object : undefined;
}

function decorations(all: readonly Decoration[], port: number): Partial<VirtualServiceSpecHttp> {
  const result: { [field: string]: unknown } = {};
  const mirrors: Mirror[] = [];
  for (const { value } of all) {
    if (isMirror(value)) {
      if (value.percent > 0) mirrors.push(value);
    } else {
      // A delay and an abort may come from different constructs.
      Object.assign(result, 'fault' in value && result.fault ? { fault: { ...result.fault, ...value.fault as object } } : value);
    }
  }
  return mirrors.length === 0 ? result : Object.assign(result, mirroring(mirrors, port));
}

function mirroring(mirrors: readonly Mirror[], port: number): Partial<VirtualServiceSpecHttp> {
  const policies = mirrors.map(({ mirror, percent }) => ({
    destination: destination(mirror, port), percentage: percent < 100 ? { value: percent } : undefined,
  }));
  return policies.length > 1 ? { mirrors: policies } : { mirror: policies[0].destination, mirrorPercentage: policies[0].percentage };
}
