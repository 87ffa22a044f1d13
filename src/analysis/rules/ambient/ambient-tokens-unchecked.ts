import { movingPodsOf } from '../../facts/moving-pods';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'ambient-tokens-unchecked',
  codes: ['KIA1110', 'KIA1115'],
  severity: 'error',
  step: 'admits',
  subjects: ['RequestAuthentication'],
  title: 'A RequestAuthentication without targets checks tokens for pods that move to ambient mode',
  effect: 'ztunnel reads no tokens, and a waypoint applies only policies with targetRefs. Requests with forged or expired tokens reach the pods.',
  source: '`pilot/pkg/model/policyattachment.go`, `ShouldAttachPolicy`',
  check(object, report, index) {
    if ((object.spec?.jwtRules ?? []).length === 0) return;
    const moving = movingPodsOf(object, index);
    if (!moving) return;
    report(object.spec?.selector ? 'spec.selector' : 'spec', `no proxy checks the tokens of requests to pods in '${moving.where}': ztunnel reads none, and a waypoint asks for targetRefs`,
      'name the Service in targetRefs, and give it a waypoint', { absent: moving.absent });
  },
});
