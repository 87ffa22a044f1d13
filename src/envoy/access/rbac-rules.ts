import type { AuthorizationPolicy, PolicyAction } from './authorization-policies';
import { actionOf, isDryRun } from './authorization-policies';
import { rulePolicy } from './rule-policy';
import { message } from '../message';
import type { Rbac, RbacPolicy, RbacRules } from '../xds/rbac';

/** The rules of some policies that are enforced, and of those of which only the result is recorded. */
export interface PolicyRules {
  readonly enforced?: Rbac;
  readonly dryRun?: Rbac;
}

/** What policies are translated for. */
export interface PolicyTarget {
  readonly isTcp: boolean;
  readonly isTunneled: boolean;
  readonly trustDomains: readonly string[];
}

/** A policy that matches nothing: an ALLOW policy without rules. */
const NEVER: RbacPolicy = {
  permissions: [{ notRule: { any: true } }],
  principals: [{ notId: { any: true } }],
};

export const ACTIONS: { readonly [A in PolicyAction]: Rbac['action'] } = { ALLOW: undefined, DENY: 'DENY', AUDIT: 'LOG', CUSTOM: 'DENY' };

/** The name that Envoy gives to the rule of a policy. */
export function ruleName(namespace: string, name: string, rule: number): string {
  return `ns[${namespace}]-policy[${name}]-rule[${rule}]`;
}

/** The rules of policies of one action. The names of their rules get a prefix. */
export function policyRules(
  policies: readonly AuthorizationPolicy[],
  action: PolicyAction,
  target: PolicyTarget,
  prefix = '',
): PolicyRules {
  const enforced = policies.filter(policy => !isDryRun(policy));
  const dryRun = policies.filter(isDryRun);
  return {
    enforced: enforced.length === 0 ? undefined : rbacOf(enforced, action, target, prefix),
    dryRun: dryRun.length === 0 ? undefined : rbacOf(dryRun, action, target, prefix),
  };
}

/** The rules of an RBAC filter of ALLOW, DENY or AUDIT policies. */
export function rbacRules(policies: readonly AuthorizationPolicy[], action: PolicyAction, target: PolicyTarget): RbacRules {
  const { enforced, dryRun } = policyRules(policies, action, target);
  const prefixes: { readonly [action: string]: string } = { DENY: 'istio_dry_run_deny_', LOG: '' };
  const shadowRulesStatPrefix = prefixes[dryRun?.action ?? 'ALLOW'] ?? 'istio_dry_run_allow_';
  return message<RbacRules>({ rules: enforced, shadowRules: dryRun, shadowRulesStatPrefix: shadowRulesStatPrefix || undefined });
}

function rbacOf(policies: readonly AuthorizationPolicy[], action: PolicyAction, target: PolicyTarget, prefix: string): Rbac {
  const named: { [name: string]: RbacPolicy } = {};
  for (const { metadata: { name, namespace = '' }, spec } of policies) {
    const rules = spec?.rules ?? [];
    if (rules.length === 0) named[prefix + ruleName(namespace, name, 0)] = NEVER;
    rules.forEach((rule, place) => {
      const policy = rulePolicy(rule ?? {}, { ...target, namespace, isStrict: action === 'ALLOW' });
      if (policy) named[prefix + ruleName(namespace, name, place)] = policy;
    });
  }
  return message<Rbac>({ action: ACTIONS[action], policies: Object.keys(named).length === 0 ? undefined : named });
}

/** The policies of each action. */
export function byAction(policies: readonly AuthorizationPolicy[]): (action: PolicyAction) => readonly AuthorizationPolicy[] {
  return action => policies.filter(policy => actionOf(policy) === action);
}
