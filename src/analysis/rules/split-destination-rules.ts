import { groupBy } from '../../manifest/group-by';
import { byAge } from '../../manifest/kubernetes-object';
import type { Labels } from '../../manifest/labels';
import { selects } from '../../manifest/labels';
import { labelsOf } from '../fields';
import type { StatedPolicy } from '../stated-policies';
import { partsOf, statedPolicies, subsetNamesOf } from '../stated-policies';
import type { TrafficIndex } from '../traffic-index';
import type { TrafficRule } from '../traffic-rule';

/** DestinationRules of one namespace for one host, where there are several: those without selector, in Istio's order, and those with one. */
function groups(index: TrafficIndex): { readonly plain: readonly StatedPolicy[]; readonly selecting: readonly StatedPolicy[] }[] {
  return [...groupBy(statedPolicies(index), ({ namespace, host }) => `${namespace}/${host}`).values()].filter(group => group.length > 1).map(group => {
    const sorted = [...group].sort((a, b) => byAge(a.object, b.object));
    return { plain: sorted.filter(({ hasSelector }) => !hasSelector), selecting: sorted.filter(({ hasSelector }) => hasSelector) };
  });
}

function sameScopes(a: StatedPolicy, b: StatedPolicy): boolean {
  return a.exportTo.join() === b.exportTo.join();
}

const lostPolicy: TrafficRule = {
  id: 'split-destination-rules-lose-policy',
  codes: ['KIA0201'],
  severity: 'error',
  title: 'Of two DestinationRules for a host the second one\'s policy is dropped',
  check(index, report) {
    for (const { plain } of groups(index)) {
      plain.forEach((later, i) => {
        if (partsOf(later.policy).length === 0) return;
        const winner = plain.slice(0, i).find(earlier => sameScopes(earlier, later) && partsOf(earlier.policy).length > 0);
        if (!winner) return;
        report(later.object, 'spec.trafficPolicy', `${index.nameOf(winner.object)} is for '${later.host}' too and its trafficPolicy wins as a whole (it comes first by age, or by name if both are made together): ${partsOf(later.policy).join(', ')} of this one ${partsOf(later.policy).length === 1 ? 'is' : 'are'} dropped`,
          'put both into one DestinationRule; policies do not merge');
      });
    }
  },
};

const lostSubset: TrafficRule = {
  id: 'split-destination-rules-lose-subset',
  codes: ['KIA0201'],
  severity: 'error',
  title: 'Of two subsets with one name in two DestinationRules the second is dropped',
  check(index, report) {
    for (const { plain } of groups(index)) {
      plain.forEach((later, i) => {
        const earlier = plain.slice(0, i).filter(other => sameScopes(other, later));
        later.subsets.forEach(({ name }, s) => {
          const winner = earlier.find(other => subsetNamesOf(other).includes(String(name)));
          if (winner) report(later.object, `spec.subsets[${s}]`, `${index.nameOf(winner.object)} has a subset '${name}' of '${later.host}' too and comes first, so that this one is dropped with its labels and policy`, 'keep one of the two, or rename this one');
        });
      });
    }
  },
};

const notMerged: TrafficRule = {
  id: 'destination-rules-not-merged',
  codes: ['KIA0201'],
  severity: 'error',
  title: 'Two DestinationRules for a host have different exportTo, and some clients get only one of them, or none',
  check(index, report) {
    for (const { plain } of groups(index)) {
      plain.forEach((later, i) => {
        const other = plain.slice(0, i).find(earlier => !sameScopes(earlier, later) && haveCommonClients(index, earlier, later));
        if (!other) return;
        report(later.object, 'spec.exportTo', `${index.nameOf(other.object)} is for '${later.host}' too, with exportTo ${scopesText(other)} where this one has ${scopesText(later)}: ${outcomeText(other, later)}`,
          'put both into one DestinationRule, or give both the same exportTo (leaving it out differs from \'*\')');
      });
    }
  },
};

