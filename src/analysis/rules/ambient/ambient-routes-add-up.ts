import { meshRoutesOf } from '../../facts/mesh-routing';
import { waypointOf } from '../../facts/waypoint-bindings';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'ambient-routes-add-up',
  codes: [],
  severity: 'warning',
  step: 'reroutes',
  subjects: ['Service'],
  title: 'Several objects route a Service that a waypoint serves',
  effect: 'A sidecar obeys the oldest object alone. A waypoint puts the routes of all objects one behind the other.',
  source: '`pilot/pkg/networking/core/listener_waypoint.go`, `buildWaypointInboundHTTPRouteConfig`',
  check(object, report, index) {
    const host = index.fullHost(object.metadata.name, index.namespaceOf(object));
    const [first, second] = meshRoutesOf(index).get(host) ?? [];
    if (!second || !waypointOf(object, index)) return;
    report('metadata.name', `the waypoint applies the routes of ${first.kind} '${index.nameOf(first)}' and of ${second.kind} '${index.nameOf(second)}', a sidecar those of one`,
      'join them in one object');
  },
});
