import { enforcedAction, rulesOf } from '../../facts/access-rules';
import { attributesOf } from '../../facts/access-values';
import { isOfConnection, lostWith, placeOf } from '../../facts/connection-attributes';
import { movingPodsOf } from '../../facts/moving-pods';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'ambient-deny-rule-lost',
  codes: [],
  severity: 'error',
  step: 'admits',
  subjects: ['AuthorizationPolicy'],
  title: 'A DENY rule about requests denies nothing at ztunnel',
  effect: 'istiod drops the conditions on requests. An entry of `from` or `to` in which nothing else is left never matches at ztunnel, and a rule '
    + 'without another entry there denies nothing. The status that istiod writes says that the rule denies more.',
  source: '`pilot/pkg/serviceregistry/ambient/authorization.go`, `handleRule`; ztunnel\'s `src/rbac.rs`, `Authorization::matches`',
  check(object, report, index) {
    const moving = enforcedAction(object) === 'DENY' ? movingPodsOf(object, index) : undefined;
    if (!moving) return;
    const told = new Set<unknown>();
    for (const attribute of attributesOf(object)) {
      const lost = isOfConnection(attribute) ? undefined : lostWith(attribute, rulesOf(object)[attribute.rule]);
      const whole = lost === 'rule' ? attribute.rule : attribute.part;
      if (lost === undefined || told.has(whole)) continue;
      told.add(whole);
      report(placeOf(attribute),
        `ztunnel does not read '${attribute.key}', and this ${lost} then denies nothing: pods in '${moving.where}' admit what it denies`,
        'name the Service in targetRefs, and give it a waypoint, which reads requests', { absent: moving.absent });
    }
  },
});
