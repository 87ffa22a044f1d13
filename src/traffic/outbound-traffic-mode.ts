/**
 * What happens to requests for hosts that the registry does not know.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/sidecar/#OutboundTrafficPolicy-Mode
 */
export enum OutboundTrafficMode {
  /** They are blocked: HTTP is answered 502 by Envoy's `block_all`, all else is reset by the BlackHoleCluster. */
  REGISTRY_ONLY = 'REGISTRY_ONLY',
  /** They pass, by the PassthroughCluster. */
  ALLOW_ANY = 'ALLOW_ANY',
}
