/**
 * Whether callers must use mutual TLS.
 *
 * @see https://istio.io/latest/docs/reference/config/security/peer_authentication/#PeerAuthentication-MutualTLS-Mode
 */
export enum MutualTlsMode {
  /** Only mutual TLS. */
  STRICT = 'STRICT',
  /** Mutual TLS and plaintext. */
  PERMISSIVE = 'PERMISSIVE',
  /** No mutual TLS, so callers have no identity. */
  DISABLE = 'DISABLE',
}
