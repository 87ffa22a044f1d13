import type { IConstruct } from 'constructs';
import type { ServicePlan } from './service-plan';
import type { MatchTerm } from '../manifest/match-algebra';
import type { StringCondition } from '../manifest/string-condition';
import type { HttpMatch } from '../traffic/http-match';
import { httpMatchProblem } from '../traffic/http-match';
import { fail, refuse } from '../traffic/problem';
import type { StringMatch } from '../traffic/string-match';
import { istioStringMatch } from '../traffic/string-match';

/** The alternatives of a match, checked; none stated means every request. */
export function termsOf(at: IConstruct, plan: ServicePlan, matches: readonly HttpMatch[] | undefined): readonly MatchTerm[] {
  if (matches === undefined) return [{}];
  if (matches.length === 0) fail(at, 'matches is an empty list, of which no alternative can hold; state one, or leave it out to match every request');
  return matches.map((match, i) => {
    const what = `matches[${i}]`;
    refuse(at, httpMatchProblem(what, match));
    if (match.port !== undefined && !plan.httpPorts.includes(match.port)) {
      fail(at, `${what}.port ${match.port} is not an HTTP port of '${plan.facts.host}'; use one of ${plan.httpPorts.join(', ') || 'none'}`);
    }
    return termOf(match);
  });
}

function termOf(match: HttpMatch): MatchTerm {
  const text = (value: StringMatch | undefined) => value && istioStringMatch(value);
  const map = (values: { readonly [name: string]: StringMatch } | undefined, fold: boolean) => {
    const entries = Object.entries(values ?? {})
      .map(([name, value]): [string, StringCondition] => [fold ? name.toLowerCase() : name, istioStringMatch(value)]);
    return entries.length > 0 ? Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))) : undefined;
  };
  const term: MatchTerm = {
    uri: match.uri && { ...istioStringMatch(match.uri), ...(match.ignoreUriCase && match.uri.kind !== 'regex' ? { ignoreCase: true } : {}) },
    scheme: text(match.scheme),
    method: text(match.method),
    authority: text(match.authority),
    headers: map(match.headers, true),
    withoutHeaders: map(match.withoutHeaders, true),
    queryParams: map(match.queryParams, false),
    cookies: map(match.cookies, false),
    port: match.port,
    sourceLabels: match.sourceLabels,
    sourceNamespace: match.sourceNamespace,
  };
  return Object.fromEntries(Object.entries(term).filter(([, value]) => value !== undefined));
}
