/** A condition on one part of calls, in words. */
export interface NamedCondition<T> {
  readonly words: string;
  /** The words as an exception from another condition. @default - `words` */
  readonly asException?: string;
  readonly takes: (value: T) => boolean;
}

/** Some values in words: those that meet one of the conditions with these names, or all except those. */
export interface ValueWords {
  readonly names: readonly string[];
  readonly areExcepted: boolean;
}

interface Taken {
  readonly words: string;
  readonly asException: string;
  /** The places of the values. */
  readonly places: readonly number[];
}

const EXCEPT = 'except ';

function lengthOf(names: readonly string[]): number {
  return names.join(' or ').length;
}

/** The values of one part of calls that are tried, and the conditions that tell them apart. */
export class NamedValues<T> {
  private readonly conditions: readonly Taken[];

  constructor(public readonly values: readonly T[], private readonly stated: readonly NamedCondition<T>[] = []) {
    this.conditions = stated
      .map(({ words, asException = words, takes }) => (
        { words, asException, places: values.flatMap((value, place) => (takes(value) ? [place] : [])) }))
      .filter(({ places }) => places.length > 0)
      .sort((a, b) => b.places.length - a.places.length);
  }

  /** The values that a condition leaves, and the same conditions. */
  public where(isKept: (value: T) => boolean): NamedValues<T> {
    return new NamedValues(this.values.filter(isKept), this.stated);
  }

  /** The values at these places in words; undefined where no conditions tell them from the others. */
  public wordsOf(some: ReadonlySet<number>): ValueWords | 'all' | undefined {
    const others = new Set(this.values.keys());
    some.forEach(place => others.delete(place));
    if (others.size === 0) return 'all';
    const [named, excepted] = [some, others].map(places => this.namesOf(places));
    if (named && (!excepted || lengthOf(named) <= lengthOf(excepted) + EXCEPT.length)) return { names: named, areExcepted: false };
    return excepted && { names: excepted, areExcepted: true };
  }

  /** The conditions that take exactly these values, with exceptions where a condition takes too many; undefined if there are none. */
  private namesOf(some: ReadonlySet<number>): readonly string[] | undefined {
    const left = new Set(some);
    const names: string[] = [];
    const take = ({ places }: Taken, words: string) => {
      if (!places.some(place => left.has(place))) return;
      names.push(words);
      places.forEach(place => left.delete(place));
    };
    for (const condition of this.conditions) if (condition.places.every(place => some.has(place))) take(condition, condition.words);
    for (const condition of [...this.conditions].reverse()) {
      const tooMany = new Set(condition.places.filter(place => !some.has(place)));
      const exceptions = coverOf(tooMany, this.conditions);
      if (exceptions) take(condition, `${condition.words} except ${exceptions.map(({ asException }) => asException).join(' and ')}`);
    }
    return left.size === 0 ? names : undefined;
  }
}

/** Conditions that take exactly these values; undefined if there are none. */
function coverOf(some: ReadonlySet<number>, conditions: readonly Taken[]): readonly Taken[] | undefined {
  const left = new Set(some);
  const cover = conditions.filter(({ places }) => {
    const isNeeded = places.every(place => some.has(place)) && places.some(place => left.has(place));
    if (isNeeded) places.forEach(place => left.delete(place));
    return isNeeded;
  });
  return left.size === 0 ? cover : undefined;
}
