import { Location } from '../../traffic/service-entry';
import type { ServiceEntryParts } from '../../traffic/service-entry';

/** The ServiceEntry of hosts outside the cluster. */
export function serviceEntry(entry: ServiceEntryParts & { readonly subjectAltNames?: string[] }): object {
  return {
    hosts: entry.hosts,
    addresses: entry.addresses,
    ports: entry.ports.map(({ number, name, protocol, targetPort }) => ({ number, name, protocol, targetPort })),
    location: entry.location ?? Location.MESH_EXTERNAL,
    resolution: entry.resolution,
    endpoints: entry.endpoints && entry.endpoints.length > 0 ? entry.endpoints : undefined,
    workloadSelector: entry.workloadSelector && { labels: entry.workloadSelector },
    exportTo: entry.exportTo,
    subjectAltNames: entry.subjectAltNames,
  };
}
