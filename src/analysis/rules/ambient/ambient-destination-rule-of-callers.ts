import { hostPolicyOf } from '../../facts/host-policies';
import { isService } from '../../facts/registry';
import { waypointOf } from '../../facts/waypoint-bindings';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'ambient-destination-rule-of-callers',
  codes: ['KIA0212'],
  severity: 'warning',
  step: 'rebalances',
  subjects: ['DestinationRule'],
  title: 'A DestinationRule is in the namespace of callers, where no waypoint looks for it',
  effect: 'A waypoint looks for DestinationRules in its own namespace, in that of the service, and in the root namespace.',
  source: '`pilot/pkg/model/push_context.go`, `destinationRule`, by the namespace of the waypoint',
  check(object, report, index) {
    const policy = hostPolicyOf(object, index);
    const [first] = policy ? index.registry.named(policy.host) : [];
    const waypoint = first && isService(first) ? waypointOf(first.object, index) : undefined;
    if (!policy || !waypoint || [first.namespace, waypoint.namespace, index.meshConfig.rootNamespace].includes(policy.namespace)) return;
    report('spec.host', `the waypoint '${waypoint.namespace}/${waypoint.name}' of '${policy.host}' does not look for DestinationRules in '${policy.namespace}'`,
      `move it to '${first.namespace}'`);
  },
});
