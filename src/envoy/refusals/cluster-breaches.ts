import type { Breach } from './breach';
import { constraintBreaches } from './constraint-check';
import { LOOKUP_REQUIREMENT } from '../../traffic/per-request-lookup';
import type { Cluster } from '../xds/cluster';
import type { UpstreamTransportSocket } from '../xds/transport-sockets';

const CLUSTER = 'envoy.config.cluster.v3.Cluster';
const HTTP_OPTIONS = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';

/** The values of a cluster for which Envoy refuses it. */
export function clusterBreaches(cluster: Cluster): readonly Breach[] {
  const { transportSocket, transportSocketMatches = [] } = cluster;
  const sockets = [transportSocket, ...transportSocketMatches.map(match => match.transportSocket)];
  return [...constraintBreaches(cluster, CLUSTER), ...sockets.flatMap(serverNameBreaches), ...lookupBreaches(cluster)];
}

/**
 * Whether Envoy refuses a cluster because it looks up the host of each request. With HTTP options, it must verify the host by TLS, unless
 * it is allowed not to.
 */
export function looksUpUnverified({ clusterType, typedExtensionProtocolOptions: { [HTTP_OPTIONS]: http } = {} }: Cluster): boolean {
  if (clusterType === undefined || clusterType.typedConfig.allowInsecureClusterOptions || http === undefined) return false;
  const { autoSni, autoSanValidation } = http.upstreamHttpProtocolOptions ?? {};
  return !(autoSni && autoSanValidation);
}

function lookupBreaches(cluster: Cluster): readonly Breach[] {
  if (!looksUpUnverified(cluster)) return [];
  const limit = `requires TLS: HTTP/2 or a connectionPool ${LOOKUP_REQUIREMENT}`;
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
