/**
 * Whether callers have to use mutual TLS.
 *
 * @see https://istio.io/latest/docs/reference/config/security/peer_authentication/#PeerAuthentication-MutualTLS-Mode
 */
export enum MutualTlsMode {
  /** Only mutual TLS. */
  STRICT = 'STRICT',
  /** Mutual TLS and clear text. */
  PERMISSIVE = 'PERMISSIVE',
  /** No mutual TLS, so that no caller is known. */
  DISABLE = 'DISABLE',
}
