import { enforcedAction, rulesOf } from '../../facts/access-rules';
import { attributesOf } from '../../facts/access-values';
import { isOfConnection, neverMatches, placeOf } from '../../facts/connection-attributes';
import { movingPodsOf } from '../../facts/moving-pods';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'ambient-allow-rule-lost',
  codes: ['KIA0109'],
  severity: 'error',
  step: 'refuses',
  subjects: ['AuthorizationPolicy'],
  title: 'An ALLOW rule about requests admits nothing at ztunnel',
  effect: 'istiod omits the rule, or leaves it without a condition, and ztunnel then never matches it. The policy still applies, so that ztunnel refuses every connection that no other rule admits.',
  source: '`pilot/pkg/serviceregistry/ambient/authorization.go`, `handleRule`',
  check(object, report, index) {
    const moving = enforcedAction(object) === 'ALLOW' ? movingPodsOf(object, index) : undefined;
    if (!moving) return;
    const lost = new Set<number>();
    for (const attribute of attributesOf(object)) {
      if (isOfConnection(attribute) || lost.has(attribute.rule)) continue;
      // istiod drops conditions on trust domains, and keeps what else the rule compares.
      if (attribute.key === 'trustDomains' && !neverMatches(rulesOf(object)[attribute.rule])) continue;
      lost.add(attribute.rule);
      report(placeOf(attribute), `ztunnel does not read '${attribute.key}', and this rule admits nothing: pods in '${moving.where}' refuse what it admits now`,
        'name the Service in targetRefs, and give it a waypoint, which reads requests', { absent: moving.absent });
    }
  },
});
