import { isVisible } from '../../../manifest/export-to';
import { fullHostsOf, isForMesh } from '../../facts/virtual-services';
import { visibilityOf } from '../../facts/visibility';
import { waypointOf } from '../../facts/waypoint-bindings';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'ambient-routes-hidden-from-waypoint',
  codes: [],
  severity: 'warning',
  step: 'reroutes',
  subjects: ['VirtualService'],
  title: 'exportTo hides a VirtualService from the waypoint of its host',
  effect: 'A waypoint gets the VirtualServices that its own namespace sees, not those that the callers see.',
  source: '`pilot/pkg/networking/core/listener_waypoint.go`, `buildWaypointInboundHTTPRouteConfig`, by the `SidecarScope` of the waypoint',
  check(object, report, index) {
    if (!isForMesh(object)) return;
    const own = index.namespaceOf(object);
    fullHostsOf(object, index).forEach((host, i) => {
      const [first] = index.registry.named(host);
      const waypoint = first?.namespace === own ? waypointOf(first.object, index) : undefined;
      if (!waypoint || isVisible(visibilityOf(object, index), waypoint.namespace)) return;
      report(object.spec?.exportTo ? 'spec.exportTo' : `spec.hosts[${i}]`, `the waypoint '${waypoint.namespace}/${waypoint.name}' does not see this VirtualService, so its routes for '${host}' are lost`,
        `add '${waypoint.namespace}' to exportTo`);
    });
  },
});
