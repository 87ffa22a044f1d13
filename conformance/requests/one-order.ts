import type { Json, ProxyConfig } from '../istiod/client';

/** Lists of named parts that istiod makes from maps, so that their order varies. */
const UNORDERED = new Set(['virtualHosts', 'headers', 'queryParameters']);

function byName(parts: readonly Json[]): readonly Json[] {
  return [...parts].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function ordered(value: Json, field = ''): Json {
  if (Array.isArray(value)) return (UNORDERED.has(field) ? byName(value) : value).map(item => ordered(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.keys(value).sort().map(key => [key, ordered(value[key], key)]));
}

/** A configuration in an order that each run has, so that one seed always makes the same requests. */
export function inOneOrder({ listeners, routes, clusters, ...rest }: ProxyConfig): ProxyConfig {
  const [l, r, c] = [listeners, routes, clusters].map(resources => byName(resources).map(each => ordered(each)));
  return { ...rest, listeners: l, routes: r, clusters: c };
}
