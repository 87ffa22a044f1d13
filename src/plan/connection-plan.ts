import { serviceSplit } from './audience-product';
import { connectionErrors } from './connection-checks';
import type { Exposure } from './host-plan';
import type { Algebra } from './order';
import { orderBy } from './order';
import type { ServicePlan } from './service-plan';
import type { Audience, ConnectionRoute, Share } from './statements';
import { concerns } from './statements';
import type { ConnectionTerm } from '../manifest/connection-algebra';
import { areConnectionsApart, connectionText, isConnectionWithin, isNameWithin, takesEveryConnection } from '../manifest/connection-algebra';
import { connectionsOf } from '../traffic/service-port';

/** One `tcp` or `tls` route of a VirtualService. */
export interface ConnectionEntry {
  readonly protocol: 'tcp' | 'tls';
  /** The port that callers connect to: of the service in the mesh, of the gateway for a public host. */
  readonly at: number;
  /** The port of the service. */
  readonly port: number;
  readonly terms: readonly ConnectionTerm[];
  readonly shares: readonly Share[];
  /** The route that stated it; none for the split. */
  readonly route?: ConnectionRoute;
  /** The constructs behind it. */
  readonly paths: readonly string[];
}

const CONNECTIONS: Algebra<ConnectionTerm> = {
  what: 'connection',
  areWithin: (a, b) => a.every(x => b.some(y => isConnectionWithin(x, y))),
  areDisjoint: (a, b) => a.every(x => b.every(y => areConnectionsApart(x, y))),
  text: connectionText,
};

/** What is stated about the ports of a service where no request is seen: those of TCP, TLS and HTTPS. Other services have none. */
export class ConnectionPlan {
  /** The plan of a service that has such ports. */
  public static of(service: ServicePlan): ConnectionPlan | undefined {
    return service.facts.ports.some(port => connectionsOf(port) !== undefined) ? new ConnectionPlan(service) : undefined;
  }

  /** Ports by number, with the routes that apply there. */
  public readonly ports: ReadonlyMap<number, 'tcp' | 'tls'>;
  public readonly routes: ConnectionRoute[] = [];
  public readonly exposures: Exposure[] = [];

  private constructor(private readonly service: ServicePlan) {
    this.ports = new Map(service.facts.ports.flatMap(port => {
      const protocol = connectionsOf(port);
      return protocol ? [[port.number, protocol] as const] : [];
    }));
  }

  /** Whether anybody stated something for the connections of callers in the mesh. */
  public get addressesMesh(): boolean {
    return this.splitsMesh || this.routes.some(route => this.presentTerms(route, 'mesh').length > 0);
  }

  /** The names that callers use for the service: a client's TLS asks for the one that it was given. */
  public get names(): readonly string[] {
    const { host, inCluster } = this.service.facts;
    if (!inCluster) return [host];
    const [name, namespace, svc] = host.split('.');
    return [host, name, `${name}.${namespace}`, `${name}.${namespace}.${svc}`];
  }

  /** The routes for callers in the mesh, in order; `every` asks for all ports where nobody stated anything. */
  public meshEntries(every = false): readonly ConnectionEntry[] {
    return this.meshParts(every).flatMap(part => part.entries);
  }

  /** The routes of a public host that leads here, in order. */
  public exposedEntries(exposure: Exposure): readonly ConnectionEntry[] {
    return this.exposedPart(exposure).entries;
  }

  /** Everything that is wrong with the connections. */
  public judge(): string[] {
    const parts = [...this.meshParts(false), ...this.exposures.map(exposure => this.exposedPart(exposure))];
    return [...parts.flatMap(part => part.errors), ...connectionErrors(this.service, this, parts.flatMap(part => part.entries))];
  }

  /** The terms of a route that an audience can meet. A gateway would ignore conditions on callers and addresses. */
  public presentTerms(route: ConnectionRoute, audience: Audience): readonly ConnectionTerm[] {
    if (!concerns(route, audience)) return [];
    const names = audience === 'mesh' ? this.names : [audience.host];
    return route.terms
      .filter(term => audience === 'mesh' || !(term.sourceLabels || term.sourceNamespace !== undefined || term.destinationSubnets))
      .flatMap(term => {
        const sniHosts = term.sniHosts?.filter(sni => names.some(name => isNameWithin(sni, name)));
        if (sniHosts?.length === 0) return [];
        // All names are no condition.
        return [sniHosts && names.every(name => sniHosts.includes(name)) ? { ...term, sniHosts: undefined } : { ...term, sniHosts }];
      });
  }

  private get splitsMesh(): boolean {
    return this.service.splits.some(split => split.route === undefined && concerns(split, 'mesh'));
  }

  private meshParts(every: boolean): readonly { readonly entries: readonly ConnectionEntry[]; readonly errors: readonly string[] }[] {
    const stated = [...this.ports].filter(([port]) => every || this.splitsMesh
      || this.routes.some(route => route.ports.includes(port) && this.presentTerms(route, 'mesh').length > 0));
    return stated.map(([port, protocol]) => this.entriesOf(port, port, protocol));
  }

  private exposedPart(exposure: Exposure): ReturnType<ConnectionPlan['entriesOf']> {
    return this.entriesOf(exposure.listener!, exposure.port!, this.ports.get(exposure.port!)!, exposure);
  }

  /** The routes of one port: the stated ones, the narrower first, then the split of what is left. */
  private entriesOf(at: number, port: number, protocol: 'tcp' | 'tls', exposure?: Exposure) {
    const audience: Audience = exposure?.host ?? 'mesh';
    const present = this.routes.filter(route => route.ports.includes(port)).map(route => ({
      route, path: route.path, priority: route.priority, terms: this.presentTerms(route, audience), outcome: () => JSON.stringify(route.targets),
    })).filter(({ terms }) => terms.length > 0);
    const { items, errors } = orderBy(CONNECTIONS, present, 'route');
    const ownHost = this.service.facts.host;
    const toPort = (shares: readonly Share[]) => shares.map(share => (share.target.host === ownHost
      ? { ...share, target: { ...share.target, ports: [port] } } : share));
    const entries: ConnectionEntry[] = items.map(({ route, terms }) => ({
      protocol, at, port, terms, shares: toPort(route.targets), route, paths: [route.path],
    }));
    if (!entries.some(({ terms }) => terms.some(takesEveryConnection))) {
      const { shares, paths } = serviceSplit(this.service, exposure);
      entries.push({ protocol, at, port, terms: [{}], shares: toPort(shares), paths });
    }
    const names = exposure ? [exposure.host.host] : this.names;
    return { entries: protocol === 'tcp' ? entries : entries.map(entry => ({ ...entry, terms: entry.terms.flatMap(term => named(term, names)) })), errors };
  }
}

/**
 * A term for each server name. istiod makes a filter chain of each term and takes the first of equal ones; of lists that share a name it
 * would make chains that Envoy rejects together.
 */
function named(term: ConnectionTerm, names: readonly string[]): ConnectionTerm[] {
  return (term.sniHosts ?? names).map(name => ({ ...term, sniHosts: [name] }));
}
