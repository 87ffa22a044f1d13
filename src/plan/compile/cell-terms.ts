import type { MatchTerm } from '../../manifest/condition';
import { conjunction, isTermWithin } from '../../manifest/match-algebra';
import type { CohortStatement, Decoration, RouteStatement } from '../model/statements';
import { targetName } from '../model/target';

/** A statement for one audience, with the alternatives that requests of this audience can meet. */
export interface Present<T extends RouteStatement | CohortStatement> {
  readonly statement: T;
  readonly terms: readonly MatchTerm[];
}

/** One alternative of a cell. */
export interface CellTerm {
  readonly term: MatchTerm;
  /** The alternative of the route, to which its rewrite applies. */
  readonly matched: MatchTerm;
  readonly problem?: string;
}

/** The alternatives of a route on its own. */
export function termsOfRoute(route: Present<RouteStatement>): readonly CellTerm[] {
  return route.terms.map(term => ({ term, matched: term }));
}

/** The conjunction of the terms and the alternatives. The error names `other` if Istio cannot express both. */
function narrowed(
  terms: readonly CellTerm[],
  alternatives: readonly MatchTerm[],
  route: RouteStatement,
  other: () => string,
): readonly CellTerm[] {
  return terms.flatMap(cell => alternatives.flatMap((alternative): CellTerm[] => {
    if (cell.problem !== undefined) return [cell];
    const result = conjunction(cell.term, alternative);
    if (result === 'nothing') return [];
    return 'term' in result ? [{ term: result.term, matched: cell.matched }] : [{
      term: {},
      matched: cell.matched,
      problem: `route ${route.path} and ${other()} cannot be combined: Istio has one condition `
        + `on ${result.inexpressible}; use an exact value in one of them, or combine both in one match`,
    }];
  }));
}

/** The part of a route that a cohort matches. */
export function termsOfCohort(route: Present<RouteStatement>, cohort: Present<CohortStatement>): readonly CellTerm[] {
  const { path, target } = cohort.statement;
  return narrowed(termsOfRoute(route), cohort.terms, route.statement, () => `cohort ${path} (to ${targetName(target)})`);
}

/** The part of a cell whose requests carry a cookie. */
export function termsWithCookie(
  terms: readonly CellTerm[],
  route: RouteStatement,
  by: string,
  name: string,
  value: string,
): readonly CellTerm[] {
  return narrowed(terms, [{ cookies: { [name]: { exact: value } } }], route, () => `the sticky cookie '${name}' of ${by}`);
}

/** The part of a cell that meets the conditions of all these decorations. */
export function termsWithConditions(
  terms: readonly CellTerm[],
  route: RouteStatement,
  conditioned: readonly Decoration[],
): readonly CellTerm[] {
  return conditioned.reduce((left, { condition, path }) => narrowed(left, condition!.terms, route, () => `the matches of ${path}`), terms);
}

/**
 * Alternatives without those that are contained in another one; only in an earlier one, if the alternative determines what a rewrite
 * replaces.
 */
export function distinct(terms: readonly MatchTerm[], rewritten: boolean): readonly MatchTerm[] {
  if (terms.length === 1) return terms;
  return terms.filter((term, i) => !terms.some((other, j) =>
    i !== j && (j < i || !rewritten) && isTermWithin(term, other) && (!isTermWithin(other, term) || j < i)));
}
