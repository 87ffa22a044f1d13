import type { HTTPMatchRequest, StringMatch } from '../../../manifest/istio-specs.generated';
import type { Delegation } from '../../facts/delegations';
import { delegationsOf } from '../../facts/delegations';
import type { Report } from '../../rule';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

/** Whether a condition of a delegate is inside the root's, as Istio compares them: no regex is inside anything. */
function isWithin(inner: StringMatch | undefined, outer: StringMatch | undefined): boolean {
  if (outer === undefined || inner === undefined) return true;
  if (inner.regex !== undefined || outer.regex !== undefined) return false;
  if (outer.exact !== undefined) return inner.exact === outer.exact;
  return outer.prefix === undefined || (inner.exact ?? inner.prefix ?? '').startsWith(outer.prefix);
}

/** The field in which a delegate's match contradicts a match of its root, if any. */
function conflict(root: HTTPMatchRequest, own: HTTPMatchRequest): string | undefined {
  for (const field of ['uri', 'scheme', 'method', 'authority'] as const) if (!isWithin(own[field], root[field])) return field;
  for (const field of ['headers', 'queryParams', 'withoutHeaders'] as const) {
    for (const [name, condition] of Object.entries(root[field] ?? {})) {
      if (!isWithin(own[field]?.[name], condition)) return `${field}['${name}']`;
    }
  }
  if (root.port !== undefined && own.port !== undefined && root.port !== own.port) return 'port';
  if (root.uri && own.uri && (root.ignoreUriCase === true) !== (own.ignoreUriCase === true)) return 'ignoreUriCase';
  if (root.sourceNamespace && own.sourceNamespace !== root.sourceNamespace) return 'sourceNamespace';
  const { gateways = [] } = root;
  return gateways.length > 0 && own.gateways?.some(name => !gateways.includes(name)) ? 'gateways' : undefined;
}

function checkMatches({ root, route, delegate }: Delegation, report: Report, index: TrafficIndex): void {
  const { match: wanted = [] } = route;
  if (!delegate || wanted.length === 0) return;
  delegate.spec?.http?.forEach(({ match: matches = [] }, r) => matches.forEach((match, m) => {
    const conflicts = wanted.map(one => conflict(one, match));
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
