import type { ComparedRoutes } from './compared-routes';
import { EVERY_REQUEST } from './compared-routes';
import { Budget } from '../proof/budget';
import type { Condition } from '../proof/condition';
import type { OpenQuestion } from '../proof/differences';
import type { Arrival, RequestSpace } from '../proof/fields';
import { requestSpace } from '../proof/fields';
import { isWithin, overlap } from '../proof/relations';
import { Requests } from '../proof/requests';
import type { Row } from '../proof/route-table';
import { search } from '../proof/search';

/** How many sets are named one by one. */
const NAMED = 3;
/** So many sets are compared with each other, to name none that is part of another. */
const COMPARED = 40;
/** Steps for the words of one comparison. They hold what is proven, and so need no more than this. */
const STEPS = 500_000;

/** Some requests, in words. */
interface Part {
  readonly words: string;
  readonly conditions: readonly Condition[];
}

/** Names the requests that pairs of rows share, as briefly as it goes. */
export class RequestWords {
  private readonly space: RequestSpace;

  constructor(private readonly old: ComparedRoutes, private readonly now: ComparedRoutes, arrival: Arrival) {
    this.space = requestSpace(arrival, true, new Budget(STEPS));
  }

  /** The requests of some pairs, without those that earlier rows take. */
  public of(pairs: readonly OpenQuestion[]): string {
    const parts = this.withoutNarrower(unique(pairs.map(pair => this.partOf(pair))));
    const named = this.areAll(parts) ? [{ words: EVERY_REQUEST, conditions: [] }] : parts;
    const list = named.length <= NAMED + 1 ? named.map(({ words }) => words).join(' or ')
      : `${named.slice(0, NAMED).map(({ words }) => words).join(' or ')} or ${named.length - NAMED} more alternatives`;
    const taken = this.takenEarlier(pairs, named);
    if (taken.length === 0) return list;
    return `${list}, except ${taken.length <= NAMED ? taken.map(({ words }) => words).join(', ') : 'what earlier routes take'}`;
  }

  private partOf({ before, after }: OpenQuestion): Part {
    const [a, b] = [this.old.words(before), this.now.words(after)];
    if (before.key === after.key || isWithin(this.space, after.conditions, before.conditions)) return { words: b, conditions: after.conditions };
    if (isWithin(this.space, before.conditions, after.conditions)) return { words: a, conditions: before.conditions };
    return { words: `${b}, and also ${a}`, conditions: [...before.conditions, ...after.conditions] };
  }

  private withoutNarrower(parts: readonly Part[]): readonly Part[] {
    if (parts.length === 1 || parts.length > COMPARED) return parts;
    return parts.filter((part, i) => !parts.some((other, j) => i !== j && isWithin(this.space, part.conditions, other.conditions)
      && (j < i || !isWithin(this.space, other.conditions, part.conditions))));
  }

  private areAll(parts: readonly Part[]): boolean {
    const objection = (requests: Requests) => parts.find(({ conditions }) => conditions.every(c => requests.meets(c)))?.conditions;
    return parts.length > 1 && search(this.space, new Requests(this.space), objection) === 'none';
  }

  /** What rows before those of the pairs take of the parts; one more than is named where there are many. */
  private takenEarlier(pairs: readonly OpenQuestion[], parts: readonly Part[]): readonly Part[] {
    const own = new Set(pairs.flatMap(({ before, after }) => [before.key, after.key]));
    const taken: Part[] = [];
    const seen = new Set<string>();
    const look = (row: Row, routes: ComparedRoutes) => {
      for (const earlier of routes.table.near(row)) {
        if (earlier.index >= row.index || taken.length > NAMED) break;
        if (own.has(earlier.key) || seen.has(earlier.key)) continue;
        seen.add(earlier.key);
        const { conditions } = earlier;
        if (!parts.some(part => overlap(this.space, part.conditions, conditions))) continue;
        if (taken.some(other => isWithin(this.space, conditions, other.conditions))) continue;
        taken.push({ words: routes.words(earlier), conditions });
      }
    };
    for (const { before, after } of pairs) {
      look(before, this.old);
      look(after, this.now);
    }
    return taken;
  }
}

function unique(parts: readonly Part[]): readonly Part[] {
  return [...new Map(parts.map(part => [part.words, part])).values()];
}
