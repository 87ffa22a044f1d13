import { enforcedAction } from '../../facts/access-rules';
import { attributesOf } from '../../facts/access-values';
import { isOfIdentity, placeOf } from '../../facts/connection-attributes';
import { movingPodsOf } from '../../facts/moving-pods';
import { waypointOfPods } from '../../facts/waypoint-bindings';
import { defineRule } from '../../rule';

/** Whether values may take the identity of a waypoint, whose service account has its name. */
function namesWaypoint(values: readonly string[]): boolean {
  return values.some(value => value === '*' || value.includes('waypoint'));
}

export const rule = defineRule({
  id: 'ambient-deny-sees-waypoint',
  codes: [],
  severity: 'warning',
  step: 'admits',
  subjects: ['AuthorizationPolicy'],
  title: 'A DENY policy without targets compares callers whose connections pass a waypoint',
  effect: 'The connections to the pods come from the waypoint, with its identity. A rule that denies other identities matches none of them.',
  source: '`pilot/pkg/model/policyattachment.go`, `ShouldAttachPolicy`; `pilot/pkg/serviceregistry/ambient/authorization.go`, '
    + '`convertAuthorizationPolicy`',
  check(object, report, index) {
    const moving = enforcedAction(object) === 'DENY' ? movingPodsOf(object, index) : undefined;
    if (!moving) return;
    const attribute = attributesOf(object).find(one => isOfIdentity(one) && one.values.length > 0 && !namesWaypoint(one.values));
    const waypoint = attribute && moving.pods.map(pod => waypointOfPods(pod, index)).find(one => one !== undefined);
    if (!waypoint) return;
    report(placeOf(attribute), `ztunnel applies this policy, and sees the waypoint '${waypoint.namespace}/${waypoint.name}' as the caller: it denies no caller behind it`,
      'name the Service in targetRefs, so that the waypoint applies the policy to its callers');
  },
});
