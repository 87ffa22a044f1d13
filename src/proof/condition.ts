import { claimField } from './claims';
import type { StringSet } from './string-set';
import { exactly, atOrBelow, beginning, matching, fixedSet, stringSetOf } from './string-set';
import { PSEUDO_HEADERS } from '../envoy/routes/match-places';
import type { HeaderMatcher, MetadataMatcher, QueryParameterMatcher, StringMatcher, ValueMatcher } from '../envoy/xds/matcher';
import type { RouteMatch } from '../envoy/xds/route';

/** What a condition asks of its field: a value in a set; `present`, any value; `unread`, what is not understood. */
export type Test = StringSet | 'present' | 'unread';

/** A condition on one field of requests, or its opposite. */
export interface Condition {
  /** A string that every request has, a header, a query parameter, or a condition that is not understood. */
  readonly field: Field;
  readonly test: Test;
  /** Whether the test must hold. For a header with several values it holds if it holds for one of them. */
  readonly holds: boolean;
}

/** A string that every request has: the path, and what Envoy has as headers with a colon. */
export type LineField = 'path' | keyof typeof PSEUDO_HEADERS;
/** What requests have under names: headers, query parameters, the claims of their token; and conditions that are not understood. */
export type NamedKind = 'header' | 'parameter' | 'claim' | 'unread';
export type NamedField = `${NamedKind} ${string}`;
export type Field = LineField | NamedField;

export function isNamed(field: Field): field is NamedField {
  return field.includes(' ');
}

/** The kind of a field, and its name. */
export function partsOf(field: NamedField): readonly [kind: NamedKind, name: string] {
  const end = field.indexOf(' ');
  return [field.slice(0, end) as NamedKind, field.slice(end + 1)];
}

/** The opposite of a condition. */
export function opposite(condition: Condition): Condition {
  return { ...condition, holds: !condition.holds };
}

export function conditionKey({ field, test, holds }: Condition): string {
  return `${holds ? '' : 'not '}${field} ${typeof test === 'string' ? test : test.key}`;
}

/**
 * The fields of requests that Envoy has as headers with a colon. `host` is another name of the authority, and x-forwarded-proto holds the
 * scheme: Envoy writes it where the caller does not.
 */
const BY_HEADER: ReadonlyMap<string, LineField> = new Map<string, LineField>([
  ...(Object.keys(PSEUDO_HEADERS) as (keyof typeof PSEUDO_HEADERS)[]).map(field => [PSEUDO_HEADERS[field], field] as const),
  ['host', 'authority'], ['x-forwarded-proto', 'scheme'],
]);
const READ: ReadonlySet<string> = new Set<keyof RouteMatch>([
  'prefix', 'path', 'safeRegex', 'pathSeparatedPrefix', 'caseSensitive', 'headers', 'queryParameters', 'grpc', 'dynamicMetadata',
]);
const GRPC = fixedSet('application/grpc(?:[+;].*)?');

/** What a route's match asks for; all of it must hold. If routes do not see claims, no claim has a value. */
export function conditionsOf(match: RouteMatch, seesClaims: boolean): readonly Condition[] {
  const conditions = [
    ...pathConditions(match),
    ...(match.headers ?? []).flatMap(headerConditions),
    ...(match.queryParameters ?? []).flatMap(parameterConditions),
    ...(match.grpc === undefined ? [] : [{ field: 'header content-type', test: GRPC, holds: true } as const]),
    ...(match.dynamicMetadata ?? []).flatMap(matcher => claimConditions(matcher, seesClaims)),
    ...Object.entries(match).filter(([field]) => !READ.has(field)).map(unread),
  ];
  if (conditions.length < 2) return conditions;
  const byKey = new Map(conditions.map(condition => [conditionKey(condition), condition]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, condition]) => condition);
}

function unread(what: unknown): Condition {
  return { field: `unread ${JSON.stringify(what)}`, test: 'unread', holds: true };
}

