import { isForMesh, matchesIn } from '../../facts/virtual-services';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'ambient-source-labels',
  codes: [],
  severity: 'warning',
  step: 'reroutes',
  subjects: ['VirtualService'],
  title: 'A route matches labels of the calling pods',
  effect: 'A waypoint does not know the pods of callers. It drops the match, and with it the route of these callers.',
  source: '`pilot/pkg/networking/core/listener_waypoint.go`, `waypointInboundRoute`',
  check(object, report) {
    if (!isForMesh(object)) return;
    for (const { match, path } of matchesIn(object)) {
      if (Object.keys(match.sourceLabels ?? {}).length === 0) continue;
      report(`${path}.sourceLabels`, 'a waypoint drops a match with sourceLabels: the requests that it takes go to the next route', 'match a header that the callers send, or decide by an AuthorizationPolicy at the waypoint');
    }
  },
});
