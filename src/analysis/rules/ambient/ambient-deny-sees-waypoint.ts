import { callersBehindWaypoint } from '../../facts/callers-behind-waypoint';
import { placeOf } from '../../facts/connection-attributes';
import { defineRule } from '../../rule';

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
    const behind = callersBehindWaypoint(object, 'DENY', index);
    if (!behind) return;
    const { attribute, waypoint } = behind;
    report(placeOf(attribute), `ztunnel applies this policy, and sees the waypoint '${waypoint.namespace}/${waypoint.name}' as the caller: it denies no caller behind it`,
      'name the Service in targetRefs, so that the waypoint applies the policy to its callers');
  },
});
