import type { MatchTerm, StringConditions } from './condition';
import { COOKIE, cookieRegex } from './cookie-regex';
import { claimHeader } from './jwt-claim';
import type { PathCondition } from './string-condition';
import type { FieldOf } from '../traffic/match-fields';
import { fieldsWith, HTTP_MATCH_FIELDS } from '../traffic/match-fields';

type Flag = FieldOf<typeof HTTP_MATCH_FIELDS, { readonly shape: 'flag' }>;

/** The meaning of a flag for its condition. */
const SAID_BY: { readonly [F in Flag]: keyof PathCondition } = { ignoreUriCase: 'ignoreCase' };
const FLAGS = fieldsWith(HTTP_MATCH_FIELDS, { shape: 'flag' });

/** A term with the flags of a match. */
export function withFlags(term: MatchTerm, match: { readonly [F in Flag]?: unknown }): MatchTerm {
  return FLAGS.reduce((all, flag) => {
    const { of } = HTTP_MATCH_FIELDS[flag];
    return match[flag] === true && all[of] ? { ...all, [of]: { ...all[of], [SAID_BY[flag]]: true } } : all;
  }, term);
}

/** The set flags of a condition, in words. */
export function flagWords(field: string, condition: unknown): string[] {
  return FLAGS.filter(flag => HTTP_MATCH_FIELDS[flag].of === field && (condition as PathCondition)[SAID_BY[flag]])
    .map(flag => HTTP_MATCH_FIELDS[flag].words);
}

/** The term in Istio's syntax. */
export function istioMatch({ cookies, claims, withoutClaims, ...term }: MatchTerm): { readonly [field: string]: unknown } {
  const result: { [field: string]: unknown } = {};
  for (const field in term) {
    const condition = term[field as keyof typeof term];
    if (condition !== undefined) result[field] = condition;
  }
  for (const flag of FLAGS) {
    const { of } = HTTP_MATCH_FIELDS[flag];
    const stated = term[of];
    if (stated === undefined) continue;
    const { [SAID_BY[flag]]: isSet, ...condition } = stated;
    if (isSet !== undefined) result[of] = condition;
    if (isSet) result[flag] = true;
  }
  if (cookies) result.headers = { ...term.headers, [COOKIE]: { regex: cookieRegex(cookies) } };
  if (claims) result.headers = { ...result.headers as StringConditions | undefined, ...claimHeaders(claims) };
  if (withoutClaims) result.withoutHeaders = { ...term.withoutHeaders, ...claimHeaders(withoutClaims) };
  return result;
}

function claimHeaders(claims: StringConditions): StringConditions {
  return Object.fromEntries(Object.entries(claims).map(([name, condition]) => [claimHeader(name), condition]));
}

/** The sort key of a term if nothing else decides. */
export function canonicalText(term: MatchTerm): string {
  return JSON.stringify(sortKeys(istioMatch(term)));
}

function sortKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sortKeys);
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => [k, sortKeys(v)]));
}
