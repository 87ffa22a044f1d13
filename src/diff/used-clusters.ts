import { arrivalOf, entryOf, routedSchemes } from './arrival';
import type { Destination } from './destination';
import { destinationOf } from './destination';
import type { Host, ProxyTraffic } from './proxy-traffic';
import { sharesOf } from './shares';
import type { Route } from '../envoy/xds/route';
import { isReached } from '../proof/reachability';
import { RouteTable } from '../proof/route-table';

/** The clusters to which a route sends or mirrors requests. */
function clustersOf({ route }: Route): string[] {
  return route === undefined ? [] : [...sharesOf(route), ...route.requestMirrorPolicies ?? []].map(({ cluster }) => cluster);
}

/** The clusters to which a proxy sends requests, mirrors or connections. */
export function usedClusters(traffic: ProxyTraffic): Set<string> {
  const used = new Set([...traffic.connections.values()].flatMap(c => c.clusters));
  for (const host of traffic.hosts.values()) {
    if (traffic.isRedirected(host)) continue;
    for (const route of host.virtualHost.routes ?? []) for (const cluster of clustersOf(route)) used.add(cluster);
  }
  return used;
}

/** Those of the given clusters that a request or connection reaches. */
export function reachedClusters(clusters: Iterable<string>, traffic: ProxyTraffic): Set<string> {
  const asked = new Set(clusters);
  const reached = new Set([...traffic.connections.values()].flatMap(c => c.clusters).filter(cluster => asked.has(cluster)));
  for (const host of traffic.hosts.values()) {
    const isOpen = (route: Route) => clustersOf(route).some(cluster => asked.has(cluster) && !reached.has(cluster));
    const found = (host.virtualHost.routes ?? []).some(isOpen) ? reachedOf(host, isOpen, traffic) : [];
    for (const cluster of found) if (asked.has(cluster)) reached.add(cluster);
  }
  return reached;
}

/** Those of the given destinations that requests or connections reach before and after. */
export function reachedDestinations(
  counts: (destination: Destination) => boolean,
  before: ProxyTraffic,
  after: ProxyTraffic,
): Destination[] {
  const used = [...usedClusters(after)].filter(cluster => counts(destinationOf(cluster)));
  return [...reachedClusters(reachedClusters(used, before), after)].map(destinationOf);
}

/** The clusters that the given routes of a host use. */
function reachedOf(host: Host, counts: (route: Route) => boolean, traffic: ProxyTraffic): string[] {
  const schemes = routedSchemes(host, traffic);
  if (schemes.length === 0) return [];
  const routes = host.virtualHost.routes ?? [];
  const table = new RouteTable(routes, traffic.seesClaims(host));
  const arrival = arrivalOf(host.host, host.virtualHost.domains, [host], schemes, [entryOf(host, traffic)]);
  return routes.filter((route, i) => counts(route) && isReached(table, table.rows[i], arrival)).flatMap(clustersOf);
}
