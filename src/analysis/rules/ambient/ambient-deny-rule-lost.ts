import { enforcedAction, rulesOf } from '../../facts/access-rules';
import { attributesOf } from '../../facts/access-values';
import { isOfConnection, neverMatches, placeOf } from '../../facts/connection-attributes';
import { movingPodsOf } from '../../facts/moving-pods';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'ambient-deny-rule-lost',
  codes: [],
  severity: 'error',
  step: 'admits',
  subjects: ['AuthorizationPolicy'],
  title: 'A DENY rule about requests denies nothing at ztunnel',
  effect: 'istiod drops the conditions on requests. A part of the rule in which nothing else is left never matches at ztunnel, and so the rule denies '
    + 'nothing. The status that istiod writes says that the rule denies more.',
  source: '`pilot/pkg/serviceregistry/ambient/authorization.go`, `handleRule`; ztunnel\'s `src/rbac.rs`, `Authorization::matches`',
  check(object, report, index) {
    const moving = enforcedAction(object) === 'DENY' ? movingPodsOf(object, index) : undefined;
    if (!moving) return;
    const lost = new Set<number>();
    for (const attribute of attributesOf(object)) {
      if (isOfConnection(attribute) || lost.has(attribute.rule) || !neverMatches(rulesOf(object)[attribute.rule])) continue;
      lost.add(attribute.rule);
      report(placeOf(attribute),
        `ztunnel does not read '${attribute.key}', and this rule then denies nothing: pods in '${moving.where}' admit what it denies`,
        'name the Service in targetRefs, and give it a waypoint, which reads requests', { absent: moving.absent });
    }
  },
});
