import type { DirectField, NamedList } from './match-places';
import { NAMED_LISTS, PSEUDO_HEADERS } from './match-places';
import { isPresence, stringMatcher } from './string-matcher';
import type { WrittenHttpMatch } from '../../manifest/written-match';
import { HTTP_MATCH_FIELDS } from '../../traffic/match-fields';
import type { CallerPlace, ListenerPlace } from '../match-place';
import { isForCaller, isForListener } from '../match-place';
import type { Json, Route } from '../proxy-config';

/** What the fields come to that have fields of Envoy's alone. */
const DIRECT: { readonly [F in DirectField]: (match: WrittenHttpMatch) => Json } = {
  uri: ({ uri }) => {
    if (uri?.exact !== undefined) return { path: String(uri.exact) };
    if (uri?.prefix !== undefined) return { prefix: String(uri.prefix) };
    return uri?.regex === undefined ? { prefix: '/' } : { safeRegex: { regex: String(uri.regex) } };
  },
  ignoreUriCase: ({ ignoreUriCase }) => ({ caseSensitive: ignoreUriCase !== true }),
};

const NAMED = Object.entries(NAMED_LISTS) as [keyof typeof NAMED_LISTS, NamedList][];
const PSEUDO = Object.entries(PSEUDO_HEADERS) as [keyof typeof PSEUDO_HEADERS, string][];

/** Istio's HTTPMatchRequest as Envoy's RouteMatch. What istiod decides itself, such as labels of the caller, is not in it. */
export function routeMatch(match: WrittenHttpMatch | undefined, note: (message: string) => void): Json {
  if (match === undefined) return { prefix: '/' };
  const lists: { readonly [L in NamedList]: Json[] } = { headers: [], queryParameters: [] };
  for (const [field, list] of NAMED) {
    const of = HTTP_MATCH_FIELDS[field].shape === 'absences' ? absence : matcher;
    for (const [name, condition] of Object.entries(match[field] ?? {})) lists[list].push(of(name, condition));
  }
  const claims = lists.headers.map(({ name }) => name).filter(name => /^@request\.auth\.claims[.[]/.test(name));
  if (claims.length > 0) note(`matches on the claims of a token (${claims.join(', ')}) are not translated; the route looks wider than it is`);
  const headers = lists.headers.filter(({ name }) => !claims.includes(name)).sort(byNameOf);
  for (const [field, header] of PSEUDO) if (match[field]) headers.push(matcher(header, match[field]));
  return {
    ...Object.values(DIRECT).reduce((all, of) => ({ ...all, ...of(match) }), {}),
    ...headers.length > 0 && { headers },
    ...lists.queryParameters.length > 0 && { queryParameters: lists.queryParameters },
  };
}

function byNameOf(a: Json, b: Json): number {
  return a.name < b.name ? -1 : Number(a.name > b.name);
}

/** Envoy's HeaderMatcher, or QueryParameterMatcher, of a condition. */
function matcher(name: string, condition: Json): Json {
  return isPresence(condition) ? { name, presentMatch: true } : { name, stringMatch: stringMatcher(condition) };
}

function absence(name: string, condition: Json): Json {
  return { ...matcher(name, condition), invertMatch: true, ...!isPresence(condition) && { treatMissingHeaderAsEmpty: true } };
}

/** Whether a route takes every request that reaches it, so that none after it is reached. */
export function isCatchAll({ match }: Route): boolean {
  return (match.prefix === '/' || match.safeRegex?.regex === '.*') && !match.headers && !match.queryParameters;
}

/** Where istiod makes the routes of one listener of one proxy. */
export type Place = ListenerPlace & CallerPlace;

/** Whether a match concerns the proxy at all. One that names Gateways is for every caller behind them. */
export function concerns(match: WrittenHttpMatch | undefined, place: Place): boolean {
  if (match === undefined) return true;
  return isForListener(match, place) && ((match.gateways ?? []).length > 0 || isForCaller(match, place));
}
