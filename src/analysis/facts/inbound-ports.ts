import { hasApplicationSidecar } from './sidecar-pods';
import { sidecarOf } from './sidecars';
import { translatedMesh } from './translated-mesh';
import type { Workload } from './workloads';
import type { InboundPort } from '../../envoy/inbound/inbound-ports';
import { inboundPorts } from '../../envoy/inbound/inbound-ports';
import { isTcp } from '../../envoy/protocol';
import type { Proxy } from '../../envoy/proxy';
import type { TrafficIndex } from '../traffic-index';
import { inShort, MOST_NAMED } from '../words';

/** Pods as a proxy. */
export function proxyOf({ namespace, labels }: Workload): Proxy {
  return { type: 'sidecar', namespace, labels };
}

/** The ports of pods that their sidecar knows: those of their Services, or of a Sidecar's ingress listeners. */
export function portsOfPods(pod: Workload, index: TrafficIndex): readonly InboundPort[] {
  return index.memoOf(pod, findPorts);
}

function findPorts(pod: Workload, index: TrafficIndex): readonly InboundPort[] {
  const spec = sidecarOf(pod.namespace, pod.labels, index)?.spec ?? {};
  return inboundPorts(proxyOf(pod), spec, translatedMesh(index).registry);
}

/** A port of pods. */
export interface PortOfPods {
  readonly pod: Workload;
  readonly port: InboundPort;
}

/** The ports of some pods at which their sidecars read connections, and not requests. */
export function tcpPortsOf(pods: readonly Workload[], index: TrafficIndex): readonly PortOfPods[] {
  return index.memoOf(pods, findTcpPorts);
}

function findTcpPorts(pods: readonly Workload[], index: TrafficIndex): readonly PortOfPods[] {
  return pods.filter(pod => hasApplicationSidecar(pod, index))
    .flatMap(pod => portsOfPods(pod, index).filter(({ protocol }) => isTcp(protocol)).map(port => ({ pod, port })));
}

/** Ports in words: `port 5432 of Deployment shop/db`. */
export function portsText(ports: readonly PortOfPods[], index: TrafficIndex): string {
  const named = ports.slice(0, MOST_NAMED).map(({ pod, port }) => `port ${port.target} of ${pod.object.kind} ${index.nameOf(pod.object)}`);
  return inShort(named, ports.length);
}
