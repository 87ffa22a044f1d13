import { hostPolicyOf } from '../../facts/host-policies';
import { isService } from '../../facts/registry';
import { lackOfWaypoint } from '../../facts/waypoint-bindings';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'ambient-tls-not-originated',
  codes: [],
  severity: 'warning',
  step: 'admits',
  subjects: ['DestinationRule'],
  title: 'A DestinationRule starts TLS to an external host that no waypoint serves',
  effect: 'ztunnel passes on the bytes of the application. What sidecars encrypt leaves the mesh in plaintext.',
  source: '`pilot/pkg/networking/core/cluster_waypoint.go`, `buildWaypointTLSContext`, which only a waypoint uses',
  check(object, report, index) {
    const policy = hostPolicyOf(object, index);
    const [first] = policy ? index.registry.findAll(policy.host, 'all') : [];
    if (!policy || !first || isService(first)) return;
    const settings = [policy.policy, ...policy.policy?.portLevelSettings ?? []];
    const place = settings.findIndex(one => one?.tls?.mode === 'SIMPLE' || one?.tls?.mode === 'MUTUAL');
    const lack = place < 0 ? undefined : lackOfWaypoint(first.object, index);
    if (!lack) return;
    report(`spec.trafficPolicy${place === 0 ? '' : `.portLevelSettings[${place - 1}]`}.tls`, `no waypoint serves '${policy.host}', so no proxy starts TLS to it in ambient mode`,
      'give the ServiceEntry a waypoint with the label istio.io/use-waypoint, or let the application use TLS', lack);
  },
});
