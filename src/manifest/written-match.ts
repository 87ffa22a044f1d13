import type { HTTPMatchRequest, L4MatchAttributes, StringMatch, TLSMatchAttributes } from './istio-specs.generated';
import type { CONNECTION_MATCH_FIELDS, FieldOf, Held, HttpMatchField, MatchField } from '../traffic/match-fields';
import { HTTP_MATCH_FIELDS } from '../traffic/match-fields';

/** The types of the fields of each shape in Istio's API. */
export interface Written {
  readonly 'path': StringMatch;
  readonly 'string-match': StringMatch;
  readonly 'string-matches': { readonly [name: string]: StringMatch };
  readonly 'absences': { readonly [name: string]: StringMatch };
  readonly 'port': number;
  readonly 'string': string;
  readonly 'labels': { readonly [name: string]: string };
  readonly 'host-names': readonly string[];
  readonly 'subnets': readonly string[];
  readonly 'gateways': readonly string[];
  readonly 'flag': boolean;
  readonly 'name': string;
}

type Http = typeof HTTP_MATCH_FIELDS;
type Connection = typeof CONNECTION_MATCH_FIELDS;

/** The fields of Istio's API. */
export type WrittenField = Exclude<HttpMatchField, FieldOf<Http, { readonly becomes: string }>>;
export const WRITTEN_FIELDS = (Object.keys(HTTP_MATCH_FIELDS) as HttpMatchField[])
  .filter((field): field is WrittenField => (HTTP_MATCH_FIELDS[field] as MatchField).becomes === undefined);

/** Checks the tables against Istio's API at compile time. */
type OfHttp<M extends Held<Written, Http, WrittenField, M>> = Partial<M>;
type OfTcp<M extends Held<Written, Connection, Without<'tls'>, M>> = Partial<M>;
type OfTls<M extends Held<Written, Connection, Without<'tcp'>, M>> = Partial<M>;
type Without<P> = Exclude<keyof Connection, FieldOf<Connection, { readonly protocol: P }>>;

/** A match of HTTP requests as written. */
export type WrittenHttpMatch = OfHttp<Required<HTTPMatchRequest>>;
/** A match of connections as written. */
export type WrittenConnectionMatch = OfTcp<Required<L4MatchAttributes>> | OfTls<Required<TLSMatchAttributes>>;
