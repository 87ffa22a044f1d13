import { destinationsOf } from '../../facts/destinations';
import { isService } from '../../facts/registry';
import { fullHostsOf, isForMesh } from '../../facts/virtual-services';
import { lackOfWaypoint } from '../../facts/waypoint-bindings';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'ambient-egress-route-lost',
  codes: [],
  severity: 'warning',
  step: 'admits',
  subjects: ['VirtualService'],
  title: 'A VirtualService sends calls of an external host elsewhere, and no waypoint serves the host',
  effect: 'ztunnel reads no routes, and connects to the external host itself. An egress gateway and its policies are bypassed.',
  source: '`pilot/pkg/networking/core/listener_waypoint.go`, `getVirtualServiceForWaypoint`, which only a waypoint uses',
  check(object, report, index) {
    if (!isForMesh(object)) return;
    fullHostsOf(object, index).forEach((host, i) => {
      const [first] = index.registry.findAll(host, 'all');
      if (!first || isService(first)) return;
      const other = destinationsOf(object, index).find(destination => destination.host !== host);
      const lack = other && lackOfWaypoint(first.object, index);
      if (!lack) return;
      report(`spec.hosts[${i}]`, `no waypoint serves '${host}', so calls go to it directly, not to '${other.host}'`,
        'label the ServiceEntry istio.io/use-waypoint with the name of a waypoint', lack);
    });
  },
});
