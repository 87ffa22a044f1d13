import type { Stated } from './condition-problem';
import { conditionProblem } from './condition-problem';
import type { FieldOf, Held } from './match-fields';
import { CONNECTION_MATCH_FIELDS as TABLE, fieldsWith } from './match-fields';
import { dnsLabelProblem } from './name';
import type { Problem } from './problem';
import { fieldProblem, statedProblem } from './problem';

/** What an author states of connections; ports are those of the route. */
const FIELDS = [...fieldsWith(TABLE, { about: 'traffic' }), ...fieldsWith(TABLE, { about: 'caller' })];
type Field = (typeof FIELDS)[number];

export type TcpField = Exclude<Field, FieldOf<typeof TABLE, { readonly protocol: 'tls' }>>;
export type TlsField = Exclude<Field, 'destinationSubnets'>;

export const TCP_FIELDS = FIELDS.filter((field): field is TcpField => !('protocol' in TABLE[field]));
/**
 * Without subnets: chains that differ in subnets and names hide each other in Envoy, and istiod applies the subnets of one match to the
 * next.
 */
export const TLS_FIELDS = FIELDS.filter((field): field is TlsField => field !== 'destinationSubnets');

/** Holds an interface to the fields of a protocol. */
export type HeldConnectionMatch<F extends Field, M extends Held<Stated, typeof TABLE, F, M>> = Partial<M>;

/** What is wrong with a match, if anything. */
export function connectionMatchProblem<F extends Field>(
  what: string, match: { readonly [K in F]?: unknown }, fields: readonly F[],
): Problem {
  return fieldProblem(what, match, fields) ?? statedProblem(what, match, fields, (at, value, field) => (
    conditionProblem(at, value, TABLE[field], noName) ?? (field === 'sourceNamespace' ? dnsLabelProblem(at, value as string) : undefined)));
}

/** No field of a connection has names. */
function noName(): Problem {
  return undefined;
}
