import type { Labels } from './labels';
import type { PathCondition, StringCondition } from './string-condition';
import type {
  CONNECTION_MATCH_FIELDS, ConditionShape, ConnectionConditionField, HTTP_MATCH_FIELDS, HttpConditionField,
} from '../traffic/match-fields';

/** StringMatches by name. Case-insensitive names are in lower case. */
export interface StringConditions {
  readonly [name: string]: StringCondition;
}

/** The condition in a field of each shape. */
export interface Conditions {
  readonly 'path': PathCondition;
  readonly 'string-match': StringCondition;
  readonly 'string-matches': StringConditions;
  readonly 'absences': StringConditions;
  readonly 'claims': StringConditions;
  readonly 'claim-absences': StringConditions;
  readonly 'port': number;
  readonly 'string': string;
  readonly 'labels': Labels;
  readonly 'host-names': readonly string[];
  readonly 'subnets': readonly string[];
}

/** The condition of a shape. A shape that is not listed above does not compile. */
export type ConditionOf<S extends ConditionShape> = Conditions[S];

/**
 * One alternative of a route's match: Istio's HTTPMatchRequest, with differences that make it computable. Header names are in lower
 * case, and cookies and the claims of tokens are separate from the headers that they become.
 */
export type MatchTerm = { readonly [F in HttpConditionField]?: ConditionOf<(typeof HTTP_MATCH_FIELDS)[F]['shape']> };

/** One alternative of a connection match: Istio's L4MatchAttributes and TLSMatchAttributes. */
export type ConnectionTerm = { readonly [F in ConnectionConditionField]?: ConditionOf<(typeof CONNECTION_MATCH_FIELDS)[F]['shape']> };
