import { addToGroup } from './group-by';
import { PrefixMap } from './prefix-map';

/** A condition of a value on a look-up: the string at a place, or a prefix of that string. */
export interface Clue {
  readonly place: string;
  readonly is: 'equal' | 'prefix';
  readonly value: string;
}

/** What a look-up knows: a string at a place. It finds the values whose condition is this string or a prefix of it. */
export type Fact = Clue;

interface Filed<T> {
  readonly value: T;
  readonly number: number;
}

/**
 * Values by their clues. A look-up sees only values with a matching clue, so it need not compare all. Each value is filed under the clue
 * that the fewest others use.
 */
export class ClueIndex<T> {
  private readonly equal = new Map<string, Filed<T>[]>();
  private readonly prefixes = new Map<string, PrefixMap<Filed<T>>>();
  private readonly everywhere: Filed<T>[] = [];
  private count = 0;

  /** Adds a value with its clues. A look-up for it has at least one clue of each list. Without lists, all look-ups see the value. */
  public add(value: T, clues: readonly (readonly Clue[])[]): void {
    const filed = { value, number: this.count++ };
    if (clues.length === 0) this.everywhere.push(filed);
    else for (const clue of this.leastUsed(clues)) this.file(clue, filed);
  }

  /** The first added value that `holds`, among those that match the facts. */
  public first(facts: readonly Fact[], holds: (value: T) => boolean): T | undefined {
    let first: Filed<T> | undefined;
    this.visit(facts, list => {
      for (const filed of list) {
        if (first && filed.number >= first.number) return;
        if (holds(filed.value)) first = filed;
      }
    });
    return first?.value;
  }

  /** All values that `hold`, among those that match the facts, in the order in which they were added. */
  public all(facts: readonly Fact[], holds: (value: T) => boolean): T[] {
    const found = new Map<number, T>();
    this.visit(facts, list => {
      for (const { number, value } of list) if (holds(value)) found.set(number, value);
    });
    return [...found].sort(([a], [b]) => a - b).map(([, value]) => value);
  }

  private visit(facts: readonly Fact[], visitor: (list: readonly Filed<T>[]) => void): void {
    visitor(this.everywhere);
    for (const { place, is, value } of facts) {
      if (is === 'equal') visitor(this.equal.get(keyOf(place, value)) ?? []);
      else this.prefixes.get(place)?.over(value, visitor);
    }
  }

  private file({ place, is, value }: Clue, filed: Filed<T>): void {
    if (is === 'equal') {
      addToGroup(this.equal, keyOf(place, value), filed);
      return;
    }
    let prefixes = this.prefixes.get(place);
    if (!prefixes) this.prefixes.set(place, prefixes = new PrefixMap());
    prefixes.add(value, filed);
  }

  private leastUsed(clues: readonly (readonly Clue[])[]): readonly Clue[] {
    if (clues.length === 1) return clues[0];
    const uses = (all: readonly Clue[]) => Math.max(...all.map(clue => this.usesOf(clue)));
    return clues.reduce((best, next) => (uses(next) < uses(best) ? next : best));
  }

  private usesOf({ place, is, value }: Clue): number {
    return (is === 'equal' ? this.equal.get(keyOf(place, value)) : this.prefixes.get(place)?.of(value))?.length ?? 0;
  }
}

function keyOf(place: string, value: string): string {
  return `${place}=${value}`;
}
