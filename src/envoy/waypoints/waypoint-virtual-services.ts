import { hostsOverlap } from '../../manifest/host-name';
import type { RouteDestination } from '../../manifest/istio-specs.generated';
import type { Mesh } from '../mesh';
import type { ProxyScope } from '../proxy-scope';
import type { Service } from '../service';
import { MESH } from '../virtual-service';
import type { VirtualService } from '../virtual-service';

/** The VirtualServices that route a service at a waypoint: those of the service's namespace and of the waypoint's own. */
export function routingAt({ proxy }: ProxyScope, service: Service, { virtualServices }: Pick<Mesh, 'virtualServices'>): VirtualService[] {
  return virtualServices.visibleTo(proxy.namespace).filter(({ namespace, hosts }) => (
    (namespace === proxy.namespace || namespace === service.namespace) && hosts.some(host => hostsOverlap(host, service.host))));
}

/** The destinations of the connections to a port: of the first TLS route that takes them, else of the first TCP route. */
export function connectionRoutes(all: readonly VirtualService[], { host }: Service, port: number): readonly RouteDestination[] {
  const isForPort = ({ gateways = [], sourceLabels = {}, port: stated, sourceNamespace }: ConnectionMatch) => (
    (gateways.length === 0 || gateways.includes(MESH)) && Object.keys(sourceLabels).length === 0
    && (!stated || stated === port) && !sourceNamespace);
  for (const { tls } of all) {
    const found = tls.find(({ match = [] }) => (
      match.length === 0 || match.some(each => each.sniHosts?.length === 1 && each.sniHosts[0] === host && isForPort(each))));
    if (found?.route) return found.route;
  }
  for (const { tcp } of all) {
    const found = tcp.find(({ match = [] }) => match.length === 0 || match.some(isForPort));
    if (found?.route) return found.route;
  }
  return [];
}

/** The conditions of a match that a waypoint reads. It knows nothing of the calling pod. */
interface ConnectionMatch {
  readonly gateways?: readonly string[];
  readonly sourceLabels?: { readonly [name: string]: string };
  readonly sourceNamespace?: string;
  readonly port?: number;
}
