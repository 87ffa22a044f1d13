import { isIP } from 'node:net';
import { ConnectionRoutes } from './connection-chains';
import type { ListenerSettings } from './listener';
import { socketAddress, WILDCARD } from './listener';
import { outboundListener } from './outbound-listener';
import type { Bind } from './outbound-listeners';
import { OutboundListeners } from './outbound-listeners';
import { tcpProxy } from './tcp-proxy';
import type { IstioEgressListener, SidecarPort } from '../../manifest/istio-specs.generated';
import { destinationCluster } from '../cluster-name';
import type { MeshServices } from '../mesh-services';
import { message } from '../message';
import { isHttp, isTcp, parseProtocol } from '../protocol';
import type { Proxy } from '../proxy';
import { hasLabels } from '../proxy';
import type { ProxyScope } from '../proxy-scope';
import type { Service, ServicePort } from '../service';
import type { EgressListener } from '../sidecar-egress';
import { topologyLabels } from '../topology-labels';
import type { AccessLog } from '../xds/access-log';
import type { Listener, NetworkFilter } from '../xds/listener';

/** The ports to which iptables redirects outbound and inbound connections. */
const [OUTBOUND, INBOUND] = [15001, 15006];

/** The outbound listeners of a sidecar, `virtualOutbound` last. */
export function sidecarListeners(settings: ListenerSettings, mesh: MeshServices, listenerLog: readonly AccessLog[]): Listener[] {
  const listeners = new OutboundListeners(settings);
  for (const egress of settings.scope.egress) {
    const routes = new ConnectionRoutes(egress.virtualServices);
    const bind = bindOf(egress.stated);
    if (egress.stated?.port) addStated(listeners, egress.stated.port, egress.services, bind, routes);
    else addServices(listeners, egress, bind, routes, { proxy: settings.scope.proxy, registry: mesh.registry });
  }
  const catchAll = catchAllFilters(settings.scope.outboundTrafficPolicy, settings.accessLog);
  return [...[...listeners.entries.values()].map(entry => outboundListener(entry, catchAll)), virtualOutbound(catchAll, listenerLog)];
}

function bindOf(stated: IstioEgressListener | undefined): Bind {
  const bindToPort = stated?.captureMode === 'NONE' || (stated?.bind ?? '').startsWith('unix://');
  return { bindToPort, binds: stated?.bind ? [stated.bind] : bindToPort ? ['127.0.0.1'] : [] };
}

/** Whether a wildcard listener would take one of the proxy's own ports. */
function isOwn({ binds }: Bind, port: number, protocol: ServicePort['protocol']): boolean {
  const isForAll = binds.length > 0 ? binds[0] === WILDCARD : isHttp(protocol);
  return isForAll && (port === OUTBOUND || port === INBOUND);
}

function addStated(
  listeners: OutboundListeners, { name = '', number = 0, protocol = '' }: SidecarPort, services: readonly Service[], bind: Bind,
  routes: ConnectionRoutes,
): void {
  const port = { name, number, protocol: parseProtocol(protocol) };
  if (isOwn(bind, port.number, port.protocol)) return;
  for (const service of services) listeners.add(service, port, bind, routes);
}

/** Adds every port of every service. It adds nothing to the listeners of earlier egress listeners. */
function addServices(
  listeners: OutboundListeners, { services }: EgressListener, bind: Bind, routes: ConnectionRoutes, places: Places,
): void {
  listeners.lock();
  for (const service of services) {
    for (const port of service.ports) {
      if (isOwn(bind, port.number, port.protocol)) continue;
      if (!hasListenerOfEachEndpoint(service, port, bind)) listeners.add(service, port, bind, routes);
      else for (const binds of endpointAddresses(service, port, places)) listeners.add(service, port, { ...bind, binds }, routes);
    }
  }
}

/** What the addresses of endpoints depend on. */
interface Places {
  readonly proxy: Proxy;
  readonly registry: MeshServices['registry'];
}

/** Whether a service gets a listener per endpoint: a headless TCP service has no address of its own. */
function hasListenerOfEachEndpoint({ resolution, address }: Service, { protocol }: ServicePort, { binds }: Bind): boolean {
  return binds.length === 0 && resolution === 'NONE' && address === WILDCARD && (isTcp(protocol) || protocol === 'Unsupported');
}

function endpointAddresses(service: Service, port: ServicePort, { proxy, registry }: Places): (readonly string[])[] {
  const endpoints = registry.endpointsAt(service, port.number);
  if (service.object.kind === 'ServiceEntry' && endpoints.length === 0 && !service.object.spec?.workloadSelector) return [[]];
  const addresses = endpoints.filter(({ address }) => isIP(address) !== 0);
  const place = topologyLabels(proxy.locality ?? '');
  const isProxy = ({ labels, namespace }: typeof addresses[number]) =>
    namespace === proxy.namespace && hasLabels({ ...proxy, labels: { ...place, ...labels } }, proxy.labels);
  const own = proxy.labels && addresses.find(isProxy);
  return addresses.filter(({ address }) => address !== own?.address).map(({ address }) => [address]);
}

function catchAllFilters({ mode, egressProxy }: ProxyScope['outboundTrafficPolicy'], accessLog: readonly AccessLog[]): NetworkFilter[] {
  const through = egressProxy ? destinationCluster(egressProxy, undefined, 0) : 'PassthroughCluster';
  return [tcpProxy(mode === 'ALLOW_ANY' ? through : 'BlackHoleCluster', accessLog)];
}

/** The listener that accepts all outbound connections. It passes through or drops those that no other listener matches. */
function virtualOutbound(catchAll: readonly NetworkFilter[], accessLog: readonly AccessLog[]): Listener {
  return message<Listener>({
    name: 'virtualOutbound',
    address: socketAddress(WILDCARD, OUTBOUND),
    useOriginalDst: true,
    filterChains: [
      { name: 'virtualOutbound-blackhole', filterChainMatch: { destinationPort: OUTBOUND }, filters: [tcpProxy('BlackHoleCluster', [])] },
      { name: 'virtualOutbound-catchall-tcp', filters: catchAll },
    ],
    accessLog,
    trafficDirection: 'OUTBOUND',
  });
}
