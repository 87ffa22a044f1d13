import { destinationsOf } from './destinations';
import { MESH } from './virtual-services';
import { addToGroup } from '../../manifest/group-by';
import { serviceHost } from '../../manifest/host-name';
import type { TrafficIndex } from '../traffic-index';

/** The objects that send requests from a gateway to a host, as messages name them, by host. */
export function gatewayDestinations(index: TrafficIndex): ReadonlyMap<string, readonly string[]> {
  return index.memo(findDestinations);
}

function findDestinations(index: TrafficIndex): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const object of index.of('VirtualService')) {
    if (!(object.spec?.gateways ?? []).some(gateway => gateway !== MESH)) continue;
    for (const host of new Set(destinationsOf(object, index).map(destination => destination.host))) {
      addToGroup(found, host, `VirtualService '${index.nameOf(object)}'`);
    }
  }
  for (const object of [...index.of('HTTPRoute'), ...index.of('GRPCRoute')]) {
    const { parentRefs = [], rules = [] } = object.spec ?? {};
    if (!parentRefs.some(({ kind = 'Gateway' }) => kind === 'Gateway')) continue;
    const own = index.namespaceOf(object);
    const hosts = rules.flatMap(({ backendRefs = [] }) => backendRefs).filter(({ kind = 'Service' }) => kind === 'Service')
      .map(({ name = '', namespace = own }) => serviceHost(name, namespace, index.clusterDomain));
    for (const host of new Set(hosts)) addToGroup(found, host, `${object.kind} '${index.nameOf(object)}'`);
  }
  return found;
}
