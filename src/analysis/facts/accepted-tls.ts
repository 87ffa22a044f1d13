import type { StatedTls } from './client-tls';
import { gatewayPods, selectorOf } from './gateways';
import type { HostPolicy } from './host-policies';
import { portsOfPods, proxyOf } from './inbound-ports';
import { labelsOfNamespace } from './namespaces';
import { bypassesSidecar, isInAmbientMode } from './sidecar-pods';
import { translatedMesh } from './translated-mesh';
import type { Workload } from './workloads';
import { hasNoSidecar, isIstiosOwn } from './workloads';
import { podsOfSelector } from '../../envoy/inbound/taking-pods';
import type { MutualTlsMode, PeerAuthentication } from '../../envoy/peer-authentications';
import type { Proxy } from '../../envoy/proxy';
import type { Labels } from '../../manifest/labels';
import type { Absent } from '../absence';
import type { TrafficIndex } from '../traffic-index';

/** What the pods behind a port of a host accept. */
export interface AcceptedAtPort {
  /** The port of the service. */
  readonly number: number;
  /** The port of the pods. */
  readonly target: number;
  /** How their sidecars accept mutual TLS. */
  readonly mode: MutualTlsMode | 'no sidecar';
  /** The object that sets the mode. */
  readonly policy?: PeerAuthentication;
  /** What may set another mode outside the input. */
  readonly absent?: Absent;
}

/** What the pods behind a host accept at each port, if all pods of a port are known to accept the same. */
export function acceptedAt({ host }: HostPolicy, index: TrafficIndex): readonly AcceptedAtPort[] {
  const { registry } = translatedMesh(index);
  return [...registry.byNamespace(host).values()].flatMap(({ namespace, selector, ports, object }) => {
    if (object.kind !== 'Service' || !selector || Object.keys(selector).length === 0) return [];
    const pods = index.workloads.selectedBy(selector, namespace);
    if (pods.length > 0 ? pods.some(pod => isOpen(pod, index)) : mayServeGateway(selector, index)) return [];
    return ports.flatMap(({ number }) => {
      const taking = pods.length > 0 ? pods.flatMap(pod => takenBy(pod, number, index))
        : podsOfSelector(host, number, registry).map(({ proxy, port }) => accepted(proxy, number, port, index));
      const [first] = taking;
      return first && taking.every(({ mode }) => mode === first.mode) ? [first] : [];
    });
  });
}

/** Whether more than PeerAuthentications decides what pods accept: servers of a gateway, or annotations that bypass the sidecar. */
function isOpen(pod: Workload, index: TrafficIndex): boolean {
  return isIstiosOwn(pod) || gatewayPods(index).has(pod) || bypassesSidecar(pod);
}

/** Whether a Service whose pods lie outside the input may be that of a gateway. */
function mayServeGateway(selector: Labels, index: TrafficIndex): boolean {
  const ofGateways = index.memo(labelsOfGateways);
  return selector.istio !== undefined || Object.entries(selector).some(([name, value]) => ofGateways.has(`${name}=${value}`));
}

function labelsOfGateways(index: TrafficIndex): ReadonlySet<string> {
  return new Set(index.of('Gateway').flatMap(gateway => Object.entries(selectorOf(gateway)).map(([name, value]) => `${name}=${value}`)));
}

function takenBy(pod: Workload, number: number, index: TrafficIndex): AcceptedAtPort[] {
  const isAmbient = isInAmbientMode(pod, index);
  const ports = portsOfPods(pod, index).filter(port => port.number === number);
  if (!isAmbient && hasNoSidecar(pod, labelsOfNamespace(pod.namespace, index))) {
    return ports.map(({ target }) => ({ number, target, mode: 'no sidecar' }));
  }
  return ports.map(({ target }) => {
    const found = accepted(proxyOf(pod), number, target, index);
    // ztunnel takes mutual TLS in mode DISABLE as well.
    return isAmbient && found.mode === 'DISABLE' ? { ...found, mode: 'PERMISSIVE' } : found;
  });
}

function accepted(proxy: Proxy, number: number, target: number, index: TrafficIndex): AcceptedAtPort {
  const { peerAuthentications } = translatedMesh(index);
  const { mode, byPort } = peerAuthentications.of(proxy);
  const policy = peerAuthentications.decidingFor(proxy, target);
  const isNear = policy !== undefined && index.namespaceOf(policy) === proxy.namespace;
  return {
    number,
    target,
    mode: byPort.get(target) ?? mode,
    ...(policy && { policy }),
    ...(!isNear && { absent: { kind: 'PeerAuthentication', namespaces: [proxy.namespace] } }),
  };
}

/** Those of the ports to which TLS settings of a DestinationRule apply. */
export function portsUnder(
  stated: StatedTls, { policy, subsets }: HostPolicy, ports: readonly AcceptedAtPort[],
): readonly AcceptedAtPort[] {
  if (stated.port !== undefined) return ports.filter(({ number }) => number === stated.port);
  const own = [policy, ...subsets.map(({ trafficPolicy }) => trafficPolicy)].flatMap(each => each?.portLevelSettings ?? []);
  return ports.filter(({ number }) => !own.some(({ port }) => port?.number === number));
}
