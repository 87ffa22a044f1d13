import type { Breach } from './breach';
import { constraintBreaches } from './constraint-check';
import type { Cluster } from '../xds/cluster';
import type { UpstreamTransportSocket } from '../xds/transport-sockets';

const CLUSTER = 'envoy.config.cluster.v3.Cluster';
const HTTP_OPTIONS = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';

/** The values of a cluster for which Envoy refuses it. */
export function clusterBreaches(cluster: Cluster): readonly Breach[] {
  const { transportSocket, transportSocketMatches = [] } = cluster;
  const sockets = [transportSocket, ...transportSocketMatches.map(match => match.transportSocket)];
  return [...constraintBreaches(cluster, CLUSTER), ...sockets.flatMap(serverNameBreaches), ...forwardProxyBreaches(cluster)];
}

/**
 * A cluster that looks up names per request must verify them, unless it says that it does not. Without HTTP options, Envoy verifies them by
 * itself.
 */
function forwardProxyBreaches({ clusterType, typedExtensionProtocolOptions: { [HTTP_OPTIONS]: http } = {} }: Cluster): readonly Breach[] {
  if (clusterType === undefined || clusterType.typedConfig.allowInsecureClusterOptions || http === undefined) return [];
  const { autoSni, autoSanValidation } = http.upstreamHttpProtocolOptions ?? {};
  if (autoSni && autoSanValidation) return [];
  const limit = 'speaks HTTP/2 in plaintext to hosts that are looked up per request, which Envoy does not allow';
  return [{ path: ['clusterType'], value: undefined, limit, repair: 'originate TLS in a DestinationRule, or use protocol HTTP' }];
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
