import { fullHostsOf, isForMesh } from './virtual-services';
import { addToGroup } from '../../manifest/group-by';
import { serviceHost } from '../../manifest/host-name';
import type { Manifest } from '../../manifest/manifest';
import type { TrafficIndex } from '../traffic-index';

/** The objects that route requests for a host in the mesh, by host: VirtualServices, and routes of the Gateway API for a Service. */
export function meshRoutesOf(index: TrafficIndex): ReadonlyMap<string, readonly Manifest[]> {
  return index.memo(findRoutes);
}

function findRoutes(index: TrafficIndex): ReadonlyMap<string, readonly Manifest[]> {
  const found = new Map<string, Manifest[]>();
  for (const object of index.of('VirtualService').filter(isForMesh)) {
    if ((object.spec?.http ?? []).length > 0) for (const host of new Set(fullHostsOf(object, index))) addToGroup(found, host, object);
  }
  for (const object of [...index.of('HTTPRoute'), ...index.of('GRPCRoute')]) {
    const hosts = (object.spec?.parentRefs ?? []).filter(({ kind }) => kind === 'Service')
      .map(({ name = '', namespace = index.namespaceOf(object) }) => serviceHost(name, namespace, index.clusterDomain));
    for (const host of new Set(hosts)) addToGroup(found, host, object);
  }
  return found;
}
