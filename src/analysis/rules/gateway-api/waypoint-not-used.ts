import { USE_WAYPOINT, USE_WAYPOINT_NAMESPACE } from '../../../manifest/waypoint-labels';
import { waypoints } from '../../facts/waypoint-bindings';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'waypoint-not-used',
  codes: [],
  severity: 'warning',
  subjects: ['Service', 'ServiceEntry'],
  title: 'The label istio.io/use-waypoint names a waypoint that does not serve the object',
  effect: 'Callers in ambient mode connect past the waypoint. Its routes and policies do not apply.',
  source: '`pilot/pkg/serviceregistry/ambient/waypoints.go`, `fetchWaypointForTarget`, `fetchWaypointForService`',
  check(object, report, index) {
    const { metadata: { labels = {} } } = object;
    const name = labels[USE_WAYPOINT];
    if (name === undefined || name === 'none') return;
    const place = labels[USE_WAYPOINT_NAMESPACE] ?? index.namespaceOf(object);
    const path = `metadata.labels['${USE_WAYPOINT}']`;
    if (!waypoints(index).get(place, name)) {
      report(path, `the waypoint '${place}/${name}' does not exist`, 'deploy it, or correct the label',
        { absent: { kind: 'Gateway', key: `${place}/${name}` } });
      return;
    }
    const binding = waypoints(index).ofService(object);
    if (binding.is === 'none') report(path, `the label has no effect: ${binding.why}`, 'correct the waypoint, or remove the label');
  },
});
