import { isService } from './registry';
import type { VirtualService } from './virtual-services';
import { fullHostsOf, isForMesh } from './virtual-services';
import { GIVE_WAYPOINT, lackOfWaypoint } from './waypoint-bindings';
import type { Report } from '../rule';
import type { TrafficIndex } from '../traffic-index';

/** Reports each Service of a VirtualService that no waypoint serves, with what its routes lose at ztunnel. */
export function reportLost(
  object: VirtualService, report: Report, index: TrafficIndex, lostIn: (host: string) => readonly string[],
): void {
  if (!isForMesh(object)) return;
  fullHostsOf(object, index).forEach((host, i) => {
    const [first] = index.registry.findAll(host, 'all');
    const lost = first && isService(first) ? lostIn(host) : [];
    const lack = lost.length > 0 ? lackOfWaypoint(first.object, index) : undefined;
    if (!lack) return;
    const what = `${lost.join(', ')} ${lost.length === 1 ? 'is' : 'are'} lost`;
    report(`spec.hosts[${i}]`, `no waypoint serves '${host}', and ztunnel reads no routes: ${what}`, GIVE_WAYPOINT, lack);
  });
}
