import type { Workload } from './workloads';

/** The label with the name of the Gateway API's Gateway that a pod serves. */
const GATEWAY = 'gateway.networking.k8s.io/gateway-name';

/** The name of the Gateway of the Gateway API that pods serve; undefined for other pods. */
export function gatewayApiNameOf({ labels }: Workload): string | undefined {
  return labels[GATEWAY];
}
