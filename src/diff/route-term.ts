import { fieldWords } from './field-words';
import type { DirectField, NamedList } from '../envoy/routes/match-places';
import { NAMED_LISTS, PSEUDO_HEADERS } from '../envoy/routes/match-places';
import type { HeaderMatcher, MetadataMatcher } from '../envoy/xds/matcher';
import type { Route, RouteMatch } from '../envoy/xds/route';
import type { MatchTerm } from '../manifest/condition';
import { claimName } from '../manifest/jwt-claim';
import type { PathCondition, StringCondition } from '../manifest/string-condition';
import { HTTP_MATCH_FIELDS } from '../traffic/match-fields';

/** Which requests an Envoy route takes: as Istio's match, with the rest as JSON. */
export interface RouteTerm {
  readonly term: MatchTerm;
  /** Conditions that Istio's API cannot express, in words. Empty without any. */
  readonly rest: string;
}

const NAMED = Object.keys(NAMED_LISTS) as (keyof typeof NAMED_LISTS)[];
const LISTS = [...new Set(Object.values(NAMED_LISTS))];
/** The fields of Envoy's RouteMatch that are read. */
const READ = new Set<string>(['prefix', 'path', 'safeRegex', 'caseSensitive', 'dynamicMetadata', 'pathSeparatedPrefix', ...LISTS]);

/** The match field of each pseudo-header. */
const BY_HEADER: ReadonlyMap<string, string> = new Map(Object.entries(PSEUDO_HEADERS).map(([field, header]) => [header, field]));

/** Reads back fields that only Envoy has. Flags belong to the conditions that they modify. */
const DIRECT: { readonly [F in Extract<DirectField, keyof MatchTerm>]: (match: RouteMatch) => MatchTerm[F] } = {
  uri: pathCondition,
};

export function routeTermOf({ match }: Route): RouteTerm {
  const others = Object.entries(match).filter(([field]) => !READ.has(field));
  const rest: object[] = others.length > 0 ? [Object.fromEntries(others)] : [];
  const strings: { [field: string]: StringCondition } = {};
  const named: { [field: string]: { [name: string]: StringCondition } } = {};
  const read = (list: NamedList, item: HeaderMatcher) => {
    const condition = stringCondition(item);
    const string = list === 'headers' && !item.invertMatch ? BY_HEADER.get(item.name) : undefined;
    const field = fieldOf(list, item.invertMatch === true);
    const name = nameIn(field, item.name);
    const isFree = string === undefined && field !== undefined && named[field]?.[name] === undefined;
    // A term holds one condition per name.
    if (condition && string !== undefined && !(string in strings)) strings[string] = condition;
    else if (condition && isFree) (named[field] ??= emptyMap())[name] = condition;
    else rest.push(item);
  };
  for (const matcher of match.dynamicMetadata ?? []) {
    const field = matcher.invert === true ? 'withoutClaims' : 'claims';
    const name = claimName(matcher.path.slice(1).map(({ key }) => key));
    const condition = claimCondition(matcher);
    if (condition && named[field]?.[name] === undefined) (named[field] ??= emptyMap())[name] = condition;
    else rest.push({ dynamicMetadata: matcher });
  }
  for (const list of LISTS) for (const item of match[list] ?? []) read(list, item);
  const direct = Object.entries(DIRECT).map(([field, of]) => [field, of(match)]).filter(([, condition]) => condition !== undefined);
  const term: MatchTerm = { ...Object.fromEntries(direct), ...strings, ...named };
  const segments = match.pathSeparatedPrefix === undefined ? [] : [`path ${match.pathSeparatedPrefix} or below`];
  return { term, rest: [...segments, ...rest.map(item => fieldWords(item))].join(' and ') };
}

/** The condition on a claim that istiod writes: on a string, or on one of a list of strings. */
function claimCondition({ filter, value: { orMatch } }: MetadataMatcher): StringCondition | undefined {
  const stringMatch = orMatch?.valueMatchers.map(each => each.stringMatch).find(found => found !== undefined);
  return filter === 'envoy.filters.http.jwt_authn' && stringMatch ? stringCondition({ name: '', stringMatch }) : undefined;
}

/** The field that holds these conditions as a list, direct or inverted. */
function fieldOf(list: NamedList, isInverted: boolean): keyof typeof NAMED_LISTS | undefined {
  return NAMED.find(field => NAMED_LISTS[field] === list && (HTTP_MATCH_FIELDS[field].shape === 'absences') === isInverted);
}

function nameIn(field: keyof typeof NAMED_LISTS | undefined, name: string): string {
  return field && 'caseless' in HTTP_MATCH_FIELDS[field] ? name.toLowerCase() : name;
}

function emptyMap(): { [name: string]: StringCondition } {
  return Object.create(null); // a header may be named __proto__
}

function pathCondition({ prefix, path, safeRegex, caseSensitive }: RouteMatch): PathCondition | undefined {
  const folded = caseSensitive === false ? { ignoreCase: true } : {};
  if (path !== undefined) return { exact: path, ...folded };
  if (safeRegex) return { regex: safeRegex.regex };
  return prefix === undefined || prefix === '/' || prefix === '' ? undefined : { prefix, ...folded };
}

/** The condition on a header or parameter, if the algebra supports it. */
function stringCondition(match: HeaderMatcher): StringCondition | undefined {
  const { name: _, stringMatch, presentMatch, invertMatch, treatMissingHeaderAsEmpty, ...others } = match;
  // Istio expresses absence as inverted presence, and `not this value` as the inverted value, where a missing header counts as empty.
  if (Object.keys(others).length > 0 || (treatMissingHeaderAsEmpty && !invertMatch)) return undefined;
  if (presentMatch === true) return {};
  if (!stringMatch) return undefined;
  const { exact, prefix, safeRegex, ...unknown } = stringMatch;
  if (Object.keys(unknown).length > 0) return undefined;
  if (safeRegex) return { regex: safeRegex.regex };
  return exact !== undefined ? { exact } : prefix !== undefined ? { prefix } : undefined;
}
