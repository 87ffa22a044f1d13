import type { AuthorizationPolicy, PolicyAction } from '../../envoy/access/authorization-policies';
import { actionOf, isDryRun } from '../../envoy/access/authorization-policies';
import type { LostCondition } from '../../envoy/access/lost-conditions';
import { lostConditions } from '../../envoy/access/lost-conditions';
import { rulePolicy } from '../../envoy/access/rule-policy';
import type { RbacPolicy } from '../../envoy/xds/rbac';
import type { AuthorizationRule } from '../../manifest/istio-specs.generated';
import type { TrafficIndex } from '../traffic-index';

/** A rule of an AuthorizationPolicy that istiod sends without a part of it. */
export interface ReducedRule {
  readonly lost: readonly LostCondition[];
  /** The place of the rule in the manifest. */
  readonly path: string;
  /** What istiod sends; absent for a rule that it omits. */
  readonly sent?: RbacPolicy;
}

/** The rules of a policy. */
export function rulesOf({ spec }: AuthorizationPolicy): readonly AuthorizationRule[] {
  return spec?.rules ?? [];
}

/** The action that a policy enforces; undefined for a policy whose result is only recorded. */
export function enforcedAction(policy: AuthorizationPolicy): PolicyAction | undefined {
  return isDryRun(policy) ? undefined : actionOf(policy);
}

/** The rules that istiod can translate only in part, for requests or for connections. */
export function reducedRules(policy: AuthorizationPolicy, isTcp: boolean, index: TrafficIndex): readonly ReducedRule[] {
  const namespace = index.namespaceOf(policy);
  return rulesOf(policy).flatMap((rule, place): ReducedRule[] => {
    const lost = lostConditions(rule, { namespace, isTcp });
    if (lost.length === 0) return [];
    const sent = sentRule(policy, rule, isTcp, index);
    return [{ lost, path: `spec.rules[${place}]`, ...(sent && { sent }) }];
  });
}

/** A rule as istiod sends it; undefined for one that it omits. */
export function sentRule(policy: AuthorizationPolicy, rule: AuthorizationRule, isTcp: boolean, index: TrafficIndex) {
  const { trustDomain, trustDomainAliases = [] } = index.meshConfig;
  return rulePolicy(rule, {
    namespace: index.namespaceOf(policy), isTcp, isStrict: actionOf(policy) === 'ALLOW', trustDomains: [trustDomain, ...trustDomainAliases],
  });
}
