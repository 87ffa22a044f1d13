import { connectionErrors } from './connection-checks';
import { namesOf, presentTerms } from './connection-terms';
import type { Algebra } from './order';
import { orderBy } from './order';
import type { Split } from './product';
import type { ConnectionTerm } from '../../manifest/condition';
import { areConnectionsApart, connectionText, isConnectionWithin, takesEveryConnection } from '../../manifest/connection-algebra';
import type { Audience } from '../model/audience';
import { isFor } from '../model/audience';
import type { ConnectionEntry, MeshConnections } from '../model/compiled-service';
import type { Exposure } from '../model/exposure';
import type { ServiceModel } from '../model/service-model';
import type { ConnectionRoute } from '../model/statements';
import type { Share } from '../model/target';

/** The statements about the TCP, TLS and HTTPS ports of a service. */
export interface CompiledConnections {
  /** The result for callers in the mesh; undefined if the service has no such port. */
  readonly mesh?: MeshConnections;
  readonly exposed: ReadonlyMap<Exposure, readonly ConnectionEntry[]>;
  readonly errors: readonly string[];
}

type SplitOf = (exposure: Exposure | undefined) => Split;

interface Part {
  readonly entries: readonly ConnectionEntry[];
  readonly errors: readonly string[];
}

const CONNECTIONS: Algebra<ConnectionTerm> = {
  what: 'connection',
  areWithin: (a, b) => a.every(x => b.some(y => isConnectionWithin(x, y))),
  areDisjoint: (a, b) => a.every(x => b.every(y => areConnectionsApart(x, y))),
  text: connectionText,
};

/** The connections of a service. `requestsStated` tells whether any statement applies to requests in the mesh. */
export function compileConnections(model: ServiceModel, requestsStated: boolean, splitOf: SplitOf): CompiledConnections {
  const { facts, httpPorts, connectionPorts, connectionRoutes } = model;
  const splitsMesh = model.splits.some(split => split.route === undefined && isFor(split, 'mesh'));
  const inMesh = connectionRoutes.filter(route => presentTerms(facts, route, 'mesh').length > 0);
  const parts = [...connectionPorts].filter(([port]) => splitsMesh || inMesh.some(({ ports }) => ports.includes(port)))
    .map(([port, protocol]) => partOf(model, splitOf, port, port, protocol));
  const exposed = model.connectionExposures.map(exposure => [exposure, exposedPart(model, splitOf, exposure)] as const);
  const all = [...parts, ...exposed.map(([, part]) => part)];
  const isStated = splitsMesh || inMesh.length > 0;
  // A VirtualService that is requested without statements has the routes that are possible.
  const besideRequests = httpPorts.length > 0 && (requestsStated || !isStated);
  return {
    mesh: {
      isStated,
      besideRequests,
      names: namesOf(facts),
      entries: (isStated || besideRequests ? parts : [...connectionPorts].map(
        ([port, protocol]) => partOf(model, splitOf, port, port, protocol),
      ))
        .flatMap(({ entries }) => entries),
    },
    exposed: new Map(exposed.map(([exposure, { entries }]) => [exposure, entries])),
    errors: [...all.flatMap(({ errors }) => errors), ...connectionErrors(model, all.flatMap(({ entries }) => entries))],
  };
}

function exposedPart(model: ServiceModel, splitOf: SplitOf, exposure: Exposure): Part {
  return partOf(model, splitOf, exposure.listener!, exposure.port!, model.connectionPorts.get(exposure.port!)!, exposure);
}

/** The routes of one port: the explicit ones, the narrower first, then the split for all other connections. */
function partOf(
  model: ServiceModel, splitOf: SplitOf, at: number, port: number, protocol: ConnectionRoute['protocol'], exposure?: Exposure,
): Part {
  const { facts, connectionRoutes } = model;
  const audience: Audience = exposure?.host ?? 'mesh';
  const present = connectionRoutes.filter(route => route.ports.includes(port)).map(route => ({
    route,
    path: route.path,
    priority: route.priority,
    terms: presentTerms(facts, route, audience),
    outcome: () => JSON.stringify(route.targets),
  })).filter(({ terms }) => terms.length > 0);
  const { items, errors } = orderBy(CONNECTIONS, present, 'route');
  const toPort = (shares: readonly Share[]) => shares.map(share => (share.target.host === facts.host
    ? { ...share, target: { ...share.target, ports: [port] } } : share));
  const entries: ConnectionEntry[] = items.map(({ route, terms }) => ({
    protocol, at, port, terms, shares: toPort(route.targets), route, paths: [route.path],
  }));
  if (!entries.some(({ terms }) => terms.some(takesEveryConnection))) {
    const { shares, paths } = splitOf(exposure);
    entries.push({ protocol, at, port, terms: [{}], shares: toPort(shares), paths });
  }
  const names = exposure ? [exposure.host.host] : namesOf(facts);
  return {
    entries: protocol === 'tcp' ? entries : entries.map(entry => ({ ...entry, terms: entry.terms.flatMap(term => named(term, names)) })),
    errors,
  };
}

/**
 * One term per server name. istiod creates one filter chain per term and uses the first of equal ones. Lists that share a name would become
 * filter chains that Envoy rejects together.
 */
function named(term: ConnectionTerm, names: readonly string[]): ConnectionTerm[] {
  return (term.sniHosts ?? names).map(name => ({ ...term, sniHosts: [name] }));
}
