import type { Conditions, StringConditions } from '../manifest/condition';
import { withFlags } from '../manifest/istio-match';
import type { HTTPMatchRequest, HTTPRoute } from '../manifest/istio-specs.generated';
import { claimName, claimNames, isJwtClaim } from '../manifest/jwt-claim';
import type { MatchTerm } from '../manifest/match-algebra';
import { TERM_FIELDS } from '../manifest/match-algebra';
import type { Written, WrittenField } from '../manifest/written-match';
import { WRITTEN_FIELDS } from '../manifest/written-match';
import type { FieldOf, HttpConditionField, MatchField } from '../traffic/match-fields';
import { HTTP_MATCH_FIELDS } from '../traffic/match-fields';

type TermField = HttpConditionField & WrittenField;
type TermShape = (typeof HTTP_MATCH_FIELDS)[TermField]['shape'];
/** The condition of a field as written; undefined if it has none. */
type Reading<S extends TermShape> = (value: Written[S], field: MatchField) => Conditions[S] | undefined;

const READINGS: { readonly [S in TermShape]: Reading<S> } = {
  'path': value => value,
  'string-match': value => value,
  'string-matches': byName,
  'absences': byName,
  'port': value => value,
  'string': value => value || undefined,
  'labels': value => value,
};

/** The field of the claims among the names of a field. */
const OF_CLAIMS = { headers: 'claims', withoutHeaders: 'withoutClaims' } as const;

const FIELDS = WRITTEN_FIELDS.filter((field): field is TermField => TERM_FIELDS.some(known => known === field));
/** The fields by which istiod chooses proxies and listeners. Envoy gets no condition for them. */
const OF_CALLERS = FIELDS.filter((field): field is CallerField => HTTP_MATCH_FIELDS[field].about !== 'traffic');

/** A condition on callers or listeners. */
export type CallerField = TermField & FieldOf<typeof HTTP_MATCH_FIELDS, { readonly about: 'caller' | 'listener' }>;

function byName(conditions: StringConditions, { caseless }: MatchField): StringConditions | undefined {
  const named = Object.entries(conditions).filter(([name]) => !caseless || !isJwtClaim(name));
  const found = named.map(([name, condition]) => [caseless ? name.toLowerCase() : name, condition] as const);
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

function claimsIn(headers: StringConditions = {}): StringConditions | undefined {
  const found = Object.entries(headers).filter(([name]) => isJwtClaim(name))
    .map(([name, condition]) => [claimName(claimNames(name)), condition] as const);
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/** One item of a `match` list in the terms of the algebra. */
export function termOf(match: HTTPMatchRequest): MatchTerm {
  const term: { [field: string]: unknown } = {};
  for (const field of FIELDS) {
    const value = match[field];
    if (value === undefined) continue;
    const facts = HTTP_MATCH_FIELDS[field];
    const reading: (value: never, field: MatchField) => unknown = READINGS[facts.shape];
    const condition = reading(value as never, facts);
    if (condition !== undefined) term[field] = condition;
  }
  for (const field of ['headers', 'withoutHeaders'] as const) {
    const claims = claimsIn(match[field]);
    if (claims) term[OF_CLAIMS[field]] = claims;
  }
  return withFlags(term, match);
}

/** What a route takes: one of some terms; without `match` everything. */
export function termsOf({ match: matches = [] }: HTTPRoute): readonly MatchTerm[] {
  return matches.length === 0 ? [{}] : matches.map(termOf);
}

/** Only what a proxy knows of itself: from whom it sends, and at which port. */
export function callerOf(term: MatchTerm): MatchTerm {
  return Object.fromEntries(OF_CALLERS.flatMap(field => (term[field] === undefined ? [] : [[field, term[field]]])));
}

/** Whether a term asks for something beyond the caller and the port. */
function asksMoreThanCaller(term: MatchTerm): boolean {
  return Object.keys(term).some(field => !OF_CALLERS.some(known => known === field));
}

/** Whether Istio puts a route last on a gateway and ends with it on a sidecar: it takes every request. */
export function isCatchAll(term: MatchTerm): boolean {
  const { uri, ...rest } = term;
  return !asksMoreThanCaller(rest) && (uri === undefined || uri.prefix === '/' || uri.regex === '.*'
    || (uri.exact === undefined && uri.prefix === undefined && uri.regex === undefined));
}
