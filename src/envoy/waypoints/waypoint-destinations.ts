import type { ServedServices } from './served-services';
import type { Destination } from '../../manifest/istio-specs.generated';
import { clusterName } from '../cluster-name';
import type { Protocol } from '../protocol';
import { isHttpOrGuessed } from '../protocol';
import type { ProxyScope } from '../proxy-scope';

/** What a waypoint speaks with the pods of a service. */
export type VipProtocol = 'http' | 'tcp';

/** istiod's name of a waypoint's cluster for the pods of a service that it serves. */
export function vipClusterName(host: string, port: number, protocol: VipProtocol, subset = ''): string {
  return `inbound-vip|${port}|${protocol}${subset === '' ? '' : `/${subset}`}|${host}`;
}

/** How a waypoint reads the connections to a port. */
export function vipProtocols(protocol: Protocol): readonly VipProtocol[] {
  if (protocol === 'UDP') return [];
  if (protocol === 'Unsupported') return ['tcp', 'http'];
  return [isHttpOrGuessed(protocol) ? 'http' : 'tcp'];
}

/** The cluster of a destination: of its pods, if the waypoint serves it, else of the service as any client sees it. */
export function waypointCluster(
  destination: Destination | undefined, listenPort: number, scope: Pick<ProxyScope, 'service'>, served: ServedServices,
): string {
  const { host = '', port, subset } = destination ?? {};
  if (host === '') return 'UnknownService';
  const service = scope.service(host);
  const number = port ? port.number ?? 0 : service?.ports.length === 1 ? service.ports[0].number : listenPort;
  if (service && !served.isServed(service.host)) return clusterName(host, number, subset);
  const found = service?.ports.find(each => each.number === number);
  const protocol = found && !isHttpOrGuessed(found.protocol) ? 'tcp' : 'http';
  return vipClusterName(host, number, protocol, subset);
}
