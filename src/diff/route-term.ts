import { stableJson } from './stable-json';
import type { Json, Route } from '../envoy/proxy-config';
import type { MatchTerm } from '../manifest/match-algebra';
import { canonicalText, conjunction, isTermWithin } from '../manifest/match-algebra';
import type { PathCondition, StringCondition } from '../manifest/string-condition';

/** Which requests a route of Envoy takes: what the algebra of matches can compute with, and the rest as text. */
export interface RouteTerm {
  readonly term: MatchTerm;
  /** Conditions that the algebra does not know; empty where there are none. */
  readonly rest: string;
  /** Equal for equal conditions, however they were written. */
  readonly key: string;
}

const PSEUDO_HEADERS: { readonly [name: string]: 'method' | 'scheme' | 'authority' } = { ':method': 'method', ':scheme': 'scheme', ':authority': 'authority' };

export function routeTermOf({ match }: Route): RouteTerm {
  const { prefix, path, safeRegex, caseSensitive, headers, queryParameters, ...others } = match;
  const term: { -readonly [K in keyof MatchTerm]: MatchTerm[K] } = {};
  const rest: Json[] = Object.keys(others).length > 0 ? [others] : [];
  const uri = pathCondition(prefix, path, safeRegex, caseSensitive === false);
  if (uri) term.uri = uri;
  const [present, absent, params] = [emptyMap(), emptyMap(), emptyMap()];
  for (const header of headers ?? []) {
    const condition = stringCondition(header);
    if (!condition) rest.push(header);
    else if (header.invertMatch) absent[header.name.toLowerCase()] = condition;
    else if (Object.hasOwn(PSEUDO_HEADERS, header.name)) term[PSEUDO_HEADERS[header.name]] = condition;
    else present[header.name.toLowerCase()] = condition;
  }
  for (const parameter of queryParameters ?? []) {
    const condition = stringCondition(parameter);
    if (condition) params[parameter.name] = condition;
    else rest.push(parameter);
  }
  if (Object.keys(present).length > 0) term.headers = present;
  if (Object.keys(absent).length > 0) term.withoutHeaders = absent;
  if (Object.keys(params).length > 0) term.queryParams = params;
  const restText = rest.length > 0 ? stableJson(rest) : '';
  return { term, rest: restText, key: `${canonicalText(term)}${restText}` };
}

/** Whether every request of `a` is known to meet `b`. */
export function isWithin(a: RouteTerm, b: RouteTerm): boolean {
  return (b.rest === '' || a.rest === b.rest) && isTermWithin(a.term, b.term);
}

/** Whether no request is known to meet both. */
export function areDisjoint(a: RouteTerm, b: RouteTerm): boolean {
  return conjunction(a.term, b.term) === 'nothing';
}

function emptyMap(): { [name: string]: StringCondition } {
  return Object.create(null); // a header may be named __proto__
}

function pathCondition(prefix: Json, path: Json, safeRegex: Json, ignoreCase: boolean): PathCondition | undefined {
  const folded = ignoreCase ? { ignoreCase } : {};
  if (path !== undefined) return { exact: path, ...folded };
  if (safeRegex) return { regex: safeRegex.regex };
  return prefix === undefined || prefix === '/' || prefix === '' ? undefined : { prefix, ...folded };
}

/** A header's or parameter's condition, if the algebra knows it. */
function stringCondition(match: Json): StringCondition | undefined {
  const { name: _, stringMatch, presentMatch, invertMatch, treatMissingHeaderAsEmpty, ...others } = match;
  // Istio states absence by presence turned round, and `not this value` by the value turned round, a missing header counting as empty.
  if (Object.keys(others).length > 0 || (treatMissingHeaderAsEmpty && !invertMatch)) return undefined;
  if (presentMatch === true) return {};
  if (!stringMatch) return undefined;
  const { exact, prefix, safeRegex, ...unknown } = stringMatch;
  if (Object.keys(unknown).length > 0) return undefined;
  if (safeRegex) return { regex: safeRegex.regex };
  return exact !== undefined ? { exact } : prefix !== undefined ? { prefix } : undefined;
}
