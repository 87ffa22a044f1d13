import type { IConstruct } from 'constructs';
import type { ServicePlan } from './service-plan';
import type { MatchTerm } from '../../manifest/match-algebra';
import { conjunction } from '../../manifest/match-algebra';
import type { StringCondition } from '../../manifest/string-condition';
import type { HttpMatch } from '../../traffic/http-match';
import { httpMatchProblem } from '../../traffic/http-match';
import { fail, refuse } from '../../traffic/problem';
import type { StringMatch } from '../../traffic/string-match';
import { istioStringMatch } from '../../traffic/string-match';

/** The checked alternatives of a match; undefined means every request. */
export function termsOf(at: IConstruct, plan: ServicePlan, matches: readonly HttpMatch[] | undefined): readonly MatchTerm[] {
  if (matches === undefined) return [{}];
  if (matches.length === 0) fail(at, 'matches is an empty list, which matches nothing; add a value, or omit it to match every request');
  return matches.map((match, i) => {
    const what = `matches[${i}]`;
    refuse(at, httpMatchProblem(what, match));
    if (match.port !== undefined && !plan.model.httpPorts.includes(match.port)) {
      fail(at, `${what}.port ${match.port} is not an HTTP port of '${plan.facts.host}'; use one of ${plan.model.httpPorts.join(', ') || 'none'}`);
    }
    return consistent(at, what, termOf(match));
  });
}

/**
 * The term with one condition per header. Cookies share the header `cookie`, and a header that must be absent can contradict one that must
 * be present.
 */
function consistent(at: IConstruct, what: string, term: MatchTerm): MatchTerm {
  const { cookies, withoutHeaders, ...rest } = term;
  if (!(cookies && term.headers && Object.hasOwn(term.headers, 'cookie')) && !withoutHeaders) return term;
  const there = cookies ? conjunction(rest, { cookies }) : { term: rest };
  const all = typeof there === 'string' || 'unstatable' in there || !withoutHeaders ? there : conjunction(there.term, { withoutHeaders });
  if (all === 'nothing') return fail(at, `${what} contradicts itself, so no request matches it; change headers or withoutHeaders`);
  if ('unstatable' in all) {
    return fail(at, `${what} sets both cookies and headers['cookie'], and Istio has one condition on ${all.unstatable}; omit one of them`);
  }
  return all.term;
}

const TEXTS = ['scheme', 'method', 'authority'] as const;
const MAPS = ['headers', 'withoutHeaders', 'queryParams', 'cookies'] as const;

function termOf(match: HttpMatch): MatchTerm {
  const term: { -readonly [K in keyof MatchTerm]: MatchTerm[K] } = {};
  if (match.uri) {
    const uri = istioStringMatch(match.uri);
    // The prefix '/' is not a condition. A regex for every path stays, because a rewrite then replaces the whole path.
    if (uri.prefix !== '/') term.uri = match.ignoreUriCase && match.uri.kind !== 'regex' ? { ...uri, ignoreCase: true } : uri;
  }
  for (const field of TEXTS) {
    const value = match[field];
    if (value) term[field] = istioStringMatch(value);
  }
  for (const field of MAPS) {
    const conditions = match[field] && conditionsOf(match[field], field === 'headers' || field === 'withoutHeaders');
    if (conditions) term[field] = conditions;
  }
  if (match.port !== undefined) term.port = match.port;
  if (match.sourceLabels) term.sourceLabels = match.sourceLabels;
  if (match.sourceNamespace !== undefined) term.sourceNamespace = match.sourceNamespace;
  return term;
}

/** Sorted by name; header names in lower case, as in HTTP/2. */
function conditionsOf(matches: { readonly [name: string]: StringMatch }, fold: boolean): MatchTerm['headers'] {
  const names = Object.keys(matches).sort();
  if (names.length === 0) return undefined;
  const conditions: { [name: string]: StringCondition } = {};
  for (const name of names) conditions[fold ? name.toLowerCase() : name] = istioStringMatch(matches[name]);
  return conditions;
}
