import { enforcedAction } from '../../facts/access-rules';
import { movingPodsOf } from '../../facts/moving-pods';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'ambient-custom-policy-ignored',
  codes: [],
  severity: 'error',
  step: 'admits',
  subjects: ['AuthorizationPolicy'],
  title: 'A CUSTOM policy without targets asks its authorizer about pods that move to ambient mode',
  effect: 'istiod sends ztunnel no policy with the action CUSTOM. Requests pass without the answer of the external authorizer.',
  source: '`pilot/pkg/serviceregistry/ambient/authorization.go`, `convertAuthorizationPolicy`',
  check(object, report, index) {
    const moving = enforcedAction(object) === 'CUSTOM' ? movingPodsOf(object, index) : undefined;
    if (!moving) return;
    report('spec.action', `ztunnel ignores CUSTOM: requests to pods in '${moving.where}' pass without the external authorizer`,
      'name the Service in targetRefs, and give it a waypoint, which asks the authorizer', { absent: moving.absent });
  },
});
