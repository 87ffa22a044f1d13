import type { Json } from '../istiod/client';

/** The fields of inbound listeners that our translation leaves out: traces, the format of logs, and what statistics read. */
const LEFT_OUT = new Set(['tracing', 'logFormat', 'decorator', 'requestIdExtension', 'maxConnectionsToAcceptPerSocketEvent']);
/** Filters that only observe requests. */
const OBSERVING = /^istio\.|^envoy\.filters\.http\.grpc_(?:stats|web)$/;

/** The compared part of a listener: every field except logs, traces and statistics, sorted, because istiod's maps vary. */
export function reduced(value: Json): Json {
  if (Array.isArray(value)) return value.filter(item => !OBSERVING.test(item?.name ?? '')).map(reduced);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.keys(value).filter(field => !LEFT_OUT.has(field) && value[field] !== 'KEEP_UNCHANGED').sort();
  return Object.fromEntries(kept.map(field => [field, field === 'ids' ? once(reduced(value[field])) : reduced(value[field])]));
}

/** If a rule has several sources, istiod writes principals of trust domains with aliases several times. */
function once(ids: readonly Json[]): Json {
  return [...new Map(ids.map(id => [JSON.stringify(id), id])).values()];
}

/** The access filters of a gateway's chains. */
export function accessFilters(listeners: Json): Json {
  const isAccess = ({ name }: Json) => /\.(?:rbac|jwt_authn|ext_authz)$/.test(name);
  const ofChain = ({ filters = [] }: Json) => filters.flatMap((filter: Json) => (
    isAccess(filter) ? [filter] : (filter.typedConfig.httpFilters ?? []).filter(isAccess)));
  const chainsOf = ({ filterChains = [], defaultFilterChain }: Json) => [
    ...filterChains,
    ...(defaultFilterChain ? [defaultFilterChain] : []),
  ];
  const named = listeners.map((listener: Json) => [listener.name, chainsOf(listener).map(ofChain)]);
  return reduced(Object.fromEntries(named));
}
