import type { VirtualService } from './facts/virtual-services';
import { isCovered, termsOf } from './terms';
import type { TrafficIndex } from './traffic-index';
import { isUnreadable } from './unreadable-fields';
import type { HTTPMatchRequest, HTTPRoute } from '../manifest/istio-specs.generated';
import type { MatchTerm } from '../manifest/match-algebra';

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

/** Terms that may hold later ones, found by the paths that these begin with. */
export class EarlierTerms<T extends PlacedTerm> {
  private readonly byPath = new Map<string, T[]>();
  private readonly others: T[] = [];

  public add(placed: T): void {
    const path = pathOf(placed.term);
    const list = path === undefined || path === '/' ? this.others : this.byPath.get(path) ?? [];
    list.push(placed);
    if (list !== this.others) this.byPath.set(path!, list);
  }

  /** The first that was added, of some, that holds a term. */
  public over({ term }: T, isMeant: (other: T) => boolean): T | undefined {
    const holds = (other: T) => isMeant(other) && isCovered(term, other.term);
    const other = this.others.find(holds);
    if (other || this.byPath.size === 0) return other;
    const path = pathOf(term) ?? '';
    for (let length = 1; length <= path.length; length++) {
      const found = this.byPath.get(path.slice(0, length))?.find(holds);
      if (found) return found;
    }
    return undefined;
  }
}

/** The path that a term names, where it is one that is compared letter by letter. */
function pathOf({ uri }: MatchTerm): string | undefined {
  return uri === undefined || uri.ignoreCase === true || uri.regex !== undefined ? undefined : uri.exact ?? uri.prefix;
}
