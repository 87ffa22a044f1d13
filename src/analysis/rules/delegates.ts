import { isVisible } from '../../manifest/export-to';
import type { Delegation } from '../delegations';
import { delegations, isDelegate } from '../delegations';
import type { Fields } from '../fields';
import { entries, items, texts } from '../fields';
import type { TrafficIndex } from '../traffic-index';
import type { Report, TrafficRule } from '../traffic-rule';

function delegateRepair(index: TrafficIndex, key: string): string {
  const name = key.slice(key.indexOf('/') + 1);
  const elsewhere = index.of('VirtualService').find(object => object.metadata.name === name && isDelegate(object));
  if (!elsewhere) return 'correct the name and namespace, or add the VirtualService';
  return `write '${index.namespaceOf(elsewhere)}' for its namespace, where VirtualService ${index.nameOf(elsewhere)} is: without one the root's own is meant`;
}

const brokenDelegate: TrafficRule = {
  id: 'broken-delegate',
  codes: [],
  severity: 'error',
  title: 'A delegate is not there, not shown to its root, or no delegate',
  check(index, report) {
    for (const { root, path, key, delegate } of delegations(index)) {
      const namespace = index.namespaceOf(root);
      // Of a namespace that the manifests say nothing about, nothing can be said.
      if (!delegate && !index.isToldOf(key.slice(0, key.indexOf('/')))) continue;
      if (!delegate) {
        report(root, path, `there is no VirtualService '${key}', so that this rule vanishes without an error and its requests get 404`, delegateRepair(index, key));
      } else if (!isDelegate(delegate)) {
        report(root, path, `VirtualService '${key}' has hosts and is no delegate, so that this rule vanishes`, 'remove its hosts and gateways, or name another');
      } else if (!isVisible(index.visibilityOf(delegate), namespace)) {
        report(root, path, `VirtualService '${key}' is not exported to '${namespace}', so that this rule vanishes without an error`, `add '${namespace}' to the exportTo of the delegate`);
      }
    }
  },
};

/** Whether one text condition of a delegate lies inside the root's, as Istio compares them: no regex lies in anything. */
function isWithin(inner: Fields, outer: Fields): boolean {
  if (outer === undefined || outer === null) return true;
  if (inner === undefined || inner === null) return true;
  if (inner.regex !== undefined || outer.regex !== undefined) return false;
  if (outer.exact !== undefined) return inner.exact === outer.exact;
  if (outer.prefix !== undefined) return String(inner.exact ?? inner.prefix ?? '').startsWith(outer.prefix);
  return true;
}

/** Why a match of a delegate does not go together with one of its root's, if so. */
function conflict(root: Fields, own: Fields): string | undefined {
  for (const field of ['uri', 'scheme', 'method', 'authority']) if (!isWithin(own[field], root[field])) return field;
  for (const field of ['headers', 'queryParams', 'withoutHeaders']) {
    for (const [name, condition] of entries(root[field])) if (own[field]?.[name] !== undefined && !isWithin(own[field][name], condition)) return `${field}['${name}']`;
  }
  if (root.port !== undefined && own.port !== undefined && Number(root.port) !== Number(own.port)) return 'port';
  if (root.uri && own.uri && (root.ignoreUriCase === true) !== (own.ignoreUriCase === true)) return 'ignoreUriCase';
  if (root.sourceNamespace && own.sourceNamespace !== root.sourceNamespace) return 'sourceNamespace';
  if (texts(root.gateways).length > 0 && texts(own.gateways).some(name => !texts(root.gateways).includes(name))) return 'gateways';
  return undefined;
}

function checkMatches({ root, rule, delegate }: Delegation, index: TrafficIndex, report: Report): void {
  const wanted = items(rule.match);
  if (!delegate || wanted.length === 0) return;
  items(delegate.spec?.http).forEach((own, r) => items(own.match).forEach((match, m) => {
    const conflicts = wanted.map(one => conflict(one, match));
    const field = conflicts.every(found => found !== undefined) ? conflicts[0] : undefined;
    if (field === undefined) return;
    report(delegate, `spec.http[${r}].match[${m}]`, `VirtualService ${index.nameOf(root)} delegates requests of which this match takes none or more (${field}), so that Istio drops it without an error`,
      'narrow the match to what the root\'s match takes: a longer prefix, an exact path inside it, the same port and sourceNamespace; a regex never goes together with a condition of the root on the same field');
  }));
}

const delegateOutsideRoot: TrafficRule = {
  id: 'delegate-match-outside-root',
  codes: [],
  severity: 'error',
  title: 'A delegate\'s match does not lie inside its root\'s',
  check(index, report) {
    for (const delegation of delegations(index)) checkMatches(delegation, index, report);
  },
};

const delegateWithoutRoot: TrafficRule = {
  id: 'delegate-without-root',
  codes: [],
  severity: 'warning',
  title: 'A VirtualService without hosts is nobody\'s delegate',
  check(index, report) {
    const named = new Set(delegations(index).map(({ key }) => key));
    // Roots may stand in manifests of another team, where nothing here delegates.
    if (!index.of('VirtualService').some(object => !isDelegate(object))) return;
    for (const object of index.of('VirtualService')) {
      if (!isDelegate(object) || named.has(index.nameOf(object))) continue;
      report(object, 'metadata.name', `no VirtualService delegates to '${index.nameOf(object)}', and without hosts it has no effect of its own`, 'name it as delegate in a rule of the VirtualService that has the host, or give it hosts');
    }
  },
};

/** Rules about delegates and their roots. */
export const DELEGATE_RULES: readonly TrafficRule[] = [brokenDelegate, delegateOutsideRoot, delegateWithoutRoot];
