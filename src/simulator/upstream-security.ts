import type { Cluster } from '../envoy/xds/cluster';
import type { UpstreamTlsContext, UpstreamTransportSocket } from '../envoy/xds/transport-sockets';

/** How Envoy encrypts connections to the endpoints of a cluster. */
export interface UpstreamSecurity {
  /**
   * `automatic` is Istio's mutual TLS to endpoints that accept it, and plaintext to others; `tunnel` a tunnel with mutual TLS to the
   * ztunnel of pods in ambient mode, and plaintext to others.
   */
  readonly mode: 'plaintext' | 'TLS' | 'mutual TLS' | 'automatic' | 'tunnel';
  /** The server name (SNI) of the handshake. Undefined without one, or if it is the host of each request. */
  readonly serverName?: string;
  /** The accepted subject alternative names of the endpoint's certificate. */
  readonly subjectAltNames?: readonly string[];
}

export const PLAINTEXT: UpstreamSecurity = { mode: 'plaintext' };

export function upstreamSecurity({ transportSocket, transportSocketMatches = [] }: Cluster): UpstreamSecurity {
  const automatic = transportSocketMatches.map(match => tlsOf(match.transportSocket)).find(context => context !== undefined);
  if (automatic) return { ...ofContext(automatic), mode: 'automatic' };
  const context = tlsOf(transportSocket);
  if (context) return ofContext(context);
  return transportSocket && 'passthroughMetadata' in transportSocket.typedConfig ? { mode: 'tunnel' } : PLAINTEXT;
}

function tlsOf(socket: UpstreamTransportSocket | undefined): UpstreamTlsContext | undefined {
  const { typedConfig } = socket ?? {};
  if (typedConfig === undefined) return undefined;
  if ('commonTlsContext' in typedConfig) return typedConfig;
  return 'transportSocket' in typedConfig ? tlsOf(typedConfig.transportSocket) : undefined;
}

function ofContext({ sni, commonTlsContext }: UpstreamTlsContext): UpstreamSecurity {
  const { tlsCertificateSdsSecretConfigs = [], validationContext, combinedValidationContext } = commonTlsContext;
  const { matchSubjectAltNames = [] } = combinedValidationContext?.defaultValidationContext ?? validationContext ?? {};
  const subjectAltNames = matchSubjectAltNames.flatMap(({ exact }) => exact ?? []);
  return {
    mode: tlsCertificateSdsSecretConfigs.length > 0 ? 'mutual TLS' : 'TLS',
    ...(sni === undefined ? {} : { serverName: sni }),
    ...(subjectAltNames.length === 0 ? {} : { subjectAltNames }),
  };
}

/** The encryption in words, such as `TLS with the server name a.example.com`. */
export function describeSecurity({ mode, serverName, subjectAltNames = [] }: UpstreamSecurity): string {
  if (mode === 'plaintext') return 'plaintext';
  if (mode === 'tunnel') return 'plaintext from its ztunnel, to which a tunnel with mutual TLS leads; plaintext without ambient mode';
  // The server names and identities of calls within the mesh follow from the destination.
  const name = serverName === undefined || serverName.startsWith('outbound_.') ? '' : ` with the server name ${serverName}`;
  const names = subjectAltNames.length === 0 ? '' : `, if its certificate is for ${subjectAltNames.join(' or ')}`;
  return mode === 'automatic'
    ? `mutual TLS${name}${names}, or plaintext if it does not accept Istio's mutual TLS`
    : `${mode}${name}${names}`;
}