/** What istiod makes of two that are exported differently, of which the first comes first. */
function outcomeText(earlier: StatedPolicy, later: StatedPolicy): string {
  const more = later.exportTo.filter(scope => !earlier.exportTo.includes(scope));
  const isWider = earlier.exportTo.length > 0 && !later.exportTo.includes('*') && earlier.exportTo.every(scope => later.exportTo.includes(scope));
  if (!isWider) return 'they do not merge, and clients that both are for get the subsets and policy of one alone (the last one made, in most cases)';
  const others = `clients in ${more.map(scope => (scope === '.' ? `'${later.namespace}'` : `'${scope}'`)).join(', ')}`;
  return earlier.exportTo.join() === '.' ? `they merge for the clients of both, and ${others} get this one alone` : `they merge for the clients of both, and ${others} get neither`;
}

function scopesText({ exportTo }: StatedPolicy): string {
  return exportTo.length === 0 ? 'unset' : `[${exportTo.join(', ')}]`;
}

function haveCommonClients(index: TrafficIndex, a: StatedPolicy, b: StatedPolicy): boolean {
  const [mine, theirs] = [index.visibilityOf(a.object), index.visibilityOf(b.object)];
  return mine === 'all' || theirs === 'all' || [...mine].some(namespace => theirs.has(namespace));
}

const selectorLosesSubsets: TrafficRule = {
  id: 'selecting-destination-rule-loses-settings',
  codes: [],
  severity: 'error',
  title: 'Clients that a DestinationRule selects lose the subsets and policy of the one for all',
  check(index, report) {
    for (const { plain, selecting } of groups(index)) {
      for (const one of selecting) {
        const kept = new Set(subsetNamesOf(one));
        for (const other of plain) {
          if (other.exportTo.includes('.')) continue;
          const subsets = subsetNamesOf(other).filter(name => !kept.has(name)).map(name => `subset '${name}'`);
          const parts = partsOf(other.policy).filter(part => !partsOf(one.policy).includes(part));
          if (subsets.length + parts.length === 0) continue;
          report(one.object, 'spec.workloadSelector', `clients with these labels use this DestinationRule alone and lose ${[...subsets, ...parts].join(', ')} of ${index.nameOf(other.object)}${subsets.length === 0 ? '' : ': routes to such a subset get 503'}`,
            `state here too what ${index.nameOf(other.object)} has for '${one.host}'`);
        }
      }
    }
  },
};

const privateLostToSelected: TrafficRule = {
  id: 'private-destination-rule-swallowed',
  codes: [],
  severity: 'error',
  title: 'A private DestinationRule is merged into a selecting one, and lost for all other clients',
  check(index, report) {
    for (const { plain, selecting } of groups(index)) {
      const [one] = selecting;
      if (!one) continue;
      for (const other of plain.filter(({ exportTo }) => exportTo.length === 1 && exportTo[0] === '.')) {
        report(other.object, 'spec.exportTo', `with exportTo ['.'] alone this DestinationRule is merged into ${index.nameOf(one.object)}, which selects clients by labels, and all other clients get nothing`,
          'leave exportTo out and repeat the settings in the selecting one, or add a second namespace to exportTo');
      }
    }
  },
};

function selectorOf({ object }: StatedPolicy): Labels {
  return labelsOf(object.spec.workloadSelector?.matchLabels);
}

/** Whether two selectors take the same clients: one lies inside the other, or a workload has the labels of both. */
function haveCommonPods(index: TrafficIndex, namespace: string, one: Labels, other: Labels): boolean {
  if (selects(one, other) || selects(other, one)) return true;
  return selects(one, { ...one, ...other }) && index.workloads.hasAny({ ...one, ...other }, namespace);
}

const overlappingSelectors: TrafficRule = {
  id: 'overlapping-destination-rule-selectors',
  codes: [],
  severity: 'warning',
  title: 'Two DestinationRules for a host select the same clients',
  check(index, report) {
    for (const { selecting } of groups(index)) {
      selecting.forEach((later, i) => {
        const labels = selectorOf(later);
        const winner = selecting.slice(0, i).find(earlier => haveCommonPods(index, later.namespace, selectorOf(earlier), labels));
        if (winner) report(later.object, 'spec.workloadSelector', `${index.nameOf(winner.object)} selects clients of '${later.host}' that this one selects too, and comes first (by age, or by name if both are made together): they never use this one`, 'make the selectors exclude each other, or join the two');
      });
    }
  },
};

/** Rules about several DestinationRules for one host in one namespace. */
export const SPLIT_DESTINATION_RULE_RULES: readonly TrafficRule[] = [
  lostPolicy, lostSubset, notMerged, selectorLosesSubsets, privateLostToSelected, overlappingSelectors,
];
