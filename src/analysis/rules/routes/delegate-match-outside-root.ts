import { fieldOutside } from '../../../envoy/delegate-matches';
import type { Delegation } from '../../facts/delegations';
import { delegationsOf } from '../../facts/delegations';
import type { Report } from '../../rule';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

function checkMatches({ root, route, delegate }: Delegation, report: Report, index: TrafficIndex): void {
  const { match: wanted = [] } = route;
  if (!delegate || wanted.length === 0) return;
  delegate.spec?.http?.forEach(({ match: matches = [] }, r) => matches.forEach((match, m) => {
    const conflicts = wanted.map(one => fieldOutside(one, match));
    const field = conflicts.every(found => found !== undefined) ? conflicts[0] : undefined;
    if (field === undefined) return;
    report(`spec.http[${r}].match[${m}]`, 'this match is not inside the match of the entry that delegates to it in VirtualService '
      + `${index.nameOf(root)} (${field}), so Istio drops it without an error`,
    'narrow it to what the root matches: a longer prefix, an exact path inside the prefix, the same port and sourceNamespace; do not '
        + 'combine a regex with a condition of the root on the same field',
    { at: delegate });
  }));
}

export const rule = defineRule({
  id: 'delegate-match-outside-root',
  codes: [],
  severity: 'error',
  subjects: ['VirtualService'],
  title: 'A delegate\'s match is not inside the match of its root',
  effect: 'Istio leaves the delegate\'s entry out.',
  check(root, report, index) {
    for (const delegation of delegationsOf(root, index)) checkMatches(delegation, report, index);
  },
});
