import { readRoutes } from './effective-route';
import type { ProxyTraffic } from './proxy-traffic';

/** The clusters that a proxy sends requests, copies or connections to. */
export function usedClusters(traffic: ProxyTraffic): Set<string> {
  const { hosts, connections } = traffic;
  const used = new Set([...connections.values()].flatMap(c => c.clusters));
  for (const host of hosts.values()) {
    if (traffic.isRedirected(host)) continue;
    for (const { treatment } of readRoutes(host.virtualHost.routes ?? [], () => true)) {
      for (const { cluster } of treatment.shares) used.add(cluster);
      for (const mirror of treatment.mirrors) used.add(mirror);
    }
  }
  return used;
}
