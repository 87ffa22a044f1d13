import type { KubernetesObject } from '../../manifest/kubernetes-object';
import type { Fields } from '../fields';
import { canonical, entries, isObject, items } from '../fields';
import type { Report, TrafficRule } from '../traffic-rule';

const BLOCKS = ['http', 'tcp', 'tls'] as const;

export function nameOf(rule: Fields, r: number): string {
  return typeof rule.name === 'string' && rule.name !== '' ? `'${rule.name}'` : `${r + 1}`;
}

const TEXTS = new WeakMap<object, string>();

/** A match without its name, which routes nothing; asked for by two rules. */
function matchText(stated: Fields): string {
  const known = TEXTS.get(stated);
  if (known !== undefined) return known;
  const { name: _, ...match } = stated;
  const text = canonical(match);
  if (isObject(stated)) TEXTS.set(stated, text);
  return text;
}

const unreachableRule: TrafficRule = {
  id: 'unreachable-rule',
  codes: ['IST0130'],
  severity: 'warning',
  title: 'A rule stands behind one that takes everything it could take',
  check(index, report) {
    for (const object of index.of('VirtualService')) for (const block of BLOCKS) checkReach(object, block, report);
  },
};

export function checkReach(object: KubernetesObject, block: string, report: Report): void {
  const seen = new Set<string>();
  let open: number | undefined;
  const stated = items(object.spec?.[block]);
  if (stated.length < 2) return;
  const isCompared = stated.filter(rule => items(rule.match).length > 0).length > 1;
  stated.forEach((rule, r, rules) => {
    const path = `spec.${block}[${r}]`;
    const matches = items(rule.match);
    if (matches.length === 0) {
      if (open !== undefined) report(object, path, `rule ${nameOf(rules[open], open)} before it takes every request, so that this one never gets any`, 'keep one rule without match, as the last');
      open = r;
      return;
    }
    if (open !== undefined) {
      report(object, path, `rule ${nameOf(rules[open], open)} before it has no match and takes every request, so that this one never gets any`, `move rule ${nameOf(rule, r)} before it`);
      return;
    }
    if (!isCompared) return;
    const repeated = matches.map(matchText).filter(text => seen.has(text) || !seen.add(text)).length;
    if (repeated === matches.length) report(object, path, 'rules before it take each of its matches, so that it never gets a request', 'change its matches, or remove it');
  });
}

const ineffectiveMatch: TrafficRule = {
  id: 'ineffective-match',
  codes: ['IST0131'],
  severity: 'info',
  title: 'A match repeats an earlier one, or lies inside an earlier prefix',
  check(index, report) {
    for (const object of index.of('VirtualService')) for (const block of BLOCKS) checkRepetition(object, block, report);
  },
};

interface Prefix {
  readonly path: string;
  readonly rule: string;
  readonly match: Fields;
  readonly prefix: string;
}

export function checkRepetition(object: KubernetesObject, block: string, report: Report): void {
  const seen = new Map<string, string>();
  const prefixes: Prefix[] = [];
  let open = false;
  const stated = items(object.spec?.[block]);
  if (stated.reduce((sum, rule) => sum + items(rule.match).length, 0) < 2) return;
  stated.forEach((rule, r) => {
    const matches = items(rule.match);
    if (matches.length === 0) open = true;
    matches.forEach((match, m) => {
      if (open) return;
      const path = `spec.${block}[${r}].match[${m}]`;
      const text = matchText(match);
      const before = seen.get(text);
      if (before !== undefined) {
        report(object, path, `rule ${before} has the same match before it, so that this one takes nothing`, 'remove it, or change it to what was meant');
        return;
      }
      seen.set(text, nameOf(rule, r));
      const prefix = match.uri?.prefix;
      if (block === 'http' && typeof prefix === 'string' && prefix !== '') prefixes.push({ path, rule: nameOf(rule, r), match, prefix });
    });
  });
  prefixes.forEach((later, i) => {
    for (const earlier of prefixes.slice(0, i)) {
      if (earlier.prefix === later.prefix || !later.prefix.startsWith(earlier.prefix) || !isLooser(earlier.match, later.match)) continue;
      report(object, later.path, `rule ${earlier.rule} takes '${earlier.prefix}' before it, and '${later.prefix}' lies inside, so that this match takes nothing`,
        `move the narrower prefix '${later.prefix}' before '${earlier.prefix}'`);
    }
  });
}

/** A condition as the analyzer compares it: what it is equal to, or begins with. */
function comparable(condition: Fields): string {
  if (typeof condition?.exact === 'string' && condition.exact !== '') return `exact ${condition.exact}`;
  return typeof condition?.prefix === 'string' && condition.prefix !== '' ? `prefix ${condition.prefix}` : '';
}

/** Whether an earlier match takes what a later one would, apart from the path. */
function isLooser(earlier: Fields, later: Fields): boolean {
  const method = (match: Fields) => comparable(match.method) || 'exact GET';
  if (Number(earlier.port ?? 0) !== Number(later.port ?? 0)) return false;
  if (!method(earlier).startsWith(method(later)) || !comparable(earlier.authority).startsWith(comparable(later.authority))) return false;
  return ['headers', 'queryParams', 'withoutHeaders'].every(field => {
    const [some, others] = [earlier[field], later[field]].map(value => (isObject(value) ? value : {}));
    return Object.keys(some).length === Object.keys(others).length
      && Object.entries(some).every(([name, condition]) => Object.hasOwn(others, name) && comparable(condition).startsWith(comparable(others[name])));
  });
}

/** The kinds of conditions that people mean to hold together. */
const CONDITIONS = ['uri', 'headers', 'method', 'queryParams', 'authority', 'sourceLabels', 'withoutHeaders', 'scheme'];

const alternativesMeantTogether: TrafficRule = {
  id: 'alternatives-meant-together',
  codes: [],
  severity: 'warning',
  title: 'Conditions stand in several items of a match list, so that any of them is enough',
  check(index, report) {
    for (const object of index.of('VirtualService')) {
      items(object.spec?.http).forEach((rule, r) => {
        const matches = items(rule.match);
        const kinds = matches.map(match => entries(match).map(([field]) => field).filter(field => CONDITIONS.includes(field)).sort().join('+'));
        if (matches.length < 2 || new Set(kinds).size !== matches.length || kinds.some(kind => kind === '' || kind.includes('+'))) return;
        report(object, `spec.http[${r}].match`, `one of the conditions (${kinds.join(', ')}) is enough here, since each is an item of the list`,
          'write them into one item, under one hyphen, if all of them have to hold');
      });
    }
  },
};

/** Rules about the order of rules within a VirtualService, and about lists of alternatives. */
export const ROUTE_ORDER_RULES: readonly TrafficRule[] = [unreachableRule, ineffectiveMatch, alternativesMeantTogether];
