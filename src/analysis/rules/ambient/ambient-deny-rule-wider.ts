import { enforcedAction, rulesOf } from '../../facts/access-rules';
import { attributesOf } from '../../facts/access-values';
import { isOfConnection, lostWith, placeOf } from '../../facts/connection-attributes';
import { movingPodsOf } from '../../facts/moving-pods';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'ambient-deny-rule-wider',
  codes: [],
  severity: 'error',
  step: 'refuses',
  subjects: ['AuthorizationPolicy'],
  title: 'A DENY rule about requests denies whole connections at ztunnel',
  effect: 'istiod drops the conditions on requests, and ztunnel denies all connections that meet the conditions that are left.',
  source: '`pilot/pkg/serviceregistry/ambient/authorization.go`, `handleRule`',
  check(object, report, index) {
    const moving = enforcedAction(object) === 'DENY' ? movingPodsOf(object, index) : undefined;
    if (!moving) return;
    const wider = new Set<number>();
    for (const attribute of attributesOf(object)) {
      if (isOfConnection(attribute) || wider.has(attribute.rule) || lostWith(attribute, rulesOf(object)[attribute.rule])) continue;
      wider.add(attribute.rule);
      report(placeOf(attribute),
        `ztunnel does not read '${attribute.key}', and denies whole connections to pods in '${moving.where}' by the rest of this rule`,
        'name the Service in targetRefs, and give it a waypoint, which reads requests', { absent: moving.absent });
    }
  },
});
