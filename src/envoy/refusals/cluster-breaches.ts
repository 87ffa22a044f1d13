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

/** What gives a cluster HTTP options. */
const SOURCES = 'HTTP/2, or idleTimeout, maxRequestsPerConnection, useClientProtocol or h2UpgradePolicy of a connectionPool';

/** With HTTP options, Envoy requires that a cluster which looks up a host per request verifies it, unless the cluster is allowed not to. */
function forwardProxyBreaches({ clusterType, typedExtensionProtocolOptions: { [HTTP_OPTIONS]: http } = {} }: Cluster): readonly Breach[] {
  if (clusterType === undefined || clusterType.typedConfig.allowInsecureClusterOptions || http === undefined) return [];
  const { autoSni, autoSanValidation } = http.upstreamHttpProtocolOptions ?? {};
  if (autoSni && autoSanValidation) return [];
  const limit = `looks up a host per request, and the cluster has HTTP options (${SOURCES}), so Envoy requires TLS that verifies the host`;
  return [{ path: ['clusterType'], value: undefined, limit, repair: 'originate TLS in a DestinationRule, or remove what sets HTTP options' }];
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
