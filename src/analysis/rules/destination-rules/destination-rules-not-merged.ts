import type { HostPolicy } from '../../facts/host-policies';
import { splitPolicyOf } from '../../facts/split-policies';
import { defineRule } from '../../rule';

function haveCommonCallers({ visibleTo: mine }: HostPolicy, { visibleTo: theirs }: HostPolicy): boolean {
  return mine === 'all' || theirs === 'all' || [...mine].some(namespace => theirs.has(namespace));
}

/** What istiod makes of two that are exported differently, of which the first comes first. */
function outcomeOf(earlier: HostPolicy, later: HostPolicy): string {
  const more = later.exportTo.filter(scope => !earlier.exportTo.includes(scope));
  const isWider = earlier.exportTo.length > 0 && !later.exportTo.includes('*')
    && earlier.exportTo.every(scope => later.exportTo.includes(scope));
  if (!isWider) return 'they do not merge, and callers of both get the subsets and policy of one alone (in most cases the newest)';
  const others = `callers in ${more.map(scope => (scope === '.' ? `'${later.namespace}'` : `'${scope}'`)).join(', ')}`;
  return earlier.exportTo.join() === '.' ? `they merge for the callers of both, and ${others} get `
    + 'this one alone' : `they merge for the callers of both, and ${others} get neither`;
}

function scopesText({ exportTo }: HostPolicy): string {
  return exportTo.length === 0 ? 'unset' : `[${exportTo.join(', ')}]`;
}

export const rule = defineRule({
  id: 'destination-rules-not-merged',
  codes: ['KIA0201'],
  severity: 'error',
  subjects: ['DestinationRule'],
  title: 'Two DestinationRules for a host have different exportTo, so some callers get only one of them, or none',
  effect: 'The clusters of the host have the settings of the newest object alone, or none. Subsets of the others do not exist: '
    + '503, flag NC.',
  check(object, report, index) {
    const { own, group } = splitPolicyOf(object, index) ?? {};
    const other = own && group?.exportedOtherwiseBefore(own, one => haveCommonCallers(one, own));
    if (!other) return;
    report('spec.exportTo', `${index.nameOf(other.object)} is for '${own.host}' too, but its exportTo is ${scopesText(other)} and this `
      + `one's is ${scopesText(own)}: ${outcomeOf(other, own)}`,
    'put both into one DestinationRule, or give both the same exportTo (no exportTo is not the same as \'*\')');
  },
});
