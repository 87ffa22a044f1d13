import type { ComparedRoutes } from './compared-routes';
import { EVERY_REQUEST } from './compared-routes';
import type { Arrival } from '../proof/arrival';
import { Budget } from '../proof/budget';
import type { Condition } from '../proof/condition';
import type { OpenQuestion } from '../proof/differences';
import type { RequestSpace } from '../proof/fields';
import { requestSpace } from '../proof/fields';
import { isWithin, overlap } from '../proof/relations';
import { Requests } from '../proof/requests';
import type { Row } from '../proof/route-table';
import { search } from '../proof/search';

/** How many sets are named. */
const NAMED = 3;
/** How many sets are compared with each other, to omit sets within others. */
const COMPARED = 40;
/** Steps for the words of one comparison. The proof is complete at this point, so these steps only shorten the words. */
const STEPS = 500_000;

/** The requests of a pair, in words. */
interface Part {
  readonly pair: OpenQuestion;
  readonly words: string;
  readonly conditions: readonly Condition[];
}

/** Describes briefly which requests pairs of rows share. */
export class RequestWords {
  private readonly space: RequestSpace;

  constructor(private readonly old: ComparedRoutes, private readonly now: ComparedRoutes, arrival: Arrival) {
    this.space = requestSpace(arrival, true, new Budget(STEPS));
  }

  /** The requests of the pairs, except those that earlier rows take. */
  public of(pairs: readonly OpenQuestion[]): string {
    const parts = this.withoutNarrower(unique(pairs.map(pair => this.partOf(pair))));
    const own = new Set(pairs.flatMap(({ before, after }) => [before.key, after.key]));
    if (this.areAll(parts)) return `${EVERY_REQUEST}${exception(this.taken([this.everything()], own))}`;
    const named = parts.length <= NAMED + 1 ? parts : parts.slice(0, NAMED);
    const more = named.length < parts.length ? ` or ${parts.length - named.length} more alternatives` : '';
    return `${named.map(({ words }) => words).join(' or ')}${more}${exception(this.taken(named, own))}`;
  }

  private partOf(pair: OpenQuestion): Part {
    const { before: { key, conditions: old }, after: { key: newKey, conditions: now } } = pair;
    const [a, b] = [this.old.words(pair.before), this.now.words(pair.after)];
    if (key === newKey || isWithin(this.space, now, old)) return { pair, words: b, conditions: now };
    if (isWithin(this.space, old, now)) return { pair, words: a, conditions: old };
    return { pair, words: `${b}, and also ${a}`, conditions: [...old, ...now] };
  }

  private everything(): Part {
    return { pair: { before: this.old.table.last, after: this.now.table.last }, words: EVERY_REQUEST, conditions: [] };
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

  /** The requests of the parts that earlier rows take. At most one more than is named. */
  private taken(parts: readonly Part[], own: ReadonlySet<string>): readonly Part[] {
    const taken: Part[] = [];
    const seen = new Set(own);
    const look = ({ pair, conditions }: Part, row: Row, routes: ComparedRoutes) => {
      for (const earlier of routes.table.near(row)) {
        if (earlier.index >= row.index || taken.length > NAMED) break;
        if (seen.has(earlier.key) || !overlap(this.space, conditions, earlier.conditions)) continue;
        seen.add(earlier.key);
        if (taken.some(other => isWithin(this.space, earlier.conditions, other.conditions))) continue;
        taken.push({ pair, words: routes.words(earlier), conditions: earlier.conditions });
      }
    };
    for (const part of parts) {
      look(part, part.pair.before, this.old);
      look(part, part.pair.after, this.now);
    }
    return taken;
  }
}

function exception(taken: readonly Part[]): string {
  if (taken.length === 0) return '';
  return `, except ${taken.length <= NAMED ? taken.map(({ words }) => words).join(', ') : 'what earlier routes take'}`;
}

function unique(parts: readonly Part[]): readonly Part[] {
  return [...new Map(parts.map(part => [part.words, part])).values()];
}
