import { reachOf } from '../../../envoy/access/policy-reach';
import { enforcedAction, reducedRules } from '../../facts/access-rules';
import { judgementsOf } from '../../facts/judgements';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'access-condition-dropped',
  codes: [],
  severity: 'error',
  subjects: ['AuthorizationPolicy'],
  title: 'istiod cannot read the key of a condition',
  effect: 'istiod accepts the policy. It omits an ALLOW rule with such a condition, and drops the condition from a DENY rule, which then '
    + 'denies more.',
  check(object, report, index) {
    const action = enforcedAction(object);
    if (action === undefined) return;
    for (const { lost, path, sent } of reducedRules(object, false, index)) {
      const effect = !sent ? 'omits the rule, which lets no request in'
        : reachOf(sent) === 'everything' ? 'drops it from the rule, which then matches every request' : 'drops it from the rule';
      for (const { key, path: place } of lost) {
        // Another rule reports a key that admission rejects.
        if (judgementsOf(object, index).some(({ path: judged }) => judged.startsWith(`${path}.when`))) continue;
        report(`${path}.${place}`, `istiod cannot read '${key}', and ${effect}`, `write ${rightKey(key)}`);
      }
    }
  },
});

/** A key of the kind that is meant. */
function rightKey(key: string): string {
  if (key.startsWith('request.headers')) return 'request.headers[NAME] with the name of a header';
  if (key.startsWith('request.auth.claims')) return 'request.auth.claims[NAME] with the name of a claim';
  return key.startsWith('experimental.') ? 'experimental.envoy.filters.FILTER[KEY]' : 'a value that the field takes';
}
