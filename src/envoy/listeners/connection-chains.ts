import { chainMatch } from './chain-match';
import type { ChainPlan } from './filter-chain';
import type { ConnectionContext } from './tcp-proxy';
import { routeFilters, serviceFilters } from './tcp-proxy';
import { hostsOverlap, isWildcard } from '../../manifest/host-name';
import type { WrittenConnectionMatch } from '../../manifest/written-match';
import { isForwardProxy } from '../clusters/forward-proxy';
import { isForCaller, isForListener } from '../match-place';
import { configMetadata } from '../message';
import { isTls } from '../protocol';
import type { Service } from '../service';
import type { VirtualService } from '../virtual-service';
import { MESH } from '../virtual-service';

/** A port of a service that a sidecar treats as TCP. */
export interface ConnectionPort extends ConnectionContext {
  readonly service: Service;
  /** The address ranges of a service that has no listener of its own. */
  readonly subnets: readonly string[];
  readonly bind: string;
  /** The names of the ExternalName Services that refer to it. */
  readonly aliasNames: readonly string[];
}

/** The chains of a port: of TLS routes if the protocol has SNI, else of TCP routes. */
export function connectionChains(port: ConnectionPort, routes: ConnectionRoutes): ChainPlan[] {
  const own = routes.of(port.service.host);
  return isTls(port.protocol) ? tlsChains(port, own) : tcpChains(port, own);
}

/** The VirtualServices with TCP or TLS routes, by host. A service gets all whose hosts overlap with its host, in their order. */
export class ConnectionRoutes {
  private readonly all: readonly VirtualService[];
  private readonly exact = new Map<string, Set<number>>();
  private readonly wildcards: (readonly [host: string, place: number])[] = [];

  constructor(virtualServices: readonly VirtualService[]) {
    this.all = virtualServices.filter(({ tcp, tls }) => tcp.length > 0 || tls.length > 0);
    for (const [place, { hosts }] of this.all.entries()) {
      for (const host of hosts) {
        if (isWildcard(host)) this.wildcards.push([host, place]);
        else this.exact.set(host, (this.exact.get(host) ?? new Set()).add(place));
      }
    }
  }

  public of(host: string): VirtualService[] {
    if (this.all.length === 0) return [];
    if (isWildcard(host)) return this.all.filter(({ hosts }) => hosts.some(stated => hostsOverlap(stated, host)));
    const places = new Set(this.exact.get(host));
    for (const [wildcard, place] of this.wildcards) if (hostsOverlap(wildcard, host)) places.add(place);
    return [...places].sort((a, b) => a - b).map(place => this.all[place]);
  }
}

const metadataOf = ({ object, namespace, name }: VirtualService) => configMetadata(object.apiVersion, 'virtual-service', namespace, name);

/** One chain per set of SNI hosts and subnets, from the first match that has it. */
function tlsChains(port: ConnectionPort, virtualServices: readonly VirtualService[]): ChainPlan[] {
  const chains: ChainPlan[] = [];
  const seen = new Set<string>();
  let subnets = port.subnets;
  for (const vs of virtualServices) {
    for (const { route = [], match = [] } of vs.tls) {
      if (route.length === 0) continue;
      for (const each of match.filter(stated => isForConnection(stated, port))) {
        const { subnets: own, ...conditions } = chainMatch(each);
        if (own.length > 0) subnets = own; // They also apply to the matches that follow.
        const key = [...Object.values(conditions), own].join('|');
        if (seen.has(key)) continue;
        seen.add(key);
        chains.push({ ...conditions, subnets, filters: routeFilters(route, vs, port), metadata: metadataOf(vs) });
      }
    }
  }
  return chains.length > 0 ? chains : [defaultTlsChain(port)];
}

function defaultTlsChain(port: ConnectionPort): ChainPlan {
  const { service, subnets, bind, aliasNames } = port;
  const { address, host } = service;
  const hasNoAddress = address === '' || address.includes('/') || (address === '0.0.0.0' && bind === '0.0.0.0');
  const byName = subnets.length > 0 || hasNoAddress || isForwardProxy(service);
  return {
    ...byName && { serverNames: [host, ...aliasNames] },
    subnets,
    filters: serviceFilters(service, service.ports.length === 1 ? service.ports[0].number : port.port, port),
  };
}

/** The chains up to the first route for every address; istiod ignores the routes that follow, of all VirtualServices. */
function tcpChains(port: ConnectionPort, virtualServices: readonly VirtualService[]): ChainPlan[] {
  const { service, subnets } = port;
  const chains: ChainPlan[] = [];
  let hasDefault = false;
  for (const vs of virtualServices) {
    for (const { route = [], match = [] } of vs.tcp) {
      if (route.length === 0) continue;
      const matches = match.filter(stated => isForConnection(stated, port)).map(chainMatch);
      if (match.length === 0 || matches.some(conditions => Object.values(conditions).every(values => values.length === 0))) {
        return [...chains, { subnets, filters: routeFilters(route, vs, port), metadata: metadataOf(vs) }];
      }
      const narrowed = matches.flatMap(each => each.subnets);
      if (narrowed.length === 0) continue;
      chains.push({ subnets: narrowed, filters: routeFilters(route, vs, port) });
      hasDefault ||= [...narrowed].sort().join() === [...subnets].sort().join();
    }
  }
  const number = service.ports.length === 1 ? service.ports[0].number : port.port;
  return hasDefault ? chains : [...chains, { subnets, filters: serviceFilters(service, number, port) }];
}

const MESH_GATEWAYS: ReadonlySet<string> = new Set([MESH]);

/** Whether a match applies to the proxy's connections to the port. */
function isForConnection(match: WrittenConnectionMatch, { port, scope: { proxy } }: ConnectionPort): boolean {
  return isForListener(match, { port, gateways: MESH_GATEWAYS }) && isForCaller(match, proxy);
}
