import { meshRoutesOf } from '../../facts/mesh-routing';
import { waypointOf } from '../../facts/waypoint-bindings';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'ambient-headless-service',
  codes: [],
  severity: 'warning',
  step: 'reroutes',
  subjects: ['Service'],
  title: 'A headless Service has routes, and its callers connect to pods',
  effect: 'A headless Service has no address of its own that ztunnel could hand to a waypoint. Its routes and policies on requests do not apply.',
  source: '`pilot/pkg/networking/core/listener_waypoint.go`, `buildWaypointInternal`: a filter chain per address of a service',
  check(object, report, index) {
    if (object.spec?.clusterIP !== 'None') return;
    const host = index.fullHost(object.metadata.name, index.namespaceOf(object));
    const [route] = meshRoutesOf(index).get(host) ?? [];
    if (!route && !waypointOf(object, index)) return;
    const lost = route ? `the routes of ${route.kind} '${index.nameOf(route)}' are lost` : 'the waypoint of its label is not used';
    report('spec.clusterIP', `calls of a headless Service go to the addresses of pods, so ${lost} in ambient mode`,
      'route a Service with a cluster IP; for policies alone, give the pods a waypoint with the label istio.io/waypoint-for: workload');
  },
});
