import type { Service } from './service';
import type { Destination } from '../manifest/istio-specs.generated';

/** A cluster of calls to a service, as istiod names it. */
export function clusterName(host: string, port: number, subset = ''): string {
  return `outbound|${port}|${subset}|${host}`;
}

/** The cluster of a destination: at its own port, or the only one of its service, or the one that the proxy listens on. */
export function destinationCluster(
  destination: Destination | undefined, service: Pick<Service, 'externalName' | 'ports'> | undefined, listenPort: number,
): string {
  if (!destination?.host) return 'UnknownService';
  const port = destination.port ? destination.port.number ?? 0 : service?.ports.length === 1 ? service.ports[0].number : listenPort;
  return clusterName(service?.externalName || destination.host, port, destination.subset);
}

/** What istiod's name of a cluster says of the service whose calls it takes. */
export interface ServiceCluster {
  readonly host: string;
  readonly port: number;
  readonly subset?: string;
}

/** Reads the name of a cluster of calls to a service; undefined for other clusters. */
export function parseClusterName(name: string): ServiceCluster | undefined {
  const [direction, port, subset, host] = name.split('|');
  return direction === 'outbound' && host ? { host, port: Number(port), ...(subset && { subset }) } : undefined;
}
