import type { GatewayServer } from './gateway-server';
import { isWildcard } from '../../manifest/host-name';
import type { MeshServices } from '../mesh-services';
import { message } from '../message';
import type { ProxyScope } from '../proxy-scope';
import { domainName } from '../routes/domains';
import type { RouteContext } from '../routes/route-context';
import { isCatchAll } from '../routes/route-match';
import { routesOf } from '../routes/virtual-service-routes';
import type { VirtualService } from '../virtual-service';
import type { Route, RouteConfiguration, VirtualHost } from '../xds/route';

/** A virtual host to which servers and VirtualServices add routes. */
interface Growing {
  readonly name: string;
  readonly domains: string[];
  readonly routes: Route[];
  requireTls?: 'ALL';
}

/** What the routes of a gateway are made of. */
export type GatewayContext = Omit<RouteContext, 'port' | 'service' | 'isTls' | 'gateways'>;

/** The route configuration of servers that share its name: one virtual host per host, to which each VirtualService appends its routes. */
export function gatewayRoutes(
  name: string, servers: readonly GatewayServer[], scope: ProxyScope, mesh: MeshServices, base: GatewayContext,
): RouteConfiguration {
  const made = new Map<string, Route[]>();
  const growing = new Map<string, Growing>();
  for (const server of servers) {
    const redirects = server.tls?.httpsRedirect === true;
    for (const { vs, hosts } of mesh.virtualServices.servedBy(server, scope.proxy.namespace)) {
      const key = `${server.gatewayName} ${vs.name}/${vs.namespace}`;
      const routes = made.get(key) ?? routesOf(vs, contextFor(vs, server, scope, mesh, base));
      if (routes.length === 0) continue;
      made.set(key, routes);
      for (const host of hosts) {
        const { routes: all } = virtualHostOf(growing, host, server, redirects);
        for (const route of routes) all.push(route);
      }
    }
    if (redirects) for (const host of server.hosts) virtualHostOf(growing, host, server, redirects);
  }
  const virtualHosts = growing.size === 0 ? [{ name: domainName('blackhole', servers[0].port), domains: ['*'] }]
    : collapse(growing).map(finished);
  virtualHosts.sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
  return { name, virtualHosts, validateClusters: false, maxDirectResponseBodySizeBytes: 1048576, ignorePortInHostMatching: true };
}

function virtualHostOf(growing: Map<string, Growing>, stated: string, server: GatewayServer, redirects: boolean): Growing {
  const host = stated.toLowerCase();
  let found = growing.get(host);
  if (!found) {
    found = { name: domainName(host, server.port), domains: [host], routes: [] };
    growing.set(host, found);
  }
  if (redirects) found.requireTls = 'ALL';
  return found;
}

function contextFor(
  vs: VirtualService, server: GatewayServer, scope: ProxyScope, { registry }: MeshServices, base: GatewayContext,
): RouteContext {
  return {
    ...base,
    port: server.port,
    gateways: new Set([server.gatewayName]),
    isTls: server.tls !== undefined,
    service: host => {
      const own = registry.find(host, vs.namespace);
      return own && registry.isVisible(own, scope.proxy.namespace) ? own : scope.service(host);
    },
  };
}

/** Joins virtual hosts that have the same routes into one with all their domains, the most specific first. */
function collapse(growing: ReadonlyMap<string, Growing>): Growing[] {
  const numbers = new Map<Route, number>();
  const numberOf = (route: Route) => numbers.get(route) ?? numbers.set(route, numbers.size).get(route);
  const known = new Map<string, Growing>();
  const kept: Growing[] = [];
  for (const host of [...growing.keys()].sort(moreSpecificFirst)) {
    const virtualHost = growing.get(host)!;
    const key = virtualHost.routes.map(numberOf).join();
    const other = known.get(key);
    if (other && other.requireTls === virtualHost.requireTls) {
      for (const domain of virtualHost.domains) other.domains.push(domain);
    } else {
      known.set(key, virtualHost);
      kept.push(virtualHost);
    }
  }
  return kept;
}

function moreSpecificFirst(a: string, b: string): number {
  return Number(isWildcard(a)) - Number(isWildcard(b)) || b.length - a.length || (a < b ? -1 : 1);
}

/** Routes that match every request come last, whatever VirtualService they are from. */
function finished({ name, domains, routes, requireTls }: Growing): VirtualHost {
  const sorted = [...routes.filter(route => !isCatchAll(route)), ...routes.filter(isCatchAll)];
  return message({ name, domains, routes: sorted, requireTls, includeRequestAttemptCount: true });
}
