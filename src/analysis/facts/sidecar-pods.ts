import { gatewayPods } from './gateways';
import { labelsOfNamespace } from './namespaces';
import { ambientNamespaces } from './sidecars';
import type { Workload } from './workloads';
import { hasNoSidecar, isIstiosOwn } from './workloads';
import type { TrafficIndex } from '../traffic-index';

/** Annotations of pods by which connections to some ports may bypass the sidecar. */
const BYPASSING = ['traffic.sidecar.istio.io/includeInboundPorts', 'traffic.sidecar.istio.io/excludeInboundPorts'];

/** Whether connections to some ports of pods may bypass their sidecar. */
export function bypassesSidecar({ annotations }: Workload): boolean {
  return BYPASSING.some(name => annotations[name] !== undefined);
}

/** Whether ztunnel takes the connections to pods, as far as the input tells. */
export function isInAmbientMode({ namespace, labels: { 'istio.io/dataplane-mode': stated } }: Workload, index: TrafficIndex): boolean {
  return stated === undefined ? index.memo(ambientNamespaces).has(namespace) : stated === 'ambient';
}

/** Whether pods have a sidecar that takes all of their requests, as far as the input tells. */
export function takesAllRequests(pod: Workload, index: TrafficIndex): boolean {
  return !isInAmbientMode(pod, index) && !hasNoSidecar(pod, labelsOfNamespace(pod.namespace, index))
    && !bypassesSidecar(pod);
}

/** The same for the pods of applications: gateways have other listeners. */
export function hasApplicationSidecar(pod: Workload, index: TrafficIndex): boolean {
  return takesAllRequests(pod, index) && !isIstiosOwn(pod) && !gatewayPods(index).has(pod);
}

/** Whether pods have a proxy that policies apply to, as far as the input tells: a sidecar, ztunnel, or that of a gateway. */
export function isInMesh(pod: Workload, index: TrafficIndex): boolean {
  return isInAmbientMode(pod, index) || gatewayPods(index).has(pod)
    || !hasNoSidecar(pod, labelsOfNamespace(pod.namespace, index));
}
