import { hostPolicyOf } from '../../facts/host-policies';
import { isService } from '../../facts/registry';
import { GIVE_WAYPOINT, lackOfWaypoint } from '../../facts/waypoint-bindings';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'ambient-destination-rule-without-waypoint',
  codes: ['KIA0210', 'KIA0211'],
  severity: 'warning',
  step: 'rebalances',
  subjects: ['DestinationRule'],
  title: 'A DestinationRule is for a Service that no waypoint serves',
  effect: 'ztunnel balances connections over all pods. Subsets, load balancing, limits and outlier detection of the DestinationRule are lost.',
  source: '`pilot/pkg/networking/core/cluster_waypoint.go`, `buildWaypointInboundVIPCluster`, which only a waypoint uses',
  check(object, report, index) {
    const policy = hostPolicyOf(object, index);
    const [first] = policy ? index.registry.findAll(policy.host, 'all') : [];
    if (!policy || !first || !isService(first)) return;
    const lost = [...policy.parts.filter(part => part !== 'tls'), ...policy.subsets.length > 0 ? ['subsets'] : []];
    const lack = lost.length > 0 ? lackOfWaypoint(first.object, index) : undefined;
    if (!lack) return;
    report('spec.host', `no waypoint serves '${policy.host}', and ztunnel applies no DestinationRule: ${lost.join(', ')} ${lost.length === 1 && lost[0] !== 'subsets' ? 'is' : 'are'} lost`, GIVE_WAYPOINT, lack);
  },
});
