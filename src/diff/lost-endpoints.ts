import type { Change } from './change';
import { describeDestination, destinationOf } from './destination';
import type { ProxyTraffic } from './proxy-traffic';
import { reachedClusters, usedClusters } from './used-clusters';

const [SOME, NONE] = ['pods of the manifests', 'no pod of the manifests'];

/**
 * Destinations that get requests before and after, and that lose their last pod or get their first one: a workload is removed, gets other
 * labels or is scaled to 0. EDS delivers endpoints, so no cluster shows it.
 */
export function compareEndpoints(before: ProxyTraffic, after: ProxyTraffic): Change[] {
  const isChanged = (cluster: string) => [before, after].every(traffic => traffic.clusters.get(cluster)?.type === 'EDS')
    && before.hasEndpoints(cluster) !== after.hasEndpoints(cluster);
  const changed = [...usedClusters(after)].filter(isChanged);
  return [...reachedClusters(reachedClusters(changed, before), after)].map((cluster): Change => {
    const destination = destinationOf(cluster);
    const isLost = before.hasEndpoints(cluster);
    const place = { host: destination.host, port: destination.port, destination: describeDestination(destination) };
    return { kind: 'endpoints', risk: isLost ? 'high' : 'low', ...place, before: isLost ? SOME : NONE, after: isLost ? NONE : SOME };
  });
}
