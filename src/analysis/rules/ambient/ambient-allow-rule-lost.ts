import { enforcedAction } from '../../facts/access-rules';
import { attributesOf } from '../../facts/access-values';
import { isOfConnection, placeOf } from '../../facts/connection-attributes';
import { movingPodsOf } from '../../facts/moving-pods';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'ambient-allow-rule-lost',
  codes: ['KIA0109'],
  severity: 'error',
  step: 'refuses',
  subjects: ['AuthorizationPolicy'],
  title: 'An ALLOW rule about requests admits nothing at ztunnel',
  effect: 'istiod omits the rule. The policy still applies, so that ztunnel refuses every connection that no other rule admits.',
  source: '`pilot/pkg/serviceregistry/ambient/authorization.go`, `handleRule`',
  check(object, report, index) {
    const moving = enforcedAction(object) === 'ALLOW' ? movingPodsOf(object, index) : undefined;
    if (!moving) return;
    const lost = new Set<number>();
    for (const attribute of attributesOf(object)) {
      if (isOfConnection(attribute) || attribute.key === 'trustDomains' || lost.has(attribute.rule)) continue;
      lost.add(attribute.rule);
      report(placeOf(attribute), `ztunnel does not read '${attribute.key}', and istiod omits this rule: pods in '${moving.where}' refuse what it admits`,
        'name the Service in targetRefs, and give it a waypoint, which reads requests', { absent: moving.absent });
    }
  },
});
