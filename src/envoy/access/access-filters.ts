import type { AuthorizationPolicy } from './authorization-policies';
import type { ExternalAuthorizer } from './external-authorizers';
import { filterMatch, ruleNamePrefix } from './filter-match';
import type { PolicyTarget } from './rbac-rules';
import { ACTIONS, byAction, policyRules, rbacRules } from './rbac-rules';
import { groupBy } from '../../manifest/group-by';
import { message, typed } from '../message';
import type { HttpFilter } from '../xds/http-connection-manager';
import type { NetworkFilter } from '../xds/listener';
import type { HttpRbac, NetworkRbac, Rbac, RbacRules } from '../xds/rbac';

/** What the filters of a proxy are made of. */
export interface AccessPolicies {
  readonly policies: readonly AuthorizationPolicy[];
  readonly trustDomains: readonly string[];
  /** Whether callers come through a tunnel, as to waypoints. */
  readonly isTunneled: boolean;
  readonly authorizers: ReadonlyMap<string, ExternalAuthorizer>;
}

/** The filters of connections: first those of CUSTOM policies, then AUDIT, DENY and ALLOW. */
export function networkAccessFilters({ policies, trustDomains, authorizers, isTunneled }: AccessPolicies): NetworkFilter[] {
  const target = { isTcp: true, isTunneled, trustDomains };
  const custom = customFilters(policies, target, ({ provider, rules, isBad }): NetworkFilter[] => {
    const authorizer = isBad ? undefined : authorizers.get(provider);
    if (!authorizer) return [networkRbac({ rules: refused(rules.enforced) })];
    if (!authorizer.tcp) return [];
    const typedConfig = { ...authorizer.tcp, filterEnabledMetadata: filterMatch('envoy.filters.network.rbac', provider) };
    return [networkRbac(recorded(rules)), { name: 'envoy.filters.network.ext_authz', typedConfig }];
  });
  return [...custom, ...ordinaryRules(policies, target).map(networkRbac)];
}

/** The filters of requests that run before tokens are verified: those of CUSTOM policies. */
export function customHttpFilters({ policies, trustDomains, authorizers, isTunneled }: AccessPolicies): HttpFilter[] {
  const target = { isTcp: false, isTunneled, trustDomains };
  return customFilters(policies, target, ({ provider, rules, isBad }): HttpFilter[] => {
    const authorizer = isBad ? undefined : authorizers.get(provider);
    if (!authorizer) return [httpRbac({ rules: refused(rules.enforced) })];
    const typedConfig = { ...authorizer.http, filterEnabledMetadata: filterMatch('envoy.filters.http.rbac', provider) };
    return [httpRbac(recorded(rules)), { name: 'envoy.filters.http.ext_authz', typedConfig }];
  });
}

/** The filters of requests that run after tokens are verified: AUDIT, DENY and ALLOW. */
export function httpAccessFilters({ policies, trustDomains, isTunneled }: AccessPolicies): HttpFilter[] {
  return ordinaryRules(policies, { isTcp: false, isTunneled, trustDomains }).map(httpRbac);
}

function ordinaryRules(policies: readonly AuthorizationPolicy[], target: PolicyTarget): RbacRules[] {
  const of = byAction(policies);
  return (['AUDIT', 'DENY', 'ALLOW'] as const).filter(action => of(action).length > 0).map(action => rbacRules(of(action), action, target));
}

/** The policies of one provider. */
interface CustomRules {
  readonly provider: string;
  readonly rules: { readonly enforced: Rbac; readonly dryRun?: Rbac };
  /** Whether istiod refuses every provider, as there are several. */
  readonly isBad: boolean;
}

function customFilters<F>(
  policies: readonly AuthorizationPolicy[], target: PolicyTarget, filtersOf: (custom: CustomRules) => F[],
): F[] {
  const byProvider = groupBy(byAction(policies)('CUSTOM'), ({ spec }) => spec?.provider?.name ?? '');
  const isBad = byProvider.size > 1;
  return [...byProvider].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([provider, own]) => {
    const { enforced = message<Rbac>({ action: ACTIONS.CUSTOM }), dryRun } = policyRules(own, 'CUSTOM', target, ruleNamePrefix(provider));
    return filtersOf({ provider, rules: { enforced, dryRun }, isBad });
  });
}

/** The filter that records which rules match, so that the authorizer is asked. */
function recorded({ enforced, dryRun }: CustomRules['rules']): RbacRules {
  return { shadowRules: enforced, shadowRulesStatPrefix: 'istio_ext_authz_', ...(dryRun?.policies ? { rules: dryRun } : {}) };
}

/** The rules of policies whose provider istiod refuses: what they match is denied. */
function refused({ action, policies }: Rbac): Rbac {
  const renamed = Object.entries(policies ?? {}).map(([name, policy]) => [`${name}-deny-due-to-bad-CUSTOM-action`, policy]);
  return { action, ...(renamed.length === 0 ? {} : { policies: Object.fromEntries(renamed) }) };
}

function httpRbac(rules: RbacRules): HttpFilter {
  return { name: 'envoy.filters.http.rbac', typedConfig: typed<HttpRbac>('envoy.extensions.filters.http.rbac.v3.RBAC', rules) };
}

function networkRbac(rules: RbacRules): NetworkFilter {
  const typedConfig = typed<NetworkRbac>('envoy.extensions.filters.network.rbac.v3.RBAC', { ...rules, statPrefix: 'tcp.' });
  return { name: 'envoy.filters.network.rbac', typedConfig };
}
