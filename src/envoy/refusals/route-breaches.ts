import type { Breach, BreachPath } from './breach';
import { constraintBreaches } from './constraint-check';
import type { Objection } from '../../traffic/objection';
import { envoyRegexObjection } from '../../traffic/re2';
import { headerFormatObjection } from '../../traffic/substitution-format';
import { weightsObjection } from '../../traffic/weights';
import type { HeaderMutations } from '../xds/core';
import type { CorsPolicy } from '../xds/http-filters';
import type { MetadataMatcher, StringMatcher, ValueMatcher } from '../xds/matcher';
import type { Route, RouteMatch } from '../xds/route';

const ROUTE = 'envoy.config.route.v3.Route';
const MATCH = 'envoy.config.route.v3.RouteMatch';

/** istiod leaves out a redirect with a status that Envoy's message cannot hold. */
const NO_ACTION: Breach = {
  path: ['redirect', 'redirectCode'],
  value: undefined,
  limit: 'is a status that Envoy does not redirect with, so that the route has no action',
  repair: 'use 301, 302, 303, 307 or 308',
};

type Add = (path: BreachPath, value: unknown, objection: Objection) => void;

/** The values of a route for which Envoy refuses its route configuration. */
export function routeBreaches(route: Route): readonly Breach[] {
  const breaches = hasAction(route) ? [...constraintBreaches(route, ROUTE)] : [NO_ACTION];
  const add = addingTo(breaches);
  addFormats(route, [], add);
  addMatch(route.match, add);
  addCors(route.typedPerFilterConfig?.['envoy.filters.http.cors'], add);
  const { weightedClusters, regexRewrite } = route.route ?? {};
  if (regexRewrite) addRegex(regexRewrite.pattern.regex, ['route', 'regexRewrite', 'pattern', 'regex'], add);
  if (weightedClusters) {
    const path = ['route', 'weightedClusters', 'clusters'];
    const { clusters = [] } = weightedClusters;
    clusters.forEach((cluster, i) => addFormats(cluster, [...path, i], add));
    const weights = clusters.map(({ weight = 0 }) => weight);
    add(path, weights.reduce((all, weight) => all + weight, 0), weightsObjection(weights));
  }
  return breaches;
}

/** The values of a match for which Envoy refuses the route configuration of a route with it. */
export function matchBreaches(match: RouteMatch): readonly Breach[] {
  const breaches = [...constraintBreaches(match, MATCH)];
  addMatch(match, addingTo(breaches));
  return breaches;
}

function addingTo(breaches: Breach[]): Add {
  return (path, value, objection) => {
    if (objection) breaches.push({ path, value, limit: objection[0], repair: objection[1] });
  };
}

function hasAction({ route, redirect, directResponse }: Route): boolean {
  return (route ?? redirect ?? directResponse) !== undefined;
}

function addFormats(mutations: HeaderMutations, path: BreachPath, add: Add): void {
  for (const field of ['requestHeadersToAdd', 'responseHeadersToAdd'] as const) {
    mutations[field]?.forEach(({ header: { value = '' } }, i) =>
      add([...path, field, i, 'header', 'value'], value, headerFormatObjection(value)),
    );
  }
}

function addMatch({ safeRegex, headers = [], queryParameters = [], dynamicMetadata = [] }: RouteMatch, add: Add): void {
  if (safeRegex) addRegex(safeRegex.regex, ['match', 'safeRegex', 'regex'], add);
  headers.forEach(({ stringMatch }, i) => addStringMatch(stringMatch, ['match', 'headers', i, 'stringMatch'], add));
  queryParameters.forEach(({ stringMatch }, i) => addStringMatch(stringMatch, ['match', 'queryParameters', i, 'stringMatch'], add));
  dynamicMetadata.forEach((matcher, i) => addClaim(matcher, ['match', 'dynamicMetadata', i], add));
}

function addClaim({ path, value }: MetadataMatcher, place: BreachPath, add: Add): void {
  const claim = path.slice(1).map(({ key }) => key).join('.');
  for (const matcher of stringsOf(value)) {
    const regex = matcher.safeRegex?.regex;
    // Istio's regex for presence, which it translates for headers alone.
    if (Object.keys(matcher).length > 0 && regex !== '*') addStringMatch(matcher, [...place, 'value', 'stringMatch'], add);
    else add([...place, 'value'], regex, [`asks whether the claim '${claim}' is present, which Envoy has no condition for`, 'use the regex .*']);
  }
}

function stringsOf({ stringMatch, listMatch, orMatch }: ValueMatcher): readonly StringMatcher[] {
  if (stringMatch) return [stringMatch];
  return listMatch ? stringsOf(listMatch.oneOf) : (orMatch?.valueMatchers ?? []).flatMap(stringsOf);
}

function addCors(cors: CorsPolicy | undefined, add: Add): void {
  const path = ['typedPerFilterConfig', 'envoy.filters.http.cors', 'allowOriginStringMatch'];
  cors?.allowOriginStringMatch?.forEach((origin, i) => {
    addStringMatch(origin, [...path, i], add);
    if (Object.keys(origin).length === 0) add([...path, i], undefined, ['has an origin without a condition', 'set exact, prefix or regex']);
  });
}

function addStringMatch(matcher: StringMatcher | undefined, path: BreachPath, add: Add): void {
  if (matcher?.safeRegex) addRegex(matcher.safeRegex.regex, [...path, 'safeRegex', 'regex'], add);
}

function addRegex(regex: string, path: BreachPath, add: Add): void {
  add(path, regex, envoyRegexObjection(regex));
}
