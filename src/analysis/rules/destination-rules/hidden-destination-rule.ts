import { isVisible } from '../../../manifest/export-to';
import { groupBy } from '../../../manifest/group-by';
import { isWildcard } from '../../../manifest/host-name';
import { homesOf } from '../../facts/host-homes';
import { hostAndWildcards, wildcardsOver } from '../../facts/host-lookup';
import type { HostPolicy } from '../../facts/host-policies';
import { hostPolicies, hostPolicyOf } from '../../facts/host-policies';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

/** What callers lose of one DestinationRule where another one hides it. */
function lossOf(nearer: HostPolicy, farther: HostPolicy): string[] {
  const stated = new Set(nearer.parts);
  const parts = farther.parts.filter(part => !stated.has(part));
  const named = new Set(nearer.subsetNames);
  const subsets = isWildcard(farther.host) ? [] : farther.subsetNames.filter(name => !named.has(name)).map(name => `subset '${name}'`);
  return [...parts, ...subsets];
}

/** DestinationRules without a selector, by their hosts and by the wildcards over these. */
function candidates(index: TrafficIndex) {
  const byHost = groupBy(hostPolicies(index).filter(({ hasSelector }) => !hasSelector), ({ host }) => host);
  const byNamespace = new Map([...byHost].map(([host, policies]) => [host, groupBy(policies, ({ namespace }) => namespace)]));
  // Only what lies inside a wildcard that a DestinationRule has is ever asked for.
  const hasWildcards = [...byHost.keys()].some(isWildcard);
  const held = hasWildcards ? [...byHost.values()].flat()
    .flatMap(policy => wildcardsOver(policy.host).map(wildcard => ({ wildcard, policy }))) : [];
  return { byNamespace, within: groupBy(held, ({ wildcard }) => wildcard) };
}

/** The DestinationRules that the callers of one would use if it did not exist. */
function hiddenBy(nearer: HostPolicy, index: TrafficIndex): HostPolicy[] {
  const { rootNamespace } = index.meshConfig;
  const { byNamespace, within } = index.memo(candidates);
  const { host, namespace } = nearer;
  const homes = homesOf(host, index);
  const rank = (policy: HostPolicy) => {
    if (policy.namespace === namespace) return 0;
    if (homesOf(isWildcard(host) ? policy.host : host, index).has(policy.namespace)) return 1;
    return policy.namespace === rootNamespace ? 2 : 3;
  };
  const inside = isWildcard(host) ? within.get(host) ?? [] : [];
  // The others of its namespace for its host are merged with it, or lost. Of a host, callers use what its home and the root namespace have.
  const asked = new Set([namespace, ...homes, rootNamespace]);
  const policiesFor = (name: string) => {
    const known = byNamespace.get(name);
    const namespaces = isWildcard(host) ? known?.keys() ?? [] : asked;
    return [...namespaces].flatMap(of => (of === namespace && name === host ? [] : known?.get(of) ?? []));
  };
  const all = [...hostAndWildcards(host).flatMap(policiesFor), ...inside.map(({ policy }) => policy)];
  return all.filter(other => {
    if (other.object === nearer.object) return false;
    if (other.namespace === namespace) return isWildcard(other.host) && (isWildcard(host) ? other.host.length < host.length : true);
    if (namespace === rootNamespace || rank(other) === 3) return false;
    // Callers try their own namespace before the service's, and this one before the root namespace.
    return (homes.has(namespace) ? rank(other) === 2 : true) && isVisible(other.visibleTo, namespace);
  });
}

const MOST_NAMED = 3;

export const rule = defineRule({
  id: 'hidden-destination-rule',
  codes: ['KIA0201', 'KIA0204'],
  severity: 'warning',
  subjects: ['DestinationRule'],
  title: 'A nearer or more specific DestinationRule hides another one, and lacks some of its settings',
  effect: 'The clusters of the host have the settings of the nearer object alone. Subsets of the other one do not exist: 503, flag NC.',
  check(object, report, index) {
    const nearer = hostPolicyOf(object, index);
    if (!nearer || nearer.hasSelector || (nearer.visibleTo !== 'all' && nearer.visibleTo.size === 0)) return;
    const losses = hiddenBy(nearer, index).map(farther => ({ farther, loss: lossOf(nearer, farther) }))
      .filter(({ loss }) => loss.length > 0);
    if (losses.length === 0) return;
    const text = losses.slice(0, MOST_NAMED).map(({
      farther,
      loss,
    }) => `${loss.join(', ')} of ${index.nameOf(farther.object)} ('${farther.host}')`).join('; ');
    report('spec', 'its callers use this DestinationRule alone, without '
      + `${text}${losses.length > MOST_NAMED ? ` and ${losses.length - MOST_NAMED} more` : ''}: one DestinationRule inherits nothing `
        + 'from another',
    'repeat here what must apply, or remove this DestinationRule');
  },
});
