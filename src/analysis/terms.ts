import type { HTTPMatchRequest, HTTPRoute, StringMatch } from '../manifest/istio-specs.generated';
import type { MatchTerm } from '../manifest/match-algebra';
import { areDisjoint, isAnyPath, isTermWithin } from '../manifest/match-algebra';

type Conditions = { readonly [name: string]: StringMatch };

function conditionsOf(conditions: Conditions = {}, fold: boolean): Conditions | undefined {
  const found = Object.entries(conditions).map(([name, condition]) => [fold ? name.toLowerCase() : name, condition] as const);
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/** One item of a `match` list in the terms of the algebra. */
export function termOf(match: HTTPMatchRequest): MatchTerm {
  const { uri, ignoreUriCase, port, sourceLabels, sourceNamespace } = match;
  const term: { -readonly [K in keyof MatchTerm]: MatchTerm[K] } = {};
  if (uri) term.uri = ignoreUriCase ? { ...uri, ignoreCase: true } : uri;
  for (const field of ['scheme', 'method', 'authority'] as const) if (match[field]) term[field] = match[field];
  for (const field of ['headers', 'withoutHeaders', 'queryParams'] as const) {
    const conditions = conditionsOf(match[field], field !== 'queryParams');
    if (conditions) term[field] = conditions;
  }
  if (port !== undefined) term.port = port;
  if (sourceLabels) term.sourceLabels = sourceLabels;
  if (sourceNamespace) term.sourceNamespace = sourceNamespace;
  return term;
}

/** Whether a term names a path, and takes every one. */
export function takesAnyPath({ uri }: MatchTerm): boolean {
  return uri !== undefined && (isAnyPath(uri) || uri.regex === '.*');
}

/** What a route takes: one of some terms; without `match` everything. */
export function termsOf({ match: matches = [] }: HTTPRoute): readonly MatchTerm[] {
  return matches.length === 0 ? [{}] : matches.map(termOf);
}

/** Whether every request of one term meets the other; a regex that cannot be read counts as unlike any other. */
export function isCovered(inner: MatchTerm, outer: MatchTerm): boolean {
  const { uri, ...rest } = outer;
  try {
    return isTermWithin(inner, takesAnyPath(outer) ? rest : outer);
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
  return {
    ...(sourceLabels && { sourceLabels }),
    ...(sourceNamespace !== undefined && { sourceNamespace }),
    ...(port !== undefined && { port }),
  };
}

/** Whether a term asks for something beyond the caller and the port. */
function asksMoreThanCaller(term: MatchTerm): boolean {
  return Object.keys(term).some(field => !['sourceLabels', 'sourceNamespace', 'port'].includes(field));
}

/** Whether Istio puts a route last on a gateway and ends with it on a sidecar: it takes every request. */
export function isCatchAll(term: MatchTerm): boolean {
  const { uri, ...rest } = term;
  return !asksMoreThanCaller(rest) && (uri === undefined || uri.prefix === '/' || uri.regex === '.*'
    || (uri.exact === undefined && uri.prefix === undefined && uri.regex === undefined));
}
