import { groupBy } from '../../../manifest/group-by';
import { wildcardsOver } from '../../facts/host-lookup';
import type { HostPolicy } from '../../facts/host-policies';
import { hostPolicies, hostPolicyOf } from '../../facts/host-policies';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';
import { quotedList } from '../../words';

/** DestinationRules without a selector by `namespace/host`. */
function byPlace(index: TrafficIndex): ReadonlyMap<string, readonly HostPolicy[]> {
  return groupBy(hostPolicies(index).filter(({ hasSelector }) => !hasSelector), ({ namespace, host }) => `${namespace}/${host}`);
}

export const rule = defineRule({
  id: 'unexported-destination-rule-hides-wildcard',
  codes: [],
  severity: 'warning',
  subjects: ['DestinationRule'],
  title: 'A DestinationRule that is exported to some namespaces hides a wildcard\'s DestinationRule from all others',
  effect: 'The clusters of the others have no policy: istiod chooses the most specific object first, and then checks whether it '
    + 'is exported.',
  check(object, report, index) {
    const policy = hostPolicyOf(object, index);
    if (!policy || policy.hasSelector) return;
    const { host, namespace, exportTo } = policy;
    if (exportTo.includes('*') || !exportTo.some(scope => scope !== '.' && scope !== namespace)) return;
    const wildcards = wildcardsOver(host).flatMap(name => index.memo(byPlace).get(`${namespace}/${name}`) ?? []);
    const wildcard = wildcards.find(other => other.visibleTo === 'all');
    if (!wildcard) return;
    report('spec.exportTo', `for '${host}', callers outside the namespaces ${quotedList(exportTo)} get neither this DestinationRule nor ${
      index.nameOf(wildcard.object)} for '${wildcard.host}': istiod chooses the most specific host before it looks at exportTo`,
    'export this DestinationRule to all namespaces that call the host');
  },
});
