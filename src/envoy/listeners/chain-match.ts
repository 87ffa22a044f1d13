import type { ChainPlan } from './filter-chain';
import type { Written } from '../../manifest/written-match';
import type { CONNECTION_MATCH_FIELDS, FieldOf } from '../../traffic/match-fields';

type Connection = typeof CONNECTION_MATCH_FIELDS;
/** The fields of a match that Envoy compares with connections. */
type TrafficField = FieldOf<Connection, { readonly about: 'traffic' }>;

/** The field of a filter chain for each condition on connections. */
const CHAIN_FIELDS = { sniHosts: 'serverNames', destinationSubnets: 'subnets' } as const satisfies {
  readonly [F in TrafficField]: keyof ChainPlan
};
const FIELDS = Object.keys(CHAIN_FIELDS) as TrafficField[];

/** The conditions of a match in the fields of its filter chain. An unset condition is an empty list. */
export type ChainMatch = { readonly [F in TrafficField as (typeof CHAIN_FIELDS)[F]]: Written[Connection[F]['shape']] };

export function chainMatch(match: { readonly [F in TrafficField]?: Written[Connection[F]['shape']] }): ChainMatch {
  return Object.fromEntries(FIELDS.map(field => [CHAIN_FIELDS[field], match[field] ?? []])) as ChainMatch;
}
