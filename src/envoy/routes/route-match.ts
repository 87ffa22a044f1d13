import type { DirectField, NamedList } from './match-places';
import { NAMED_LISTS, PSEUDO_HEADERS } from './match-places';
import { isPresence, stringMatcher } from './string-matcher';
import type { StringMatch } from '../../manifest/istio-specs.generated';
import { claimNames, isJwtClaim } from '../../manifest/jwt-claim';
import type { WrittenHttpMatch } from '../../manifest/written-match';
import { HTTP_MATCH_FIELDS } from '../../traffic/match-fields';
import type { CallerPlace, ListenerPlace } from '../match-place';
import { isForCaller, isForListener } from '../match-place';
import type { HeaderMatcher, MetadataMatcher } from '../xds/matcher';
import type { Route, RouteMatch } from '../xds/route';

/** Translates the fields that have their own field in RouteMatch. */
const DIRECT: { readonly [F in DirectField]: (match: WrittenHttpMatch) => RouteMatch } = {
  uri: ({ uri: { exact, prefix, regex } = {} }) => {
    if (exact !== undefined) return { path: exact };
    if (prefix !== undefined) return { prefix };
    return regex === undefined ? { prefix: '/' } : { safeRegex: { regex } };
  },
  ignoreUriCase: ({ ignoreUriCase }) => ({ caseSensitive: ignoreUriCase !== true }),
};

const DIRECT_FIELDS = Object.values(DIRECT);
const NAMED = Object.entries(NAMED_LISTS) as [keyof typeof NAMED_LISTS, NamedList][];
const PSEUDO = Object.entries(PSEUDO_HEADERS) as [keyof typeof PSEUDO_HEADERS, string][];

/** Istio's HTTPMatchRequest as Envoy's RouteMatch, without the fields that istiod evaluates itself, such as `sourceLabels`. */
export function routeMatch(match: WrittenHttpMatch | undefined, { isOfGatewayApi = false } = {}): RouteMatch {
  if (match === undefined) return { prefix: '/' };
  const lists: { readonly [L in NamedList]: HeaderMatcher[] } = { headers: [], queryParameters: [] };
  for (const [field, list] of NAMED) {
    const of = HTTP_MATCH_FIELDS[field].shape === 'absences' ? absence : matcher;
    for (const [name, condition] of Object.entries(match[field] ?? {})) lists[list].push(of(name, condition));
  }
  const claims = [
    ...Object.entries(match.headers ?? {}).flatMap(([name, condition]) => (isJwtClaim(name) ? [claim(name, condition)] : [])),
    ...Object.entries(match.withoutHeaders ?? {}).flatMap(([name, condition]) => (
      isJwtClaim(name) ? [{ ...claim(name, condition), invert: true }] : [])),
  ];
  const headers = lists.headers.filter(({ name }) => !isJwtClaim(name)).sort(byNameOf);
  for (const [field, header] of PSEUDO) {
    const condition = match[field];
    if (condition) headers.push(matcher(header, condition));
  }
  const direct: RouteMatch = Object.assign({}, ...DIRECT_FIELDS.map(of => of(match)));
  return {
    ...isOfGatewayApi ? bySegments(direct) : direct,
    ...headers.length > 0 && { headers },
    ...lists.queryParameters.length > 0 && { queryParameters: lists.queryParameters },
    ...claims.length > 0 && { dynamicMetadata: claims },
  };
}

/** A prefix of the Gateway API ends where a segment of the path ends. */
function bySegments({ prefix, ...match }: RouteMatch): RouteMatch {
  if (prefix === undefined || prefix === '/') return { prefix, ...match };
  return { ...match, pathSeparatedPrefix: prefix.replace(/\/$/, '') };
}

function byNameOf(a: HeaderMatcher, b: HeaderMatcher): number {
  return a.name < b.name ? -1 : Number(a.name > b.name);
}

/** A condition as Envoy's HeaderMatcher. Its QueryParameterMatcher has the same fields. */
function matcher(name: string, condition: StringMatch): Pick<HeaderMatcher, 'name' | 'presentMatch' | 'stringMatch'> {
  return isPresence(condition) ? { name, presentMatch: true } : { name, stringMatch: stringMatcher(condition) };
}

/** A condition on a claim of the verified token, which `jwt_authn` writes as metadata: a string, or a list with one that matches. */
function claim(name: string, condition: StringMatch): MetadataMatcher {
  // A claim has no condition for presence: Envoy rejects the empty condition, and the regex `*`.
  const one = { stringMatch: stringMatcher(condition) ?? {} };
  const path = ['payload', ...claimNames(name)].map(key => ({ key }));
  return { filter: 'envoy.filters.http.jwt_authn', path, value: { orMatch: { valueMatchers: [{ listMatch: { oneOf: one } }, one] } } };
}

function absence(name: string, condition: StringMatch): HeaderMatcher {
  return { ...matcher(name, condition), invertMatch: true, ...!isPresence(condition) && { treatMissingHeaderAsEmpty: true } };
}

/** Whether a route matches every request, so that requests reach no route after it. */
export function isCatchAll({ match: { prefix, safeRegex, caseSensitive: _, ...others } }: Route): boolean {
  return (prefix === '/' || safeRegex?.regex === '.*') && Object.values(others).every(condition => condition === undefined);
}

/** The listener and the caller for which istiod makes routes. */
export interface RoutePlace extends ListenerPlace, CallerPlace {
  /** Whether the pods that call are unknown, as at waypoints: istiod drops matches with `sourceLabels` there. */
  readonly dropsSourceLabels?: boolean;
}

/** Whether a match applies to a proxy's listener. A match with `gateways` applies to every caller. */
export function isForRoutes(match: WrittenHttpMatch | undefined, place: RoutePlace): boolean {
  if (match === undefined) return true;
  if (place.dropsSourceLabels && 'sourceLabels' in match && Object.keys(match.sourceLabels ?? {}).length > 0) return false;
  return isForListener(match, place) && ((match.gateways ?? []).length > 0 || isForCaller(match, place));
}
