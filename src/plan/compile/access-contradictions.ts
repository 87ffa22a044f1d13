import { FIELDS, STARRED, areApart, areCallersApart, areCallersWithin, areWithin } from './access-terms';
import type { AccessRule, Condition } from '../model/access';

/** A rule with the ports of the pods that it applies to; undefined is every port. */
export interface PlacedRule {
  readonly rule: AccessRule;
  readonly podPorts?: readonly number[];
}

/** Why two rules about the same pods contradict each other. `late` is the rule that is added to the other. */
export function contradiction(late: PlacedRule, early: PlacedRule): string | undefined {
  const [a, b] = [late.rule, early.rule];
  if (a.action === 'CUSTOM' && b.action === 'CUSTOM' && a.provider !== b.provider) {
    return `provider '${a.provider}' differs from '${b.provider}', which ${b.path} sets for the same pods, `
      + 'and Istio then denies the requests of both; use one provider';
  }
  if (a.action === 'DENY' && b.action === 'ALLOW' && isWithin(early, late)) {
    return `it denies everything that ${b.path} allows; ${REPAIR}`;
  }
  if (a.action === 'ALLOW' && b.action === 'DENY' && isWithin(late, early)) {
    return `${b.path} denies everything that it allows; ${REPAIR}`;
  }
  return undefined;
}

/** Why several rules that deny take together everything that another one allows, all about the same pods. */
export function jointContradiction(late: PlacedRule, others: readonly PlacedRule[]): string | undefined {
  const denying = [...others, late].filter(({ rule }) => rule.action === 'DENY').sort((a, b) => (a.rule.path < b.rule.path ? -1 : 1));
  if (denying.length < 2) return undefined;
  for (const allowing of late.rule.action === 'ALLOW' ? [late] : others.filter(({ rule }) => rule.action === 'ALLOW')) {
    const deniers = cellsOf(allowing)?.map(cell => denying.find(deny => isWithin(cell, deny)));
    if (deniers === undefined || deniers.includes(undefined)) continue;
    const paths = [...new Set(deniers.map(deny => deny!.rule.path))];
    if (allowing === late) return `${paths.join(' and ')} deny everything that it allows; ${REPAIR}`;
    const own = paths.filter(path => path !== late.rule.path);
    if (own.length < paths.length) return `it denies, with ${own.join(' and ')}, everything that ${allowing.rule.path} allows; ${REPAIR}`;
  }
  return undefined;
}

const REPAIR = 'remove one of them, or limit what is denied';

/** The maximum number of combinations of values that are compared. */
const MOST_CELLS = 64;

/** A rule for each combination of its values; undefined for too many. */
function cellsOf({ rule, podPorts }: PlacedRule): readonly PlacedRule[] | undefined {
  const { terms } = rule;
  const callers = [...terms.callers?.principals ?? [], ...terms.callers?.namespaces ?? []].length;
  const count = FIELDS.reduce((product, [field]) => product * (terms[field]?.length ?? 1), Math.max(callers, 1) * (podPorts?.length ?? 1));
  if (count > MOST_CELLS) return undefined;
  const byCaller = terms.callers === undefined ? [terms] : [
    ...terms.callers.principals.map(principal => ({ ...terms, callers: { principals: [principal], namespaces: [] } })),
    ...terms.callers.namespaces.map(namespace => ({ ...terms, callers: { principals: [], namespaces: [namespace] } })),
  ];
  const cells = FIELDS.reduce<readonly AccessRule['terms'][]>((found, [field]) => (
    found.flatMap(cell => cell[field]?.map(value => ({ ...cell, [field]: [value] })) ?? [cell])), byCaller);
  return cells.flatMap(cell => (podPorts ?? [undefined]).map(port => (
    { rule: { ...rule, terms: cell }, podPorts: port === undefined ? undefined : [port] })));
}

/** Why no request meets a rule: one of its fields excepts all that another one names. */
export function emptiness({ terms, except, when }: AccessRule): string | undefined {
  const field = except.callers && terms.callers && areCallersWithin(terms.callers, except.callers) ? 'callers'
    : FIELDS.find(([name, order]) => except[name] !== undefined && areWithin(terms[name], except[name], order))?.[0];
  if (field !== undefined) {
    return `except.${field} includes everything in ${field}, so no request meets the statement; remove values from except.${field}`;
  }
  const met = when.filter(({ isNegated }) => !isNegated);
  const twice = when.find(({ key, values, isNegated }) =>
    isNegated && met.some(other => other.key === key && areWithin(other.values, values, STARRED)));
  return twice && `the conditions on ${twice.key} contradict each other, so no request meets the statement; remove one of them`;
}

/** Whether each request that meets a rule certainly meets the other one. */
function isWithin({ rule, podPorts }: PlacedRule, { rule: wide, podPorts: widePorts }: PlacedRule): boolean {
  if (widePorts !== undefined && !(podPorts?.every(port => widePorts.includes(port)) ?? false)) return false;
  return areCallersWithin(rule.terms.callers, wide.terms.callers)
    && FIELDS.every(([field, order]) => areWithin(rule.terms[field], wide.terms[field], order))
    && isOutsideExceptions(rule, wide.except)
    && wide.when.every(condition => rule.when.some(own => implies(own, condition)));
}

/** Whether certainly no request that meets a rule is one of some exceptions. */
function isOutsideExceptions({ terms, except }: AccessRule, exceptions: AccessRule['except']): boolean {
  const { callers } = exceptions;
  const areCallersOutside = callers === undefined || areCallersApart(terms.callers, callers)
    || (except.callers !== undefined && areCallersWithin(callers, except.callers));
  return areCallersOutside && FIELDS.every(([field, order]) => {
    const values = exceptions[field];
    return values === undefined || areApart(terms[field], values, order)
      || (except[field] !== undefined && areWithin(values, except[field], order));
  });
}

/** Whether a request that meets a condition certainly meets another one. */
function implies({ key, values, isNegated }: Condition, other: Condition): boolean {
  if (key !== other.key || !ARE_STRINGS.test(key)) return JSON.stringify({ key, values, isNegated }) === JSON.stringify(other);
  if (isNegated !== other.isNegated) return !isNegated && !isList(key) && areApart(values, other.values, STARRED);
  return isNegated ? areWithin(other.values, values, STARRED) : areWithin(values, other.values, STARRED);
}

const ARE_STRINGS = /^(?:request\.headers|request\.auth\.claims)\[|^request\.auth\.(?:audiences|presenter)$|^connection\.sni$/;

/** Whether an attribute may have several values, of which one may meet a condition and another one may not. */
function isList(key: string): boolean {
  return key.startsWith('request.auth.');
}
