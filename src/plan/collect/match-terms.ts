import type { IConstruct } from 'constructs';
import type { ServicePlan } from './service-plan';
import type { MatchTerm } from '../../manifest/condition';
import { consistentTerm } from '../../manifest/match-algebra';
import { statedTerm } from '../../manifest/stated-term';
import type { HttpMatch } from '../../traffic/http-match';
import { httpMatchProblem } from '../../traffic/http-match';
import { fail, refuse } from '../../traffic/problem';

/** The checked alternatives of a match; undefined means every request. `otherwise` is what an author does who means every request. */
export function termsOf(
  at: IConstruct, plan: ServicePlan, matches: readonly HttpMatch[] | undefined, otherwise = 'omit matches',
): readonly MatchTerm[] {
  if (matches === undefined) return [{}];
  if (matches.length === 0) fail(at, 'matches is an empty list, which matches nothing; add a value, or omit it to match every request');
  return matches.map((match, i) => {
    const what = `matches[${i}]`;
    refuse(at, httpMatchProblem(what, match));
    if (match.port !== undefined && !plan.model.httpPorts.includes(match.port)) {
      fail(
        at,
        `${what}.port ${match.port} is not an HTTP port of '${plan.facts.host}'; use one of ${plan.model.httpPorts.join(', ') || 'none'}`,
      );
    }
    if (Object.entries(match).every(([field, value]) => field === 'ignoreUriCase' || isEmpty(value))) {
      fail(at, `matches contains an alternative without conditions, which matches every request; add a condition, or ${otherwise}`);
    }
    return consistent(at, what, match);
  });
}

function isEmpty(value: unknown): boolean {
  return value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}

/** The term of a match whose conditions do not contradict each other. */
function consistent(at: IConstruct, what: string, match: HttpMatch): MatchTerm {
  const all = consistentTerm(statedTerm(match));
  if (all === 'nothing') return fail(at, `${what} contradicts itself, so no request matches it; change headers or withoutHeaders`);
  if ('inexpressible' in all) {
    const headers = Object.keys({ ...match.headers, ...match.withoutHeaders });
    if (!headers.some(name => name.toLowerCase() === 'cookie')) {
      fail(at, `${what}.cookies needs one condition for ${all.inexpressible}; use fewer cookies, or shorter values`);
    }
    return fail(
      at,
      `${what} sets both cookies and headers['cookie'], and Istio has one condition on ${all.inexpressible}; omit one of them`,
    );
  }
  return all.term;
}
