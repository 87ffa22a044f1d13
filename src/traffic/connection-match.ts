import type { Stated } from './condition-problem';
import { conditionProblem } from './condition-problem';
import type { FieldOf, Held } from './match-fields';
import { CONNECTION_MATCH_FIELDS as TABLE, fieldsWith } from './match-fields';
import { dnsLabelProblem } from './name';
import type { Problem } from './problem';
import { statedProblem } from './problem';

/** The conditions on connections that an author sets. The ports are those of the route. */
const FIELDS = [...fieldsWith(TABLE, { about: 'traffic' }), ...fieldsWith(TABLE, { about: 'caller' })];
type Field = (typeof FIELDS)[number];

export type TcpField = Exclude<Field, FieldOf<typeof TABLE, { readonly protocol: 'tls' }>>;
export type TlsField = Exclude<Field, 'destinationSubnets'>;

export const TCP_FIELDS = FIELDS.filter((field): field is TcpField => !('protocol' in TABLE[field]));
/**
 * Without subnets: in Envoy, filter chains with different subnets and names hide each other, and istiod copies the subnets of one match to
 * the next.
 */
export const TLS_FIELDS = FIELDS.filter((field): field is TlsField => field !== 'destinationSubnets');

/** Ties an interface to the fields of a protocol: a field that is missing in one of them, or has another shape, does not compile. */
export type HeldConnectionMatch<F extends Field, M extends Held<Stated, typeof TABLE, F, M>> = Partial<M>;

/** The problem of a match. */
export function connectionMatchProblem<F extends Field>(
  what: string, match: { readonly [K in F]?: unknown }, fields: readonly F[],
): Problem {
  return statedProblem(what, match, fields, (at, value, field) => (
    conditionProblem(at, value, TABLE[field], noName) ?? (field === 'sourceNamespace' ? dnsLabelProblem(at, value as string) : undefined)));
}

/** The check of names, which no field of a connection has. */
function noName(): Problem {
  return undefined;
}
