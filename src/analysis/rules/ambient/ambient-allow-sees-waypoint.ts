import { callersBehindWaypoint } from '../../facts/callers-behind-waypoint';
import { placeOf } from '../../facts/connection-attributes';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'ambient-allow-sees-waypoint',
  codes: [],
  severity: 'warning',
  step: 'refuses',
  subjects: ['AuthorizationPolicy'],
  title: 'An ALLOW policy without targets names callers whose connections pass a waypoint',
  effect: 'The connections to the pods come from the waypoint, with its identity. A rule that admits other identities refuses all of them.',
  source: '`pilot/pkg/model/policyattachment.go`, `ShouldAttachPolicy`; `pilot/pkg/serviceregistry/ambient/authorization.go`, '
    + '`convertAuthorizationPolicy`',
  check(object, report, index) {
    const behind = callersBehindWaypoint(object, 'ALLOW', index);
    if (!behind) return;
    const { attribute, waypoint } = behind;
    report(placeOf(attribute), `ztunnel applies this policy, and sees the waypoint '${waypoint.namespace}/${waypoint.name}' as the caller: it admits no caller behind it unless it names the waypoint`,
      'name the Service in targetRefs, so that the waypoint applies the policy to its callers');
  },
});
