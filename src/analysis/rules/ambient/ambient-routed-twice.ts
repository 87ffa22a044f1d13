import { gatewayDestinations } from '../../facts/gateway-calls';
import { meshRoutesOf } from '../../facts/mesh-routing';
import { waypointOf, waypoints } from '../../facts/waypoint-bindings';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'ambient-routed-twice',
  codes: [],
  severity: 'warning',
  step: 'reroutes',
  subjects: ['Service'],
  title: 'A gateway and a waypoint both route the requests for a Service',
  effect: 'The gateway applies its routes, and the waypoint then applies those of the mesh: splits, retries and header changes apply twice. Subsets and load '
    + 'balancing at the gateway have no effect, because its endpoint is the waypoint.',
  source: '`pilot/pkg/serviceregistry/ambient/sidecar_interop.go`, `RegisterEdsShim`, `ingressUseWaypoint`',
  check(object, report, index) {
    const host = index.fullHost(object.metadata.name, index.namespaceOf(object));
    if (!waypointOf(object, index) || waypoints(index).takesIngress(object) !== true) return;
    const [caller] = gatewayDestinations(index).get(host) ?? [];
    const [route] = meshRoutesOf(index).get(host) ?? [];
    if (!caller || !route) return;
    report('metadata.name', `requests through a gateway are routed by ${caller}, and again at the waypoint by ${route.kind} '${index.nameOf(route)}'`,
      'route at one of the two: let the gateway send everything to the Service without a subset');
  },
});
