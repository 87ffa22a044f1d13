import type { MatchTerm, StringConditions } from './condition';
import type { Both, Comparison } from './condition-algebra';
import { COMPARISONS } from './condition-algebra';
import { COOKIE, cookieRegex, MOST_COOKIES } from './cookie-regex';
import { isWithin } from './string-condition';
import type { HttpConditionField } from '../traffic/match-fields';
import { fieldsWith, HTTP_MATCH_FIELDS } from '../traffic/match-fields';
import { regexObjection } from '../traffic/re2';

export type { MatchTerm } from './condition';
export { isAnyPath } from './string-condition';

/** The conjunction of terms. If Istio cannot express it, `inexpressible` names the field and both sides. */
export type TermConjunction = { readonly term: MatchTerm } | { readonly inexpressible: string } | 'nothing';

/** The fields of a term. */
export const TERM_FIELDS = Object.keys(HTTP_MATCH_FIELDS).filter((field): field is HttpConditionField => (
  HTTP_MATCH_FIELDS[field as keyof typeof HTTP_MATCH_FIELDS].shape in COMPARISONS));

const DENIALS = [...fieldsWith(HTTP_MATCH_FIELDS, { shape: 'absences' }), ...fieldsWith(HTTP_MATCH_FIELDS, { shape: 'claim-absences' })];

/** How conditions on a field compare, according to its shape. */
function comparisonOf(field: HttpConditionField): Comparison<unknown> {
  return COMPARISONS[HTTP_MATCH_FIELDS[field].shape];
}

/** The conjunction of two terms. */
export function conjunction(a: MatchTerm, b: MatchTerm): TermConjunction {
  if (isEmpty(a)) return { term: b };
  if (isEmpty(b)) return { term: a };
  const term: { [field: string]: unknown } = {};
  for (const field of TERM_FIELDS) {
    const of = bothOf(field, a[field], b[field]);
    if (of === 'nothing' || 'inexpressible' in of) return of;
    if (of.is !== undefined) term[field] = of.is;
  }
  return consistentTerm(term);
}

function bothOf(field: HttpConditionField, a: unknown, b: unknown): Both<unknown> {
  return a === undefined || b === undefined ? { is: a ?? b } : comparisonOf(field).both(field, a, b);
}

/** Whether a term has no condition. */
function isEmpty(term: MatchTerm): boolean {
  for (const field in term) if (term[field as HttpConditionField] !== undefined) return false;
  return true;
}

/**
 * Checks that the fields of a term agree: a header and its absence contradict each other, and the cookie header holds only one condition.
 */
export function consistentTerm(term: MatchTerm): TermConjunction {
  const { cookies, headers } = term;
  if (cookies && Object.keys(cookies).length > MOST_COOKIES) {
    return { inexpressible: `cookies ${Object.keys(cookies).join(', ')} (one regex can hold at most three)` };
  }
  const problem = cookies && regexObjection(cookieRegex(cookies));
  if (problem) return { inexpressible: `cookies ${Object.keys(cookies).join(', ')} (their conditions are one regex, which ${problem[0]})` };
  return DENIALS.some(field => isDenied(term, field)) ? 'nothing'
    : cookies && own(headers, COOKIE) ? withOneCookieHeader(term, cookies) : { term };
}

/** Whether a term requires a name to be both absent and present. */
function isDenied(term: MatchTerm, field: (typeof DENIALS)[number]): boolean {
  const { of } = HTTP_MATCH_FIELDS[field];
  return Object.entries(term[field] ?? {}).some(([name, absent]) => {
    const there = own(term[of], name) ?? (of === 'headers' && name === COOKIE && term.cookies ? {} : undefined);
    return there !== undefined && isWithin(there, absent);
  });
}

/** Combines cookies with a condition on the `cookie` header, because Istio accepts one condition per header. */
function withOneCookieHeader(term: MatchTerm, cookies: StringConditions): TermConjunction {
  const { [COOKIE]: cookie, ...headers } = term.headers!;
  const stated = { [COOKIE]: { regex: cookieRegex(cookies) } };
  const of = COMPARISONS['string-matches'].both('headers', { cookie }, stated);
  if (of === 'nothing' || 'inexpressible' in of) return of;
  const { cookies: _, headers: __, ...rest } = term;
  if (of.is[COOKIE].regex !== stated[COOKIE].regex) return { term: { ...rest, headers: { ...headers, ...of.is } } };
  return { term: { ...rest, cookies, ...(Object.keys(headers).length > 0 ? { headers } : {}) } };
}

/** A value by its own name, which may be a name such as `constructor`. */
function own<T>(map: { readonly [name: string]: T } | undefined, name: string): T | undefined {
  return map && Object.hasOwn(map, name) ? map[name] : undefined;
}

/** Whether every request that meets `a` is known to meet `b`. */
export function isTermWithin(a: MatchTerm, b: MatchTerm): boolean {
  for (const field in b) if (!isFieldWithin(a, b, field as HttpConditionField)) return false;
  return true;
}

function isFieldWithin(a: MatchTerm, b: MatchTerm, field: HttpConditionField): boolean {
  const wanted = b[field];
  if (wanted === undefined) return true;
  const facts = HTTP_MATCH_FIELDS[field];
  const there = 'of' in facts ? a[facts.of] : undefined;
  const known = field === 'headers' ? headersOf(a, wanted as StringConditions) : a[field];
  return comparisonOf(field).isWithin(known, wanted, there);
}

/** The conditions on headers, if required with the header of the cookies. */
function headersOf({ headers, cookies }: MatchTerm, wanted: StringConditions): StringConditions | undefined {
  return cookies && own(wanted, COOKIE) && !own(headers, COOKIE) ? { ...headers, [COOKIE]: { regex: cookieRegex(cookies) } } : headers;
}

/** Whether every request meets a term. */
export function takesEverything(term: MatchTerm): boolean {
  return isTermWithin({}, term);
}

/** Whether every request to a port meets a term. */
export function takesEverythingAt(port: number, term: MatchTerm): boolean {
  return (term.port ?? port) === port && takesEverything(term.port === undefined ? term : { ...term, port: undefined });
}

/** Whether every alternative of `a` is within one of `b`. */
export function areWithin(a: readonly MatchTerm[], b: readonly MatchTerm[]): boolean {
  return a.every(x => b.some(y => isTermWithin(x, y)));
}

/** Whether a request is known not to meet both. */
export function areDisjoint(a: readonly MatchTerm[], b: readonly MatchTerm[]): boolean {
  return a.every(x => b.every(y => conjunction(x, y) === 'nothing'));
}
