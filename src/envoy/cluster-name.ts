import type { Service } from './service';
import type { Destination } from '../manifest/istio-specs.generated';

/** istiod's name of the cluster for calls to a service. */
export function clusterName(host: string, port: number, subset = ''): string {
  return `outbound|${port}|${subset}|${host}`;
}

/** The cluster of a destination: at the destination's port, else the only port of the service, else the port that the proxy listens on. */
export function destinationCluster(
  destination: Destination | undefined, service: Pick<Service, 'externalName' | 'ports'> | undefined, listenPort: number,
): string {
  if (!destination?.host) return 'UnknownService';
  const port = destination.port ? destination.port.number ?? 0 : service?.ports.length === 1 ? service.ports[0].number : listenPort;
  return clusterName(service?.externalName || destination.host, port, destination.subset);
}

/** The service behind a cluster, as istiod's name of the cluster says. */
export interface ServiceCluster {
  readonly host: string;
  readonly port: number;
  readonly subset?: string;
}

/** Reads the name of a cluster of calls to a service, at any proxy; undefined for other clusters. */
export function parseClusterName(name: string): ServiceCluster | undefined {
  const [direction, port, subset, host] = name.split('|');
  if (!host || (direction !== 'outbound' && direction !== 'inbound-vip')) return undefined;
  // A waypoint states the protocol before the subset.
  const named = direction === 'outbound' ? subset : subset.slice(`${subset.split('/')[0]}/`.length);
  return { host, port: Number(port), ...(named && { subset: named }) };
}
