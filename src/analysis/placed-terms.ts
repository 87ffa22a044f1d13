import type { Fields } from './fields';
import { items } from './fields';
import { isCovered, termsOf } from './terms';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import type { MatchTerm } from '../manifest/match-algebra';

/** One item of a rule's match list, or the rule itself where it has none. */
export interface PlacedTerm {
  readonly object: KubernetesObject;
  readonly term: MatchTerm;
  readonly path: string;
  readonly rule: Fields;
  /** The place of the rule among its VirtualService's. */
  readonly place: number;
  /** The match as written. */
  readonly match: Fields;
}

export function placedTerms(object: KubernetesObject): PlacedTerm[] {
  return items(object.spec?.http).flatMap((rule, place) => {
    const matches = items(rule.match);
    return termsOf(rule).map((term, m) => (
      { object, term, rule, place, match: matches[m] ?? {}, path: matches.length === 0 ? `spec.http[${place}]` : `spec.http[${place}].match[${m}]` }));
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
