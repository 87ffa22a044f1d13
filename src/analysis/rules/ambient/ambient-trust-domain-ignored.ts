import { enforcedAction, rulesOf } from '../../facts/access-rules';
import { attributesOf } from '../../facts/access-values';
import { lostWith, placeOf } from '../../facts/connection-attributes';
import { movingPodsOf } from '../../facts/moving-pods';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'ambient-trust-domain-ignored',
  codes: [],
  severity: 'warning',
  step: 'admits',
  subjects: ['AuthorizationPolicy'],
  title: 'An ALLOW rule admits callers of every trust domain at ztunnel',
  effect: 'istiod drops the condition on the trust domain, and tells nothing about it. ztunnel compares what else the rule states.',
  source: '`pilot/pkg/serviceregistry/ambient/authorization.go`, `handleRule`',
  check(object, report, index) {
    const moving = enforcedAction(object) === 'ALLOW' ? movingPodsOf(object, index) : undefined;
    if (!moving) return;
    for (const attribute of attributesOf(object)) {
      if (attribute.key !== 'trustDomains' || lostWith(attribute, rulesOf(object)[attribute.rule])) continue;
      report(placeOf(attribute), `ztunnel does not read 'trustDomains': pods in '${moving.where}' admit such callers of any trust domain`,
        'name the callers in principals, which include the trust domain', { absent: moving.absent });
    }
  },
});
