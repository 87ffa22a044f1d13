import type { Cluster } from '../../envoy/xds/cluster';
import type { UpstreamTransportSocket } from '../../envoy/xds/transport-sockets';

/** How a proxy connects to the endpoints of a cluster: with Istio's certificates, in another kind of TLS, or not encrypted. */
export type Transport = 'mesh' | 'automatic' | 'other TLS' | 'plaintext';

/** The secret with the certificate that Istio issues to a workload. */
const OWN = 'default';

export function transportOf({ transportSocket, transportSocketMatches = [] }: Cluster): Transport {
  if (transportSocketMatches.length > 0) return 'automatic';
  const secrets = secretsOf(transportSocket);
  if (secrets === undefined) return 'plaintext';
  return secrets.includes(OWN) ? 'mesh' : 'other TLS';
}

/** The names of the certificates of a socket; undefined for a socket without TLS. */
function secretsOf(socket: UpstreamTransportSocket | undefined): readonly string[] | undefined {
  const config = socket?.typedConfig;
  if (config === undefined) return undefined;
  if ('commonTlsContext' in config) return (config.commonTlsContext.tlsCertificateSdsSecretConfigs ?? []).map(({ name }) => name);
  return 'transportSocket' in config ? secretsOf(config.transportSocket) : undefined;
}
