import type { Json } from './proxy-config';
import type { Service } from './service';

/** A cluster of calls to a service, as istiod names it. */
export function clusterName(host: string, port: number, subset = ''): string {
  return `outbound|${port}|${subset}|${host}`;
}

/** The cluster of a destination: at its own port, or the only one of its service, or the one that the proxy listens on. */
export function destinationCluster(destination: Json, service: Pick<Service, 'externalName' | 'ports'> | undefined, listenPort: number): string {
  if (!destination?.host) return 'UnknownService';
  const port = destination.port ? Number(destination.port.number ?? 0) : service?.ports.length === 1 ? service.ports[0].number : listenPort;
  return clusterName(service?.externalName || destination.host, port, destination.subset);
}
