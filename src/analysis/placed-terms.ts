import type { VirtualService } from './facts/virtual-services';
import { termsOf } from './terms';
import type { TrafficIndex } from './traffic-index';
import { isUnreadable } from './unreadable-fields';
import { ClueIndex } from '../manifest/clue-index';
import { isCovered, takesAnyPath } from '../manifest/covered-terms';
import type { HTTPMatchRequest, HTTPRoute } from '../manifest/istio-specs.generated';
import type { MatchTerm } from '../manifest/match-algebra';
import { cluesOf, factsOf } from '../manifest/term-clues';

/** One item of a route's match list, or the route itself where it has none. */
export interface PlacedTerm {
  readonly object: VirtualService;
  readonly term: MatchTerm;
  readonly path: string;
  readonly route: HTTPRoute;
  /** The place of the route in its VirtualService. */
  readonly place: number;
  /** The match as written. */
  readonly match: HTTPMatchRequest;
}

/** The terms of a VirtualService. A match with an unreadable field is left out: without the field it would take more. */
export function placedTerms(object: VirtualService, index: TrafficIndex): PlacedTerm[] {
  return (object.spec?.http ?? []).flatMap((route, place) => {
    const { match: matches = [] } = route;
    const path = `spec.http[${place}]`;
    const terms = termsOf(route).map((term, m) => ({
      object,
      term,
      route,
      place,
      match: matches[m] ?? {},
      path: matches.length === 0 ? path : `${path}.match[${m}]`,
    }));
    return terms.filter((_, m) => !isUnreadable(index.sourceOf(object), `${path}.match${matches.length === 0 ? '' : `[${m}]`}`, index));
  });
}

/** Terms that may hold later ones. */
export class EarlierTerms<T extends PlacedTerm> {
  private readonly terms = new ClueIndex<T>();

  public add(placed: T): void {
    const { uri, ...rest } = placed.term;
    this.terms.add(placed, cluesOf(takesAnyPath(placed.term) ? rest : placed.term));
  }

  /** The first that was added, of some, that holds a term. */
  public over({ term }: T, isMeant: (other: T) => boolean): T | undefined {
    return this.terms.first(factsOf(term), other => isMeant(other) && isCovered(term, other.term));
  }
}
