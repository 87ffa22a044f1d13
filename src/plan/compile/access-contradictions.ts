import { isCidrWithin } from '../../traffic/cidr';
import type { AccessRule, AccessTerms, CallerNames } from '../model/access';

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
    return `it denies everything that ${b.path} allows; remove one of them, or limit what is denied`;
  }
  if (a.action === 'ALLOW' && b.action === 'DENY' && isWithin(late, early)) {
    return `${b.path} denies everything that it allows; remove one of them, or limit what is denied`;
  }
  return undefined;
}

/** Why no request meets a rule: one of its fields excepts all that another one names. */
export function emptiness({ terms, except, when }: AccessRule): string | undefined {
  const field = except.callers && terms.callers && areCallersWithin(terms.callers, except.callers) ? 'callers'
    : FIELDS.find(([name, within]) => except[name] !== undefined && areWithin(terms[name], except[name], within))?.[0];
  if (field !== undefined) {
    return `except.${field} includes everything in ${field}, so no request meets the statement; remove values from except.${field}`;
  }
  const met = when.filter(({ isNegated }) => !isNegated);
  const twice = when.find(({ key, values, isNegated }) =>
    isNegated && met.some(other => other.key === key && areWithin(other.values, values, starred)));
  return twice && `the conditions on ${twice.key} contradict each other, so no request meets the statement; remove one of them`;
}

type Within = (value: string, other: string) => boolean;

const same: Within = (value, other) => value === other;
const starred: Within = (value, other) => value === other || other === '*' || (other.endsWith('*') && value.startsWith(other.slice(0, -1)))
  || (other.startsWith('*') && value.endsWith(other.slice(1)));

const anyOrSame: Within = (value, other) => value === other || other === '*';

const FIELDS: readonly (readonly [Exclude<keyof AccessTerms, 'callers'>, Within])[] = [
  ['ipBlocks', isCidrWithin], ['remoteIpBlocks', isCidrWithin], ['requestPrincipals', anyOrSame], ['hosts', starred], ['methods', same],
  ['paths', starred],
];

/** Whether each request that meets a rule certainly meets the other one. */
function isWithin({ rule, podPorts }: PlacedRule, { rule: wide, podPorts: widePorts }: PlacedRule): boolean {
  if (JSON.stringify(wide.except) !== '{}' && JSON.stringify(wide.except) !== JSON.stringify(rule.except)) return false;
  if (widePorts !== undefined && !(podPorts?.every(port => widePorts.includes(port)) ?? false)) return false;
  const conditions = rule.when.map(condition => JSON.stringify(condition));
  return wide.when.every(condition => conditions.includes(JSON.stringify(condition)))
    && areCallersWithin(rule.terms.callers, wide.terms.callers)
    && FIELDS.every(([field, within]) => areWithin(rule.terms[field], wide.terms[field], within));
}

function areWithin(values: readonly string[] | undefined, others: readonly string[] | undefined, within: Within): boolean {
  return others === undefined || (values?.every(value => others.some(other => within(value, other))) ?? false);
}

function areCallersWithin(callers: CallerNames | undefined, others: CallerNames | undefined): boolean {
  if (others === undefined) return true;
  if (callers === undefined) return false;
  if (others.principals.includes('*')) return true;
  return callers.namespaces.every(namespace => others.namespaces.includes(namespace))
    && callers.principals.every(principal => others.principals.includes(principal) || others.namespaces.includes(principal.split('/')[2]));
}
