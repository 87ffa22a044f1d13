import type { Json } from '../istiod/client';

const IS_ACCESS = /^envoy\.filters\.(?:http|network)\.(?:rbac|jwt_authn|ext_authz)$/;

const others = (filters: readonly Json[]) => filters.filter(({ name }) => !IS_ACCESS.test(name));

function ofChain(chain: Json): Json {
  const filters = others(chain.filters ?? []).map(({ typedConfig, ...filter }) => (
    { ...filter, typedConfig: typedConfig?.httpFilters ? { ...typedConfig, httpFilters: others(typedConfig.httpFilters) } : typedConfig }));
  return { ...chain, filters };
}

/** A listener that lets every caller through. Who may call is the subject of `conformance/access-requests`. */
export function withoutAccess({ filterChains, defaultFilterChain, ...listener }: Json): Json {
  return {
    ...listener,
    ...(filterChains && { filterChains: filterChains.map(ofChain) }),
    ...(defaultFilterChain && { defaultFilterChain: ofChain(defaultFilterChain) }),
  };
}
