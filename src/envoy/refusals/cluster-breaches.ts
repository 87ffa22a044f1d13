import type { Breach } from './breach';
import { constraintBreaches } from './constraint-check';
import type { Cluster } from '../xds/cluster';

const CLUSTER = 'envoy.config.cluster.v3.Cluster';

/** The values of a cluster for which Envoy refuses it. */
export function clusterBreaches(cluster: Cluster): readonly Breach[] {
  return constraintBreaches(cluster, CLUSTER);
}
