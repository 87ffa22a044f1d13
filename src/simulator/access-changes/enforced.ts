import { createHash } from 'node:crypto';
import { connectionManagerOf, filterChainsOf } from '../../envoy/filter-chains';
import type { HttpFilter } from '../../envoy/xds/http-connection-manager';
import type { FilterChain, Listener, NetworkFilter } from '../../envoy/xds/listener';
import type { RbacRules } from '../../envoy/xds/rbac';
import type { TakingPod } from '../access/taking-pods';

type Fields = { readonly [field: string]: unknown };

/** What filters or chains enforce of who may call, as a string. What is recorded alone, by AUDIT policies and in dry runs, is left out. */
export function enforced(parts: readonly (FilterChain | HttpFilter | NetworkFilter)[]): string {
  return JSON.stringify(parts, (key, value: unknown) => {
    if (key === 'accessLog' || key === 'tracing') return undefined;
    if (!Array.isArray(value)) return value;
    return (value as readonly Fields[]).flatMap((each): readonly unknown[] => (String(each?.name).endsWith('.rbac') ? digestOfRules(each) : [each]));
  });
}

/** Proxies with the same policies share their filters, which can be long. */
const digests = new WeakMap<Fields, readonly string[]>();

function digestOfRules(filter: Fields): readonly string[] {
  let digest = digests.get(filter);
  if (digest === undefined) {
    digest = enforcedRules(filter).map(rules => createHash('sha256').update(JSON.stringify(rules)).digest('base64'));
    digests.set(filter, digest);
  }
  return digest;
}

function enforcedRules(filter: Fields): readonly Fields[] {
  const { rules, shadowRules, shadowRulesStatPrefix, ...rest } = filter.typedConfig as Fields & RbacRules;
  const asks = shadowRulesStatPrefix === 'istio_ext_authz_';
  if (!asks && (rules === undefined || rules.action === 'LOG')) return [];
  return [{ ...filter, typedConfig: { ...rest, rules, ...asks && { shadowRules, shadowRulesStatPrefix } } }];
}

export function chainsOf(listeners: readonly Listener[]): readonly FilterChain[] {
  return listeners.flatMap(filterChainsOf);
}

/** The chains that a port of pods has, else those of all other ports. */
export function chainsOfPort({ config, port }: TakingPod): readonly FilterChain[] {
  const all = chainsOf(config.listeners);
  const own = all.filter(({ filterChainMatch }) => filterChainMatch?.destinationPort === port);
  return own.length > 0 ? own : all.filter(({ filterChainMatch }) => filterChainMatch?.destinationPort === undefined);
}

/** The external authorizers that chains ask, as a string. */
export function authorizersOf(chains: readonly FilterChain[]): string {
  return JSON.stringify(chains.flatMap(chain => (
    [...chain.filters ?? [], ...connectionManagerOf(chain)?.httpFilters ?? []].filter(({ name }) => name.endsWith('.ext_authz')))));
}
