/**
 * What happens to calls to hosts outside the registry.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/sidecar/#OutboundTrafficPolicy-Mode
 */
export enum OutboundTrafficMode {
  /** Blocked: Envoy responds to HTTP with 502 (`block_all`) and resets other connections (BlackHoleCluster). */
  REGISTRY_ONLY = 'REGISTRY_ONLY',
  /** Forwarded unchanged (PassthroughCluster). */
  ALLOW_ANY = 'ALLOW_ANY',
}
