import { isService } from '../../facts/registry';
import { fullHostsOf, isForMesh } from '../../facts/virtual-services';
import { waypointOf } from '../../facts/waypoint-bindings';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'ambient-routes-of-callers',
  codes: ['KIA1114'],
  severity: 'warning',
  step: 'reroutes',
  subjects: ['VirtualService'],
  title: 'A VirtualService is in the namespace of callers, where no waypoint looks for it',
  effect: 'A waypoint applies the routes of its own namespace and of the namespace of the service. Sidecars also apply those of callers.',
  source: '`pilot/pkg/networking/core/listener_waypoint.go`, `getVirtualServiceForWaypoint`',
  check(object, report, index) {
    if (!isForMesh(object)) return;
    const own = index.namespaceOf(object);
    fullHostsOf(object, index).forEach((host, i) => {
      const [first] = index.registry.findAll(host, 'all');
      if (!first || !isService(first) || first.namespace === own) return;
      const waypoint = waypointOf(first.object, index);
      if (!waypoint || waypoint.namespace === own) return;
      report(`spec.hosts[${i}]`, `the waypoint '${waypoint.namespace}/${waypoint.name}' of '${host}' does not apply routes of '${own}'`,
        `move the VirtualService to '${first.namespace}'`);
    });
  },
});
