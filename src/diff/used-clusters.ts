import { readRoutes } from './effective-route';
import type { ProxyTraffic } from './proxy-traffic';

/** The clusters that a proxy sends requests, copies or connections to. */
export function usedClusters({ hosts, connections }: ProxyTraffic): Set<string> {
  const used = new Set([...connections.values()].flatMap(c => c.clusters));
  for (const { virtualHost } of hosts.values()) {
    for (const { treatment } of readRoutes(virtualHost.routes ?? [], () => true)) {
      for (const { cluster } of treatment.shares) used.add(cluster);
      for (const mirror of treatment.mirrors) used.add(mirror);
    }
  }
  return used;
}
