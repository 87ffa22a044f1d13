import type { Conditions, MatchTerm, StringConditions } from './condition';
import { withFlags } from './istio-match';
import { TERM_FIELDS } from './match-algebra';
import type { Stated } from '../traffic/condition-problem';
import type { HttpMatch } from '../traffic/http-match';
import type { ConditionShape, MatchField } from '../traffic/match-fields';
import { HTTP_MATCH_FIELDS } from '../traffic/match-fields';
import type { StringMatch } from '../traffic/string-match';
import { istioStringMatch } from '../traffic/string-match';

type Reading<S extends ConditionShape> = (value: Stated[S], field: MatchField) => Conditions[S] | undefined;

const READINGS: { readonly [S in ConditionShape]: Reading<S> } = {
  'path': path,
  'string-match': istioStringMatch,
  'string-matches': byName,
  'absences': byName,
  'claims': byName,
  'claim-absences': byName,
  'port': value => value,
  'string': value => value,
  'labels': value => value,
  'host-names': value => value,
  'subnets': value => value,
};

/** The checked term of an author's match. */
export function statedTerm(match: HttpMatch): MatchTerm {
  const term: { [field: string]: unknown } = {};
  for (const field of TERM_FIELDS.filter(name => match[name] !== undefined)) {
    const facts = HTTP_MATCH_FIELDS[field];
    const reading: (value: never, field: MatchField) => unknown = READINGS[facts.shape];
    const condition = reading(match[field] as never, facts);
    if (condition !== undefined) term[field] = condition;
  }
  return withFlags(term, match);
}

/** The prefix '/' is omitted. A regex for every path stays, because a rewrite replaces the whole path that it matches. */
function path(value: StringMatch): Conditions['path'] | undefined {
  return value.kind === 'prefix' && value.value === '/' ? undefined : istioStringMatch(value);
}

/** Sorts by name. */
function byName(matches: { readonly [name: string]: StringMatch }, { caseless }: MatchField): StringConditions | undefined {
  const names = Object.keys(matches).sort();
  if (names.length === 0) return undefined;
  return Object.fromEntries(names.map(name => [caseless ? name.toLowerCase() : name, istioStringMatch(matches[name])]));
}
