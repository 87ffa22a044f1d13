import { enforcedAction, rulesOf } from '../../facts/access-rules';
import { attributesOf } from '../../facts/access-values';
import { isOfConnection, lostWith, placeOf } from '../../facts/connection-attributes';
import { movingPodsOf } from '../../facts/moving-pods';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'ambient-allow-rule-lost',
  codes: ['KIA0109'],
  severity: 'error',
  step: 'refuses',
  subjects: ['AuthorizationPolicy'],
  title: 'An ALLOW rule about requests admits nothing at ztunnel',
  effect: 'istiod omits the rule, or leaves an entry of it without a condition, which ztunnel never matches. The policy still applies, so that '
    + 'ztunnel refuses every connection that nothing else admits.',
  source: '`pilot/pkg/serviceregistry/ambient/authorization.go`, `handleRule`',
  check(object, report, index) {
    const moving = enforcedAction(object) === 'ALLOW' ? movingPodsOf(object, index) : undefined;
    if (!moving) return;
    const told = new Set<unknown>();
    for (const attribute of attributesOf(object)) {
      if (isOfConnection(attribute)) continue;
      // istiod drops conditions on trust domains, and keeps what else the rule compares.
      const lost = attribute.key === 'trustDomains' ? lostWith(attribute, rulesOf(object)[attribute.rule]) : 'rule';
      const whole = lost === 'rule' ? attribute.rule : attribute.part;
      if (lost === undefined || told.has(whole)) continue;
      told.add(whole);
      report(placeOf(attribute), `ztunnel does not read '${attribute.key}', and this ${lost} admits nothing: pods in '${moving.where}' refuse what it admits`,
        'name the Service in targetRefs, and give it a waypoint, which reads requests', { absent: moving.absent });
    }
  },
});
