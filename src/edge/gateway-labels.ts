/** Labels of gateways. Other pods have none of them. */
export const OF_GATEWAYS: ReadonlySet<string> = new Set(['istio', 'istio.io/gateway-name', 'gateway.networking.k8s.io/gateway-name']);
