import type { Fields } from './fields';
import { entries, isObject, items } from './fields';
import type { MatchTerm } from '../manifest/match-algebra';
import { areDisjoint, isAnyPath, isTermWithin } from '../manifest/match-algebra';
import type { StringCondition } from '../manifest/string-condition';

function conditionsOf(value: Fields, fold: boolean): { readonly [name: string]: StringCondition } | undefined {
  const found = entries(value).map(([name, condition]) => [fold ? name.toLowerCase() : name, isObject(condition) ? condition : {}] as const);
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/** One item of a `match` list in the terms of the algebra. */
export function termOf(match: Fields): MatchTerm {
  const term: { -readonly [K in keyof MatchTerm]: MatchTerm[K] } = {};
  if (isObject(match.uri)) term.uri = match.ignoreUriCase === true ? { ...match.uri, ignoreCase: true } : match.uri;
  for (const field of ['scheme', 'method', 'authority'] as const) if (isObject(match[field])) term[field] = match[field];
  for (const field of ['headers', 'withoutHeaders', 'queryParams'] as const) {
    const conditions = conditionsOf(match[field], field !== 'queryParams');
    if (conditions) term[field] = conditions;
  }
  if (match.port !== undefined) term.port = Number(match.port);
  if (isObject(match.sourceLabels)) term.sourceLabels = match.sourceLabels as { readonly [name: string]: string };
  if (typeof match.sourceNamespace === 'string' && match.sourceNamespace !== '') term.sourceNamespace = match.sourceNamespace;
  return term;
}

/** What a rule takes: one of some terms; without `match` everything. */
export function termsOf(rule: Fields): readonly MatchTerm[] {
  const matches = items(rule.match);
  return matches.length === 0 ? [{}] : matches.map(termOf);
}

/** Whether every request of one term meets the other; a regex that nobody can read counts as unlike any other. */
export function isCovered(inner: MatchTerm, outer: MatchTerm): boolean {
  const { uri, ...rest } = outer;
  try {
    return isTermWithin(inner, uri && (isAnyPath(uri) || uri.regex === '.*') ? rest : outer);
  } catch {
    return false;
  }
}

/** Whether no request meets both. */
export function areApart(some: readonly MatchTerm[], others: readonly MatchTerm[]): boolean {
  try {
    return areDisjoint(some, others);
  } catch {
    return false;
  }
}

/** Only what a proxy knows of itself: from whom it sends, and at which port. */
export function callerOf({ sourceLabels, sourceNamespace, port }: MatchTerm): MatchTerm {
  return { ...(sourceLabels && { sourceLabels }), ...(sourceNamespace !== undefined && { sourceNamespace }), ...(port !== undefined && { port }) };
}

/** Whether a term asks for something beyond the caller and the port. */
function asksMoreThanCaller(term: MatchTerm): boolean {
  return Object.keys(term).some(field => !['sourceLabels', 'sourceNamespace', 'port'].includes(field));
}

/** Whether Istio puts a rule last on a gateway and ends with it on a sidecar: it takes every request. */
export function isCatchAll(term: MatchTerm): boolean {
  const { uri, ...rest } = term;
  return !asksMoreThanCaller(rest) && (uri === undefined || uri.prefix === '/' || uri.regex === '.*' || (uri.exact === undefined && uri.prefix === undefined && uri.regex === undefined));
}
