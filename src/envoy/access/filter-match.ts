import type { MetadataMatcher } from '../xds/matcher';

/** The start of the names of rules about which an external authorizer is asked. */
export function ruleNamePrefix(provider: string): string {
  return provider === '' ? 'istio-ext-authz-' : `istio-ext-authz-${provider}-`;
}

/** The requests of which an RBAC filter recorded that a rule of a provider matches. */
export function filterMatch(filter: string, provider: string): MetadataMatcher {
  return {
    filter,
    path: [{ key: 'istio_ext_authz_shadow_effective_policy_id' }],
    value: { stringMatch: { prefix: `istio-ext-authz-${provider}` } },
  };
}
