import { GATEWAY_NAME } from '../../gateway-api/managed-services';
import type { Served, Waypoint, Waypoints } from '../../gateway-api/waypoints';
import { age } from '../../manifest/kubernetes-object';
import { isIpAddress } from '../kubernetes-services';
import type { ServiceRegistry } from '../service-registry';

/** A workload with its address. */
interface Addressed extends Served {
  readonly name: string;
  readonly address: string;
  readonly creationTimestamp?: string;
}

/** The addresses of workloads whose own connections pass a waypoint: of pods, of WorkloadEntries, and of endpoints of ServiceEntries. */
export function servedWorkloads(waypoint: Waypoint, waypoints: Waypoints, registry: ServiceRegistry): readonly string[] {
  const isServed = (workload: Addressed) => {
    const { namespace, labels } = workload;
    if (!isIpAddress(workload.address) || waypoints.get(namespace, labels?.[GATEWAY_NAME] ?? '')) return false;
    const binding = waypoints.ofWorkload(workload);
    return binding.is === 'bound' && binding.waypoint === waypoint;
  };
  const [pods, endpoints, entries] = [registry.runningPods, statedEndpoints(registry), registry.statedWorkloads]
    .map(group => group.filter(isServed).sort(byName));
  const stated = [...endpoints, ...entries].sort((a, b) => age({ metadata: a }) - age({ metadata: b }));
  return [...pods, ...stated].map(({ address }) => address);
}

/** The endpoints that ServiceEntries state. One whose hosts other objects of its namespace have counts for nothing. */
function statedEndpoints(registry: ServiceRegistry): Addressed[] {
  const objects = new Set(registry.services.flatMap(({ object, host, namespace }) => (
    object.kind === 'ServiceEntry' && registry.find(host, namespace)?.object === object ? [object] : [])));
  return [...objects].flatMap(({ metadata: { name, namespace = '', creationTimestamp }, spec }) => (
    (spec?.endpoints ?? []).map(({ address = '', labels }) => ({
      name: `${name}/${address}`, namespace, address, ...creationTimestamp && { creationTimestamp }, ...labels && { labels },
    }))));
}

function byName(a: Addressed, b: Addressed): number {
  const [left, right] = [`${a.namespace}/${a.name}`, `${b.namespace}/${b.name}`];
  return left < right ? -1 : Number(left > right);
}
