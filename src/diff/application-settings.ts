import type { ClusterSettings } from './cluster-settings';
import { clusterSettings } from './cluster-settings';
import type { Cluster } from '../envoy/xds/cluster';

/** How a sidecar calls the application of its pod, by the cluster of an inbound port: in words per aspect. */
export function applicationSettings(cluster: Cluster): ClusterSettings {
  // The source address and the time that an endpoint is kept only serve the redirection of the pod.
  const { upstreamBindConfig: _bind, cleanupInterval: _cleanup, ...meaningful } = cluster;
  return clusterSettings(meaningful);
}
