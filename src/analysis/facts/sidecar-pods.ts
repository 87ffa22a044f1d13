import { gatewayPods } from './gateways';
import { labelsOfNamespace } from './namespaces';
import { ambientNamespaces } from './sidecars';
import type { Workload } from './workloads';
import { hasNoSidecar, isIstiosOwn } from './workloads';
import type { TrafficIndex } from '../traffic-index';

/** Annotations of pods by which connections to some ports may bypass the sidecar. */
const PASSED_BY = ['traffic.sidecar.istio.io/includeInboundPorts', 'traffic.sidecar.istio.io/excludeInboundPorts'];

/** Whether pods have a sidecar that takes all of their requests, as far as the input tells. */
export function takesAllRequests(pod: Workload, index: TrafficIndex): boolean {
  return !index.memo(ambientNamespaces).has(pod.namespace) && !hasNoSidecar(pod, labelsOfNamespace(pod.namespace, index))
    && !PASSED_BY.some(name => pod.annotations[name] !== undefined);
}

/** The same for the pods of applications: gateways have other listeners. */
export function hasApplicationSidecar(pod: Workload, index: TrafficIndex): boolean {
  return takesAllRequests(pod, index) && !isIstiosOwn(pod) && !gatewayPods(index).has(pod);
}

/** Whether pods have a proxy that policies apply to, as far as the input tells: a sidecar, ztunnel, or that of a gateway. */
export function isInMesh(pod: Workload, index: TrafficIndex): boolean {
  return index.memo(ambientNamespaces).has(pod.namespace) || gatewayPods(index).has(pod)
    || !hasNoSidecar(pod, labelsOfNamespace(pod.namespace, index));
}
