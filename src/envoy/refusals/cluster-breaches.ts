import type { Breach } from './breach';
import { constraintBreaches } from './constraint-check';
import type { Cluster } from '../xds/cluster';
import type { UpstreamTransportSocket } from '../xds/transport-sockets';

const CLUSTER = 'envoy.config.cluster.v3.Cluster';

/** The values of a cluster for which Envoy refuses it. */
export function clusterBreaches(cluster: Cluster): readonly Breach[] {
  const { transportSocket, transportSocketMatches = [] } = cluster;
  const sockets = [transportSocket, ...transportSocketMatches.map(match => match.transportSocket)];
  return [...constraintBreaches(cluster, CLUSTER), ...sockets.flatMap(serverNameBreaches)];
}

function serverNameBreaches(socket: UpstreamTransportSocket | undefined): readonly Breach[] {
  const { typedConfig } = socket ?? {};
  if (typedConfig === undefined) return [];
  if ('transportSocket' in typedConfig) return serverNameBreaches(typedConfig.transportSocket);
  const sni = 'sni' in typedConfig ? typedConfig.sni : undefined;
  if (!sni?.includes('\0')) return [];
  return [
    { path: ['transportSocket', 'sni'], value: sni, limit: 'has a NUL, which no server name has', repair: 'write the name of the server' },
  ];
}