function pathConditions(match: RouteMatch): Condition[] {
  const { path, prefix, safeRegex, pathSeparatedPrefix } = match;
  const ignoreCase = match.caseSensitive === false;
  const on = (test: StringSet | undefined): Condition[] => [test ? { field: 'path', test, holds: true } : unread(safeRegex)];
  if (prefix !== undefined) return prefix === '/' || prefix === '' ? [] : on(beginning(prefix, ignoreCase));
  if (path !== undefined) return on(exactly(path, ignoreCase));
  if (safeRegex !== undefined) return on(matching(safeRegex.regex));
  return pathSeparatedPrefix === undefined ? [] : on(atOrBelow(pathSeparatedPrefix, ignoreCase));
}

/** The condition of a header on its value, in the fields from before Envoy had `stringMatch` too. */
function stringMatchOf(matcher: HeaderMatcher): StringMatcher | undefined {
  const { stringMatch, exactMatch, prefixMatch, suffixMatch, containsMatch, safeRegexMatch } = matcher;
  if (stringMatch !== undefined) return stringMatch;
  const old = { exact: exactMatch, prefix: prefixMatch, suffix: suffixMatch, contains: containsMatch, safeRegex: safeRegexMatch };
  const stated = Object.fromEntries(Object.entries(old).filter(([, value]) => value !== undefined));
  return Object.keys(stated).length > 0 ? stated : undefined;
}

/** What a condition on a header asks for; all of it must hold. */
export function headerConditions(matcher: HeaderMatcher): Condition[] {
  const name = matcher.name.toLowerCase();
  const field = BY_HEADER.get(name) ?? `header ${name}` as const;
  const { invertMatch = false, treatMissingHeaderAsEmpty = false, presentMatch, rangeMatch } = matcher;
  if (rangeMatch !== undefined || (name.startsWith(':') && field.startsWith('header'))) return [unread(matcher)];
  const stringMatch = stringMatchOf(matcher);
  if (stringMatch === undefined) return [{ field, test: 'present', holds: (presentMatch !== false) !== invertMatch }];
  const test = stringSetOf(stringMatch);
  if (test === undefined) return [unread(matcher)];
  // An absent header meets no condition, not even one turned round, unless it counts as empty.
  const isMetByAbsence = treatMissingHeaderAsEmpty && test.has('') !== invertMatch;
  if (isMetByAbsence && !invertMatch) return [unread(matcher)];
  const present: Condition = { field, test: 'present', holds: true };
  return [{ field, test, holds: !invertMatch }, ...(invertMatch && !isMetByAbsence ? [present] : [])];
}

function parameterConditions(matcher: QueryParameterMatcher): Condition[] {
  const { name, stringMatch, presentMatch } = matcher;
  const field = `parameter ${name}` as const;
  if (!/^[\x21-\x7e]+$/.test(name) || /[&=#]/.test(name)) return [unread(matcher)];
  if (stringMatch === undefined) return [{ field, test: 'present', holds: presentMatch !== false }];
  const test = stringSetOf(stringMatch);
  return [test ? { field, test, holds: true } : unread(matcher)];
}

const JWT = 'envoy.filters.http.jwt_authn';
const NO_REQUEST: Condition = { field: 'path', test: fixedSet('[^\\x00-\\x{10FFFF}]'), holds: true };

/** What a matcher asks of a claim. A list of strings is a field with several values. What other filters write is not known. */
function claimConditions(matcher: MetadataMatcher, seesClaims: boolean): Condition[] {
  const { filter, path, value, invert = false } = matcher;
  const stated = filter === JWT ? stringOf(value) : undefined;
  if (stated === undefined) return [unread(matcher)];
  if (!seesClaims) return invert ? [] : [NO_REQUEST];
  // Claims can hold other characters than proofs cover.
  const test = /^[\x20-\x7e]*$/.test(JSON.stringify(stated)) ? stringSetOf(stated) : undefined;
  return [test ? { field: claimField(path.slice(1).map(({ key }) => key)), test, holds: !invert } : unread(matcher)];
}

/** The condition on a string, or on one of a list of strings. */
function stringOf({ orMatch }: ValueMatcher): StringMatcher | undefined {
  const [first, second, ...others] = orMatch?.valueMatchers ?? [];
  const [listed, alone] = [first?.listMatch?.oneOf.stringMatch, second?.stringMatch];
  return others.length === 0 && JSON.stringify(listed) === JSON.stringify(alone) ? alone : undefined;
}
