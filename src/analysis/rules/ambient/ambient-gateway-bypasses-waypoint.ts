import { gatewayDestinations } from '../../facts/gateway-calls';
import { waypointOf, waypoints } from '../../facts/waypoint-bindings';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'ambient-gateway-bypasses-waypoint',
  codes: [],
  severity: 'warning',
  step: 'admits',
  subjects: ['Service'],
  title: 'A gateway calls a Service past its waypoint',
  effect: 'The gateway connects to the pods itself. The policies and routes of the waypoint do not apply to its requests.',
  source: '`pilot/pkg/serviceregistry/ambient/services.go`, `ingressUseWaypointFromLabels`',
  check(object, report, index) {
    const waypoint = waypointOf(object, index);
    const host = index.fullHost(object.metadata.name, index.namespaceOf(object));
    const [caller] = waypoint ? gatewayDestinations(index).get(host) ?? [] : [];
    if (!waypoint || !caller || waypoints(index).takesIngress(object) !== false) return;
    report('metadata.name', `requests through the gateway of ${caller} bypass the waypoint '${waypoint.namespace}/${waypoint.name}' and its policies`,
      'label the Service istio.io/ingress-use-waypoint=true, or apply the policies at the gateway too');
  },
});
