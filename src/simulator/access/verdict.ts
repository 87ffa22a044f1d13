import type { AccessFacts } from './facts';
import { policyFinding } from './rbac-conditions';
import type { Rbac } from '../../envoy/xds/rbac';

/** What access filters do with a request or a connection. */
export type AccessOutcome =
  | 'allowed'
  /** 403. */
  | 'denied'
  /** 401: the token is not valid. */
  | 'unauthenticated'
  /** The connection ends, without an answer. */
  | 'reset'
  /** It depends on what is not known, or on an external authorizer. */
  | 'undecided';

/** A rule of a policy. */
export interface AccessRule {
  /** The object, such as `AuthorizationPolicy shop/readers`. */
  readonly policy: string;
  /** Its place in `spec.rules`. */
  readonly rule: number;
}

/** Why a rule does not take a request. */
export interface MissedRule extends AccessRule {
  readonly why: string;
}

/** What access filters decide, and why. */
export interface AccessVerdict {
  readonly outcome: AccessOutcome;
  /** The status of Envoy's answer. Undefined if it gives none. */
  readonly status?: number;
  /** The rule that decides. Undefined if none does, such as where no ALLOW policy takes the request. */
  readonly by?: AccessRule;
  readonly why: string;
  /** The rules of ALLOW policies that do not take the request, each with its reason. */
  readonly missed: readonly MissedRule[];
}

export const ALLOWED: AccessVerdict = { outcome: 'allowed', why: '', missed: [] };

/** What the rules of one filter say. */
export interface RuleResult {
  /** The first rule that matches. */
  readonly matched?: string;
  /** The rules that may match. */
  readonly open: readonly MissedRule[];
  /** The rules that do not match. */
  readonly missed: readonly MissedRule[];
}

/** Asks the rules of a filter, in the order of their names, as Envoy does. */
export function ruleResult({ policies = {} }: Rbac, facts: AccessFacts): RuleResult {
  const [open, missed]: [MissedRule[], MissedRule[]] = [[], []];
  for (const name of Object.keys(policies).sort()) {
    const { met, why } = policyFinding(policies[name], facts);
    if (met) return { matched: name, open, missed };
    (met === undefined ? open : missed).push({ ...ruleOf(name), why });
  }
  return { open, missed };
}

/** The rule behind Envoy's name of a policy. */
export function ruleOf(name: string): AccessRule {
  const [, namespace, policy, rule] = /ns\[(.*)\]-policy\[(.*)\]-rule\[(\d+)\]/.exec(name) ?? [];
  return { policy: `AuthorizationPolicy ${namespace}/${policy}`, rule: Number(rule) };
}

export function describeRule({ policy, rule }: AccessRule): string {
  return `${policy}, rules[${rule}]`;
}
